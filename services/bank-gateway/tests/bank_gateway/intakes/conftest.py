"""What messages bring about, to be compared with what their slow twin does."""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import col, select

from bank_gateway.handlers.snap_intake import SnapIntake
from bank_gateway.handlers.snap_payment import SnapPayments
from bank_gateway.models import Exchange, Payment, QuarantinedNotice, VirtualAccount, Work
from bank_gateway.store.intake import Lane
from bank_gateway.vault import Vault
from bni_protocol import moments
from shared.database import Sessions, driver_url
from shared.principal import Principal
from shared.tables import AuditEntry, OutboxEntry
from snap_protocol.fields import amount
from snap_protocol.receiving import Signed

PARTNER = "FAST"

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture
async def one_by_one(bench: Any, database: Any) -> AsyncIterator[Sessions]:
    """One connection for the slow way, so that its order is the order of coming."""
    engine = create_async_engine(driver_url(database.url), pool_size=1, max_overflow=0)
    yield Sessions(engine, bench.clock)
    await engine.dispose()


@pytest.fixture
def told_by_bank(bench: Any) -> Callable[..., Signed]:
    """Spell a payment of an account as the bank tells of it in SNAP BI; None leaves one out."""

    def told(account: VirtualAccount, external_id: str, **changes: Any) -> Signed:
        members = {
            "partnerServiceId": "8001",
            "customerNo": account.account_number[4:],
            "virtualAccountNo": account.account_number,
            "virtualAccountName": account.holder_name.upper(),
            "trxId": account.trx_id,
            "paymentRequestId": f"BAYAR-{external_id}",
            "paidAmount": amount(1000),
            "cumulativePaymentAmount": amount(1000),
            "totalAmount": amount(account.amount_idr),
            "trxDateTime": "2026-11-23T09:00:00+07:00",
            "journalNum": "000001",
        } | changes
        given = {name: value for name, value in members.items() if value is not None}
        return Signed(
            method="POST",
            target="/",
            body=json.dumps(given).encode(),
            timestamp=moments.iso(bench.clock.now()),
            signature="",
            token=None,
            partner_id="LUNAS",
            external_id=external_id,
        )

    return told


@pytest.fixture
async def snap_intake(bench: Any, one_by_one: Sessions, database: Any) -> AsyncIterator[SnapIntake]:
    """Who takes SNAP BI's payments, and has time to wait for a batch."""
    payments = SnapPayments(one_by_one, bench.worker.vault, "001", PARTNER)
    intake = SnapIntake(payments, [Lane(database.url), Lane(database.url)])
    intake.together.batch_seconds = 60
    yield intake
    await intake.together.close()


@pytest.fixture
def brought_about(bench: Any, one_by_one: Sessions) -> Callable[..., Awaitable[dict[str, Any]]]:
    """List what one billing's messages have changed, in words that leave its own names out."""
    return partial(_brought_about, one_by_one, bench.worker.vault)


async def _brought_about(
    sessions: Sessions, vault: Vault, account: VirtualAccount, **more: str
) -> dict[str, Any]:
    async with sessions.begin(Principal.system("bank-gateway")) as session:
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
            [each.at, each.operation, each.status, each.facts, *_opened(vault, each)]
            for each in kept
        ],
    }
    names = more | {account.trx_id: "T", account.account_number: "N", str(account.id): "A"}
    return {what: _nameless(rows, names) for what, rows in found.items()}


def _opened(vault: Vault, exchange: Exchange) -> list[str]:
    sealed = (exchange.sealed_sent, exchange.sealed_received)
    return [vault.open(each).decode() for each in sealed]


def _nameless(rows: list[Any], names: dict[str, str]) -> list[str]:
    texts = []
    for row in rows:
        text = json.dumps(row, default=str, sort_keys=True)
        for name, sign in names.items():
            text = text.replace(name, sign)
        texts.append(_ID.sub("id", text))
    return sorted(texts)
