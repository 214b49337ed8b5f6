"""P12: the page that splits money of nobody known over several customers (ADR-0029)."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any
from uuid import UUID

from shared.testing import ADMIN, confirmed

STRAY, CLOSED = UUID(int=0xE01), UUID(int=0xE03)
SITI = "00000000-0000-0000-0000-0000000003e8"
BILL = "00000000-0000-0000-0000-000000000834"


async def page(call_as: Any, address: str) -> str:
    answer = await call_as(confirmed(ADMIN)).get(f"/exceptions/{address}")
    assert answer.status_code == 200
    return str(answer.text)


class TestThePage:
    async def test_it_offers_the_bills_of_everybody_who_is_suggested(self, call_as: Any) -> None:
        html = await page(call_as, f"{STRAY}?act=split")

        assert html.count("<details class") >= 2
        assert f'name="shown" value="{SITI} ' in html
        assert f'<option value="{SITI}">Ibu Siti Nurhaliza</option>' in html
        assert 'data-left-of="500000">Rp500.000<' in html

    async def test_who_gets_something_stays_while_another_is_looked_for(
        self, send: Any, company: Any
    ) -> None:
        typed = {f"invoice_{BILL}": "200.000", "shown": SITI, "search": "dadang", "look": "1"}

        answer = await send(STRAY, "split", **typed)

        html = answer.text
        assert answer.status_code == 200
        assert company.sent(f"POST /exceptions/{STRAY}/resolve") == []
        assert f'name="shown" value="{SITI} ' in html
        assert "Bapak Dadang Hermawan</span>" in html
        assert re.search(rf'name="invoice_{BILL}"[^>]*value="200.000"', html)
        assert 'data-left-of="500000">Rp300.000<' in html
        assert 'name="idempotency_key" value="kunci-halaman"' in html

    async def test_whoever_gets_nothing_goes_when_another_is_looked_for(
        self, send: Any, company: Any
    ) -> None:
        company.answers["GET /customers"] = {"items": []}

        answer = await send(STRAY, "split", shown=SITI, search="nobody", look="1")

        assert "Belum ada pelanggan untuk dibagi" in answer.text

    async def test_a_refused_rest_is_asked_for_at_its_field(self, send: Any, company: Any) -> None:
        words = "Masih tersisa Rp300.000. Pilih pelanggan."
        problem = {"detail": words, "errors": [{"field": "customer_id", "message": words}]}
        company.answers[f"POST /exceptions/{STRAY}/resolve"] = [422, problem]
        typed = {f"invoice_{BILL}": "200.000", "shown": SITI, "customer_id": ""}

        answer = await send(STRAY, "split", **typed)

        assert answer.status_code == 422
        assert 'id="e-customer_id"' in answer.text
        assert re.search(rf'name="invoice_{BILL}"[^>]*value="200.000"', answer.text)

    async def test_an_id_that_is_none_is_asked_of_nobody(self, send: Any, company: Any) -> None:
        answer = await send(STRAY, "split", shown="../payments", look="1")

        assert answer.status_code == 200
        assert not [path for _, path, _, _ in company.asked if ".." in path]

    async def test_a_split_matter_names_each_part_with_its_bills(
        self, call_as: Any, company: Any
    ) -> None:
        answers = company.answers
        split = deepcopy(answers[f"GET /exceptions/{CLOSED}"])
        paid = {"invoice_id": BILL, "invoice_number": "INV/2026/11/000090", "amount_idr": 200_000}
        split["payment"] = answers[f"GET /exceptions/{STRAY}"]["payment"] | {
            "unallocated_idr": 0,
            "parts": [
                {
                    "id": BILL,
                    "customer": {"id": SITI, "name": "Ibu Siti Nurhaliza"},
                    "amount_idr": 300_000,
                    "allocations": [paid],
                    "unallocated_idr": 100_000,
                }
            ],
        }
        answers[f"GET /exceptions/{CLOSED}"] = split

        html = await page(call_as, f"{CLOSED}")

        assert re.search(
            rf'href="/customers/{SITI}">Ibu Siti Nurhaliza</a> .*Rp300.000.*INV/2026/11/000090'
            ".*Rp200.000.*titipan .*Rp100.000",
            html,
        )
