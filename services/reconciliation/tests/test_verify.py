"""M11: ``verify`` finds every rupiah that is not explained."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from reconciliation.verify import find_differences, main
from shared.database import Sessions
from shared.principal import Principal


@pytest.fixture
async def history(story: Any, arrive: Any) -> Any:
    customer = story.customer()
    invoice = story.invoice(customer.aggregate_id, 1_000)
    payment = story.payment(1_200, invoice)
    await arrive(customer, invoice, payment, story.payment(70))
    return payment


@pytest.fixture
def forge(owner_sessions: Sessions) -> Any:
    """Change rows behind the service's back, past every trigger."""

    async def run(*statements: str) -> None:
        async with owner_sessions.begin(Principal.system("reconciliation")) as session:
            await session.execute(text("SET LOCAL session_replication_role = replica"))
            for statement in statements:
                await session.execute(text(statement))

    return run


FORGERIES = {
    "UPDATE ledger_entries SET amount_idr = -71 WHERE account = 'suspense'": "M9",
    "UPDATE payments SET allocated_idr = 999 WHERE allocated_idr = 1000": "M5",
    "UPDATE invoices SET allocated_idr = 999": "M6",
    "UPDATE ledger_entries SET amount_idr = amount_idr + 1 WHERE no = 1": "M2",
    "DELETE FROM allocations": "M4",
    "DELETE FROM ledger_transactions WHERE kind = 'payment_received'": "M9",
    "DELETE FROM ledger_entries": "M2",
}


class TestVerify:
    async def test_m11_an_honest_history_has_no_difference(
        self, sessions: Sessions, history: Any
    ) -> None:
        assert await find_differences(sessions) == []

    async def test_m11_each_forged_row_is_found(
        self, sessions: Sessions, history: Any, forge: Any
    ) -> None:
        for statement, rule in FORGERIES.items():
            await forge(statement)
            rules = {difference.rule for difference in await find_differences(sessions)}
            assert rule in rules, statement

    async def test_m3_a_right_that_should_not_be_there_is_found(
        self, sessions: Sessions, history: Any, forge: Any
    ) -> None:
        await forge("GRANT UPDATE ON ledger_entries TO PUBLIC")
        (found,) = await find_differences(sessions)
        await forge("REVOKE UPDATE ON ledger_entries FROM PUBLIC")

        assert str(found).startswith("M3: right to update ledger_entries")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, common_settings: dict[str, Any]) -> None:
    for name, value in common_settings.items():
        monkeypatch.setenv(f"RECONCILIATION_{name.upper()}", value)


class TestTheCommand:
    async def test_m11_tells_the_shell(
        self,
        environment: None,
        history: Any,
        forge: Any,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        clean = await asyncio.to_thread(main)
        await forge("UPDATE payments SET allocated_idr = 999 WHERE allocated_idr = 1000")
        forged = await asyncio.to_thread(main)

        assert (clean, forged) == (0, 1)
        printed = capsys.readouterr().out
        assert "Buku cocok" in printed
        assert "M5: payment" in printed
