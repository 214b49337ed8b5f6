"""Whose virtual account a booking is paid to (ADR-0014), and credit on the bill it paid (M6)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest

from shared.testing import WAWAN

MAHMUD, PRODUCT, BOOKING, DRAFT = UUID(int=42), UUID(int=700), UUID(int=118), UUID(int=119)
PAID = UUID(int=2002)
NEW = f"/bookings/new?customer={MAHMUD}&product={PRODUCT}"
FORM = {"content-type": "application/x-www-form-urlencoded"}
CONTRACT = "satu untuk semua tagihan kontrak ini"


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def change(company: Any, key: str, **changed: Any) -> None:
    company.answers[key] = {**company.answers[key], **changed}


class TestWhoseAccount:
    async def test_it_is_chosen_with_the_scheme_and_kept_to_the_review(
        self, call_as: Any, company: Any
    ) -> None:
        change(company, "POST /plans/preview", va_mode="contract")

        scheme = (await call_as(WAWAN).get(f"{NEW}&va_mode=contract&step=scheme")).text
        review = (await call_as(WAWAN).get(f"{NEW}&va_mode=contract&step=review")).text

        assert '<option value="contract" selected>Satu VA untuk kontrak ini</option>' in scheme
        assert CONTRACT in text_of(scheme)
        assert CONTRACT in text_of(review)
        assert '<input type="hidden" name="va_mode" value="contract">' in review
        asked = company.sent("POST /plans/preview")
        assert {body["plan"]["va_mode"] for _, body in asked} == {"contract"}

    async def test_without_a_choice_the_rule_of_the_house_is_said(
        self, call_as: Any, company: Any
    ) -> None:
        change(company, "POST /plans/preview", va_mode="invoice")

        shown = text_of((await call_as(WAWAN).get(f"{NEW}&step=scheme")).text)

        assert "Nomor VA: sendiri tiap tagihan, dibayar tepat sekali." in shown
        (_, body), *_ = company.sent("POST /plans/preview")
        assert "va_mode" not in body["plan"]

    async def test_the_booking_carries_what_was_agreed(self, call_as: Any, company: Any) -> None:
        typed = {
            "customer": str(MAHMUD),
            "product": str(PRODUCT),
            "kind": "cash",
            "due_on": "2027-01-10",
            "va_mode": "customer",
            "idempotency_key": "key-of-the-form",
            "act": "draft",
        }

        await call_as(WAWAN).call(
            "POST", "/bookings", content=urlencode(typed).encode(), headers=FORM
        )

        [(_, body)] = company.sent("POST /bookings")
        assert body["plan"] == {"kind": "cash", "due_on": "2027-01-10", "va_mode": "customer"}

    async def test_the_page_of_a_booking_says_it_before_and_after_the_plan_is_made(
        self, call_as: Any, company: Any
    ) -> None:
        plans = company.answers["GET /plans"]["items"]
        company.answers["GET /plans"] = {"items": [{**plans[0], "va_mode": "contract"}]}
        change(company, "POST /plans/preview", va_mode="customer")
        terms = company.answers[f"GET /bookings/{DRAFT}"]["plan"] | {"va_mode": "customer"}
        change(company, f"GET /bookings/{DRAFT}", plan=terms)

        made = text_of((await call_as(WAWAN).get(f"/bookings/{BOOKING}")).text)
        draft = text_of((await call_as(WAWAN).get(f"/bookings/{DRAFT}")).text)

        assert CONTRACT in made
        assert "tetap milik pelanggan untuk semua tagihannya" in draft
        assert company.sent("POST /plans/preview")[-1][1]["plan"]["va_mode"] == "customer"


class TestCreditOnTheBill:
    def pays(self, company: Any, paid_at: str, amount: int, part: int) -> None:
        """Let one payment of the customer give the bill a part."""
        payment = company.answers["GET /payments"]["items"][0]
        share = {"invoice_id": str(PAID), "invoice_number": "INV", "amount_idr": part}
        change(
            company,
            "GET /payments",
            items=[payment | {"paid_at": paid_at, "amount_idr": amount, "allocations": [share]}],
        )

    async def test_m6_credit_that_paid_it_is_named_with_the_payment_it_came_from(
        self, call_as: Any, company: Any
    ) -> None:
        self.pays(company, "2026-11-30T03:00:00Z", 1_500_000, 250_000)

        html = (await call_as(WAWAN).get(f"/invoices/{PAID}")).text

        timeline = text_of(html.partition('class="tl"')[2].partition("</ol>")[0])
        said = "Titipan Rp250.000 dari pembayaran 30 Nov 2026 10.00 WIB membayar tagihan ini."
        assert timeline.index(said) < timeline.index("Tagihan terbit")

    @pytest.mark.parametrize(
        ("part", "said"),
        [(250_000, "Bagian dari Rp1.500.000."), (1_500_000, "Pembayaran Rp1.500.000:")],
    )
    async def test_m5_a_part_of_a_payment_names_the_whole(
        self, call_as: Any, company: Any, part: int, said: str
    ) -> None:
        self.pays(company, "2026-12-05T03:00:00Z", 1_500_000, part)

        shown = text_of((await call_as(WAWAN).get(f"/invoices/{PAID}")).text)

        assert said in shown
        assert "Titipan" not in shown
