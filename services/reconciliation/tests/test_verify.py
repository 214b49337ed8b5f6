"""M11: ``verify`` finds every rupiah that is not explained."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
async def history(story: Any, arrive: Any) -> Any:
    customer = story.customer()
    invoice = story.invoice(customer.aggregate_id, 1_000)
    payment = story.payment(1_200, invoice)
    await arrive(customer, invoice, payment, story.payment(70))
    return payment


FORGERIES = {
    "UPDATE ledger_entries SET amount_idr = -71 WHERE account = 'suspense'": "M9: akun suspense",
    "UPDATE payments SET allocated_idr = 999 WHERE allocated_idr = 1000": "M5: pembayaran",
    "UPDATE invoices SET allocated_idr = 999": "M6: tagihan INV/2026/11/",
    "UPDATE ledger_entries SET amount_idr = amount_idr + 1 WHERE no = 1": "M2: transaksi",
    "DELETE FROM allocations": "M4: akun credit:",
    "DELETE FROM ledger_transactions WHERE kind = 'payment_received'": "M9: pembayaran",
    "DELETE FROM ledger_entries": "M2: transaksi",
}


class TestVerify:
    async def test_m11_an_honest_history_has_no_difference(
        self, differing: Any, history: Any
    ) -> None:
        assert await differing() == []

    async def test_m11_each_forged_row_is_found(
        self, differing: Any, history: Any, forge: Any
    ) -> None:
        for statement, told in FORGERIES.items():
            await forge(statement)
            assert any(found.startswith(told) for found in await differing()), statement

    async def test_m11_it_says_which_row_what_it_should_be_and_what_it_is(
        self, differing: Any, history: Any, forge: Any
    ) -> None:
        await forge("UPDATE payments SET allocated_idr = 999 WHERE allocated_idr = 1000")

        (found,) = await differing()
        payment = history.aggregate_id
        assert found == f"M5: pembayaran {payment}: seharusnya Rp1.000, tercatat Rp999"

    async def test_m11_a_forged_decision_is_found(
        self, differing: Any, inbox: Any, siti: Any, stray: Any, forge: Any
    ) -> None:
        await inbox.resolve("match", customer_id=str(siti[0]))
        assert await differing() == []

        await forge(
            "UPDATE resolutions SET action = 'write_off', attributes = false, amount_idr = 7,"
            " decided_by_id = id, decided_by = 'x', decided_at = proposed_at"
        )

        assert {found.partition(":")[0] for found in await differing()} == {"M4", "M5"}

    async def test_m3_a_right_that_should_not_be_there_is_found(
        self, differing: Any, history: Any, forge: Any
    ) -> None:
        await forge("GRANT UPDATE ON ledger_entries TO PUBLIC")
        (found,) = await differing()
        await forge("REVOKE UPDATE ON ledger_entries FROM PUBLIC")

        assert found.startswith("M3: hak UPDATE atas ledger_entries")
