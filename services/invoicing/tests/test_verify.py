"""M11: ``verify`` finds what contradicts the agreed price or the money that came (M6, M7)."""

from __future__ import annotations

from typing import Any

import pytest

from shared.contracts.invoicing import InvoiceIssued

MONTHLY = {"kind": "monthly", "due_day": 5, "starts_on": "2026-12-01"}


@pytest.fixture
async def history(
    story: Any, arrive: Any, told: Any, customer: Any, installments: dict[str, Any]
) -> None:
    """5 + 3 x 6.666.666 (the last 6.666.668), one of them paid in part; and a monthly plan."""
    await arrive(story.booking(customer, installments, 25_000_000, issue_first=True))
    (issued,) = await told(InvoiceIssued)
    await arrive(story.reconciled(customer, {issued.aggregate_id: 1_000_000}))
    await arrive(story.booking(customer, MONTHLY, 350_000, issue_first=True))


class TestVerify:
    async def test_m11_an_honest_history_has_no_difference(
        self, differing: Any, history: None
    ) -> None:
        assert await differing() == []

    async def test_m7_a_schedule_that_misses_the_agreed_price_is_found(
        self, differing: Any, history: None, forge: Any
    ) -> None:
        await forge("UPDATE plans SET total_idr = 25000001 WHERE kind = 'installment'")

        assert await differing() == [
            "M7: rencana BKG-000001: seharusnya Rp25.000.001, tercatat Rp25.000.000"
        ]

    async def test_m7_a_remainder_in_the_wrong_place_is_found(
        self, differing: Any, history: None, forge: Any
    ) -> None:
        await forge(
            "UPDATE plan_lines SET amount_idr = 6666668 WHERE kind = 'installment' AND no = 2",
            "UPDATE plan_lines SET amount_idr = 6666666 WHERE kind = 'installment' AND no = 4",
        )

        assert sorted(await differing()) == [
            "M7: rencana BKG-000001 baris 2: seharusnya Rp6.666.666, tercatat Rp6.666.668",
            "M7: rencana BKG-000001 baris 4: seharusnya Rp6.666.668, tercatat Rp6.666.666",
        ]

    async def test_m7_a_month_at_another_price_is_found(
        self, differing: Any, history: None, forge: Any
    ) -> None:
        await forge("UPDATE plan_lines SET amount_idr = 1 WHERE kind = 'monthly' AND no = 3")

        assert await differing() == [
            "M7: rencana BKG-000001 bulan 2027-02-05: seharusnya Rp350.000, tercatat Rp1"
        ]

    async def test_m7_a_bill_that_is_not_its_lines_is_found(
        self, differing: Any, history: None, forge: Any
    ) -> None:
        await forge("DELETE FROM invoice_lines WHERE amount_idr = 350000")

        (found,) = await differing()
        assert found.startswith("M7: tagihan INV/2026/11/")

    async def test_m6_a_bill_that_says_more_than_came_is_found(
        self, differing: Any, history: None, forge: Any
    ) -> None:
        await forge("UPDATE invoices SET paid_idr = 1000001 WHERE paid_idr = 1000000")

        (found,) = await differing()
        assert found.endswith(": seharusnya Rp1.000.000, tercatat Rp1.000.001")
        assert found.startswith("M6: tagihan INV/2026/11/")
