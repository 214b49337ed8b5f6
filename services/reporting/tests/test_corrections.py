"""What was taken back in a period is listed one by one, each Marketing his own (A2, M4)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from shared.contracts.invoicing import InvoiceCancelled
from shared.contracts.reconciliation import PaymentReversed
from shared.testing import ADMIN, SARI, WAWAN

MAHMUD, SITI, PRICE = "Bapak Mahmud Sulaiman", "Ibu Siti Aminah", 1_250_000
NOVEMBER = {"from": "2026-11-01", "to": "2026-11-30"}


async def listed(call_as: Any, who: Any, days: dict[str, str]) -> list[tuple[str, str, str, int]]:
    recap = (await call_as(who).get("/api/v1/recaps/payments", params=days)).json()
    return [
        (each["on"], each["number"], each["reason"], each["amount_idr"])
        for each in recap["corrections"]
    ]


async def test_bills_and_payments_stand_on_the_day_on_which_they_were_taken_back(
    company: Any, call_as: Any, clock: Any
) -> None:
    paid = ("A", MAHMUD, PRICE, {"000001": PRICE})
    await company.tell(
        company.user(WAWAN),
        company.user(SARI),
        company.customer(MAHMUD),
        company.customer(SITI, SARI),
        company.invoice("000001", MAHMUD, PRICE),
        company.payment(*paid),
        company.invoice("000002", SITI, 700_000),
    )
    clock.advance(timedelta(days=2))
    await company.tell(
        company.payment(*paid, PaymentReversed, status="reversed", reason="salah kirim"),
        company.invoice(
            "000002", SITI, 700_000, InvoiceCancelled, status="cancelled", cancel_reason="keliru"
        ),
    )
    bill = ("2026-11-25", "INV/2026/12/000002", "keliru", 700_000)
    payment = ("2026-11-25", "SP/2026/11/000001", "salah kirim", PRICE)

    assert await listed(call_as, ADMIN, NOVEMBER) == [bill, payment]
    assert await listed(call_as, WAWAN, NOVEMBER) == [(*payment[:2], "", PRICE)]
    assert await listed(call_as, SARI, NOVEMBER) == [bill]
    assert await listed(call_as, ADMIN, {"from": "2026-11-26", "to": "2026-11-30"}) == []
