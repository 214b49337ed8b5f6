"""What many notifications at once bring about is what one after another does (C3, C6, M8)."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import col, select

from bank_gateway.domain.notice import Origin
from bank_gateway.handlers.intake import Intake, Message
from bank_gateway.models import Exchange, Payment, QuarantinedNotice, VirtualAccount, Work
from bank_gateway.store.intake import Lane
from bank_gateway.vault import Vault
from shared.database import Sessions, driver_url
from shared.principal import Principal
from shared.tables import AuditEntry, OutboxEntry

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
WHOLE = {"payment_amount": "1000", "cumulative_payment_amount": "1000"}
CHANGES: tuple[dict[str, Any], ...] = (
    {},
    {},
    {},
    {"payment_amount": "400", "cumulative_payment_amount": "400"},
    {"payment_amount": "600", "payment_ntb": "000002"},
    {"payment_amount": "500", "cumulative_payment_amount": "900", "payment_ntb": "000003"},
    {"payment_ntb": "999999"},
    {"virtual_account": "8001999999999999"},
    {"trx_amount": "999"},
    {"payment_amount": "0"},
    {"payment_ntb": ""},
    {"customer_name": "ORANG LAIN"},
    {"datetime_payment": "2026-11-23 09:00:01"},
)
BATCHES = st.lists(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, len(CHANGES) - 1)), max_size=8),
    min_size=1,
    max_size=2,
)


@pytest.fixture
async def intake(bench: Any, database: Any) -> AsyncIterator[Intake]:
    """Its slow way has one connection, so that its order is the order of coming."""
    engine = create_async_engine(driver_url(database.url), pool_size=1, max_overflow=0)
    lanes = [Lane(database.url), Lane(database.url)]
    vault = bench.clerk.intake.vault
    intake = Intake(Sessions(engine, bench.clock), vault, lanes, batch_seconds=60)
    yield intake
    await intake.close()
    await engine.dispose()


@examples(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(kinds=st.text("cio", min_size=3, max_size=3), batches=BATCHES)
async def test_c3_c6_m8_a_batch_gives_what_its_slow_twin_gives(
    bench: Any, intake: Intake, kinds: str, batches: list[list[tuple[int, int]]]
) -> None:
    fast, slow = await bench.register(kinds), await bench.register(kinds)

    for batch in batches:
        answers = await asyncio.gather(
            *(intake.take(message(bench, fast[which], change)) for which, change in batch)
        )
        expected = [
            await intake.alone(message(bench, slow[which], change)) for which, change in batch
        ]
        assert answers == expected

    for one, other in zip(fast, slow, strict=True):
        found = await brought_about(intake, one)
        assert found == await brought_about(intake, other)


async def test_the_comparison_sees_every_row(bench: Any, intake: Intake) -> None:
    (account,) = await bench.register("c")
    await intake.take(message(bench, account, 10))
    await intake.take(message(bench, account, 0))

    found = await brought_about(intake, account)

    assert {what: len(rows) for what, rows in found.items()} == {
        "payments": 1, "notices": 1, "events": 2, "audit": 2, "work": 2, "exchanges": 2
    }  # fmt: skip
    assert '"state": "quarantined"' in found["notices"][0]
    assert '"amount_idr": 1000' in found["payments"][0]


def message(bench: Any, account: VirtualAccount, change: int) -> Message:
    members = bench.pay(account) | WHOLE | CHANGES[change]
    return Message(members, Origin("001", "127.0.0.1"), json.dumps(members).encode())


async def brought_about(intake: Intake, account: VirtualAccount) -> dict[str, Any]:
    """List what one billing's messages have changed, in words that leave its own names out."""
    async with intake.sessions.begin(Principal.system("bank-gateway")) as session:
        payments, notices, kept = [
            (await session.exec(select(table).where(table.trx_id == account.trx_id))).all()
            for table in (Payment, QuarantinedNotice, Exchange)
        ]
        subjects = [account.id, *(each.id for each in [*payments, *notices])]
        ours = col(OutboxEntry.body).contains(account.trx_id)
        events = (await session.exec(select(OutboxEntry).where(ours))).all()
        acts = select(AuditEntry).where(col(AuditEntry.object_id).in_(subjects))
        audit = (await session.exec(acts)).all()
        work = (await session.exec(select(Work).where(col(Work.subject_id).in_(subjects)))).all()
    found: dict[str, list[Any]] = {
        "payments": [each.model_dump() for each in payments],
        "notices": [each.model_dump(exclude={"fingerprint"}) for each in notices],
        "events": [
            [each.routing_key, each.created_at, each.published_at, json.loads(each.body)]
            for each in events
        ],
        "audit": [each.model_dump() for each in audit],
        "work": [each.model_dump() for each in work],
        "exchanges": [
            [each.at, each.operation, each.status, each.facts, *opened(intake.vault, each)]
            for each in kept
        ],
    }
    names = {account.trx_id: "T", account.account_number: "N", str(account.id): "A"}
    return {what: nameless(rows, names) for what, rows in found.items()}


def opened(vault: Vault, exchange: Exchange) -> list[str]:
    sealed = (exchange.sealed_sent, exchange.sealed_received)
    return [vault.open(each).decode() for each in sealed]


def nameless(rows: list[Any], names: dict[str, str]) -> list[str]:
    texts = []
    for row in rows:
        text = json.dumps(row, default=str, sort_keys=True)
        for name, sign in names.items():
            text = text.replace(name, sign)
        texts.append(_ID.sub("id", text))
    return sorted(texts)
