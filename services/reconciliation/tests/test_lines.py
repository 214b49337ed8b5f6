"""Lines beside accounts: money of nobody known, fees by rule, everything else for a person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import text

from reconciliation.models import MoneyException, Payment, Sighting, StatementComparison
from shared.contracts.reconciliation import ExceptionOpened, PaymentPosted
from shared.database import Sessions
from shared.principal import Principal

SYSTEM = Principal.system("reconciliation")
Bring = Callable[..., Awaitable[None]]


@pytest.fixture
def balances(sessions: Sessions) -> Callable[[], Awaitable[dict[str, int]]]:
    async def now() -> dict[str, int]:
        query = "SELECT account, sum(amount_idr) FROM ledger_entries GROUP BY 1"
        async with sessions.begin(SYSTEM) as session:
            return {name: int(held) for name, held in await session.execute(text(query))}

    return now


class TestTransfers:
    async def test_m9_a_transfer_waits_in_suspense_for_a_person(
        self, bring: Bring, told: Any, rows: Any, balances: Any, differing: Any
    ) -> None:
        await bring((750_000, "TRF DARI SITI AMINAH"))

        (posted,) = await told(PaymentPosted)
        assert (posted.channel, posted.verification) == ("bank_transfer", "verified")
        assert (posted.customer_id, posted.payer_name) == (None, "SITI AMINAH")
        (opened,) = await told(ExceptionOpened)
        assert (opened.kind, opened.amount_idr) == ("unknown_payer", 750_000)
        assert "Transfer bank dari SITI AMINAH" in opened.evidence
        assert await balances() == {"bank:bni": 750_000, "suspense": -750_000}
        (seen,) = await rows(Sighting)
        assert seen.payment_id == posted.aggregate_id
        assert await differing() == []

    async def test_two_equal_transfers_are_two_and_a_file_twice_is_one(
        self, bring: Bring, rows: Any, differing: Any
    ) -> None:
        for _ in "ab":
            await bring((5_000, "SETORAN TUNAI"), (5_000, "SETORAN TUNAI"))

        assert len(await rows(Payment)) == len(await rows(Sighting)) == 2
        assert len(await rows(StatementComparison)) == 1
        assert await differing() == []


class TestDebits:
    async def test_m2_m4_a_fee_by_rule_is_booked(
        self, bring: Bring, rows: Any, balances: Any, differing: Any
    ) -> None:
        await bring((-2_500, "BIAYA ADM"))

        assert await balances() == {"bank:bni": -2_500, "bank_fees": 2_500}
        assert await rows(MoneyException) == []
        assert await differing() == []

    async def test_any_other_debit_needs_a_person(
        self, bring: Bring, rows: Any, balances: Any
    ) -> None:
        await bring((-400_000, "TRF KE BUDI"), (-60_000, "BIAYA LUAR BIASA"))

        found = {each.amount_idr: each for each in await rows(MoneyException)}
        assert {each.kind for each in found.values()} == {"missing_here"}
        assert found.keys() == {400_000, 60_000}
        assert "TRF KE BUDI" in found[400_000].evidence
        assert found[400_000].bank_line_id is not None
        assert await balances() == {}
