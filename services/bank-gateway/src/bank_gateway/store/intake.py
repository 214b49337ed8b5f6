"""Statements that take many notices at once, on a connection of their own (C2).

Prepared once and without the session's bookkeeping; each is a transaction of its own, so that its
answer comes after its commit (C1). Rows of one batch are sorted by the caller, so that two batches
lock in the same order.
"""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from bank_gateway.domain.notice import Registered
from bank_gateway.domain.payment import NewPayment
from bni_protocol.fields import BillingType
from shared.ids import new_id
from shared.principal import Principal

_CONNECT_SECONDS = 1.0
_SETTINGS = {
    "timezone": "UTC",
    "plan_cache_mode": "force_generic_plan",  # planning costs more than running
    "enable_seqscan": "off",  # a plan made while the tables are empty must suit full ones
    "jit": "off",  # the price put on sequential scans looks like work worth half a second of it
    "lunas.scope": "all",
}
ACCOUNT = """
    trx_id, id, account_number, billing_type, holder_name, customer_id, invoice_id, plan_id,
    ARRAY(SELECT amount_idr FROM billing_versions WHERE virtual_account_id = account.id) AS amounts
"""
REGISTERED = f"""
SELECT {ACCOUNT} FROM virtual_accounts AS account WHERE trx_id = ANY($1::text[])
"""  # noqa: S608  # our own words
_PAYMENT = {
    "id": "uuid",
    "client_id": "text",
    "trx_id": "text",
    "virtual_account": "text",
    "virtual_account_id": "uuid",
    "invoice_id": "uuid",
    "plan_id": "uuid",
    "customer_id": "uuid",
    "billed_idr": "bigint",
    "amount_idr": "bigint",
    "cumulative_idr": "bigint",
    "payment_ntb": "text",
    "payer_name": "text",
    "paid_at": "timestamptz",
    "request_id": "text",
}
_REST = {
    "event_id": "uuid",
    "event": "text",
    "facts": "text",
    "correlation_id": "text",
    "sealed_sent": "bytea",
    "sealed_received": "bytea",
    "audit_id": "uuid",
    "work_id": "uuid",
    "exchange_id": "uuid",
}
_COLUMNS = attrgetter(*_PAYMENT)
_FIRST = 5  # before the columns comes what all rows share
_WRITE = f"""
WITH told AS (
    SELECT * FROM unnest(:arrays) AS t (:columns)
), free AS MATERIALIZED (
    SELECT id AS account_id FROM virtual_accounts WHERE id = ANY(:accounts::uuid[])
    FOR KEY SHARE SKIP LOCKED
), paid AS (
    INSERT INTO payments (
        {", ".join(_PAYMENT)}, received_at, source, status, verification, version
    )
    SELECT {", ".join(_PAYMENT)}, $1, 'callback', 'received', 'unverified', 1
    FROM :new JOIN free ON account_id = virtual_account_id
    ON CONFLICT DO NOTHING RETURNING id
), taken AS MATERIALIZED (
    SELECT told.* FROM told JOIN paid USING (id)
), published AS (
    INSERT INTO outbox (event_id, routing_key, body, created_at)
    SELECT event_id, $2, event, $1 FROM taken
), recorded AS (
    INSERT INTO audit_log (
        id, at, actor_id, actor_name, actor_role, action, object_type, object_id, after,
        correlation_id
    )
    SELECT audit_id, $1, $3, $4, 'system', 'payment.received', 'payment', id, facts::jsonb,
        correlation_id
    FROM taken
), asked AS (
    INSERT INTO work (
        id, kind, subject_id, call, due_at, failures, answers, correlation_id, created_at
    )
    SELECT work_id, 'verify', id, 'inquire', $1, 0, 0, correlation_id, $1 FROM taken
), kept AS (
    INSERT INTO exchanges (id, at, operation, trx_id, status, facts, sealed_sent, sealed_received)
    :kept
):besides
SELECT id FROM taken
"""  # noqa: S608  # our own words
_KEPT = """
    SELECT exchange_id, $1, 'callback', trx_id, '000', jsonb_build_object(
        'billed_idr', billed_idr, 'paid_idr', amount_idr, 'total_paid_idr', cumulative_idr,
        'reference', payment_ntb
    ), sealed_sent, sealed_received FROM taken
"""


def statement(kept: str, *, more: Mapping[str, str], new: str = "told", besides: str = "") -> str:
    """Spell the insertion of a batch in the terms of a protocol.

    An account that somebody holds is not waited for, and no payment is held while an account is
    waited for (K2): the message about it is taken alone.

    Args:
        kept: selects the exchanges from ``taken``.
        more: further columns, with their types.
        new: those of ``told`` that may be taken.
        besides: what else is inserted from ``taken``.
    """
    columns = {**_PAYMENT, **_REST, **more}
    arrays = [f"${no}::{kind}[]" for no, kind in enumerate(columns.values(), _FIRST)]
    words = {
        "arrays": ", ".join(arrays),
        "columns": ", ".join(columns),
        "accounts": f"${_FIRST + list(columns).index('virtual_account_id')}",
        "new": new,
        "kept": kept,
        "besides": besides,
    }
    return re.sub(r"(?<!:):(\w+)", lambda found: words.get(found[1], found[0]), _WRITE)


_INSERT = statement(_KEPT, more={})


class Entry(NamedTuple):
    """What one genuine notice becomes, besides the work of having it verified.

    Attributes:
        event, facts: JSON for the outbox and for the audit.
        sealed_sent, sealed_received: the exchange (C9).
    """

    payment: NewPayment
    event_id: UUID
    event: str
    facts: str
    correlation_id: str
    sealed_sent: bytes
    sealed_received: bytes


Common = tuple[datetime, str, UUID, str]
"""What all rows share: the moment, the routing key, the actor's id and name."""

FAILURES = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
"""What may become of a batch besides its commit."""


class Lane:
    """One connection to the database, opened when it is needed, thrown away when it fails."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connection: asyncpg.Connection | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[asyncpg.Connection]:
        """Lend the connection, which sees everything."""
        connection = await self._open()
        try:
            yield connection
        except BaseException:
            self._connection = None
            connection.terminate()
            raise

    async def _open(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(
                self._dsn, timeout=_CONNECT_SECONDS, server_settings=_SETTINGS
            )
        return self._connection

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close(timeout=2)


async def registered(
    connection: asyncpg.Connection, trx_ids: Sequence[str]
) -> dict[str, Registered]:
    """Give the billings by their ``trx_id``."""
    found = await connection.fetch(REGISTERED, trx_ids)
    return {row["trx_id"]: registered_of(row) for row in found}


def registered_of(row: asyncpg.Record) -> Registered:
    return Registered(
        account_id=row["id"],
        virtual_account=row["account_number"],
        billing_type=BillingType(row["billing_type"]),
        amounts_idr=row["amounts"],
        holder_name=row["holder_name"],
        customer_id=row["customer_id"],
        invoice_id=row["invoice_id"],
        plan_id=row["plan_id"],
    )


async def insert(
    connection: asyncpg.Connection,
    entries: Sequence[Entry],
    routing_key: str,
    actor: Principal,
    now: datetime,
) -> set[UUID]:
    """Insert what notices become; give the payments whose interval and key were free (M8, I)."""
    rows = [row_of(entry) for entry in entries]
    return await run(connection, _INSERT, rows, (now, routing_key, actor.user_id, actor.name))


def row_of(entry: Entry) -> tuple[Any, ...]:
    """Give a row in the order of the columns, with ids for what it writes."""
    return (*_COLUMNS(entry.payment), *entry[1:], new_id(), new_id(), new_id())


async def run(
    connection: asyncpg.Connection,
    insertion: str,
    rows: Sequence[tuple[Any, ...]],
    common: Common,
) -> set[UUID]:
    """Run an insertion that ``statement`` spells; it commits before it answers."""
    columns: list[tuple[Any, ...]] = list(zip(*rows, strict=True))
    found = await connection.fetch(insertion, *common, *columns)
    return {row["id"] for row in found}
