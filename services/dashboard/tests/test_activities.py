"""P4 and section 5: what happened, in one stream of sentences, for whoever may see the thing."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest

from shared.testing import WAWAN

MAHMUD, INVOICE, BOOKING, ACCOUNT = UUID(int=42), UUID(int=2003), UUID(int=118), UUID(int=0xD01)
NOBODY = UUID(int=0xFFFF)
MOVED = "Ibu Ratna memindahkan pelanggan: Marketing dari Ibu Sari menjadi Bapak Wawan"


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


class TestTheStream:
    async def test_p4_the_customers_tab_tells_it_by_day_in_sentences(self, call_as: Any) -> None:
        shown = text_of((await call_as(WAWAN).get(f"/customers/{MAHMUD}/activity")).text)

        assert "Rabu, 9 Desember 2026" in shown
        assert MOVED in shown
        assert "BNI memberitahukan pembayaran Rp1.250.000" in shown
        assert "13.12.00 WIB · Bank" in shown
        assert "No. HP 0856-1101-133 menjadi 0812-3456-7890" in shown

    async def test_p4_one_change_is_one_sentence(self, call_as: Any, company: Any) -> None:
        row = company.answers["GET /activities"]["items"][0]
        phone = {"before": {"phone": "+628561101133"}, "after": {"phone": "+6281234567890"}}
        company.answers["GET /activities"] = {"items": [{**row, **phone}]}

        shown = text_of((await call_as(WAWAN).get(f"/customers/{MAHMUD}/activity")).text)

        assert "Wawan mengubah No. HP dari 0856-1101-133 menjadi 0812-3456-7890" in shown

    async def test_p4_kinds_and_older_days_are_addresses(self, call_as: Any) -> None:
        html = (await call_as(WAWAN).get(f"/activity?invoice={INVOICE}&kind=payment")).text

        assert f'href="/activity?invoice={INVOICE}&amp;kind=message"' in html
        assert f'href="/activity?invoice={INVOICE}&amp;kind=payment&amp;cursor=older"' in html

    @pytest.mark.parametrize(
        ("page", "about"),
        [
            (f"/invoices/{INVOICE}", f"invoice={INVOICE}"),
            (f"/bookings/{BOOKING}", f"booking={BOOKING}"),
            (f"/virtual-accounts/{ACCOUNT}", f"account={ACCOUNT}"),
        ],
    )
    async def test_p4_bills_bookings_and_accounts_lead_to_theirs(
        self, call_as: Any, page: str, about: str
    ) -> None:
        assert f'href="/activity?{about}"' in (await call_as(WAWAN).get(page)).text
        assert (await call_as(WAWAN).get(f"/activity?{about}")).status_code == 200

    @pytest.mark.parametrize("name", ["invoice", "booking", "account", "payment", "customer"])
    async def test_a7_what_is_not_his_is_not_found(self, call_as: Any, name: str) -> None:
        assert (await call_as(WAWAN).get(f"/activity?{name}={NOBODY}")).status_code == 404
        assert (await call_as(WAWAN).get(f"/activity?{name}=x")).status_code == 404

    async def test_r7_a_page_stands_without_it(self, call_as: Any, company: Any) -> None:
        del company.answers["GET /activities"]

        answer = await call_as(WAWAN).get(f"/customers/{MAHMUD}/activity")

        assert answer.status_code == 200
        assert "Aktivitas belum dapat dimuat" in text_of(answer.text)
