"""Statements that take many notices at once, on a connection of their own (C2).

Prepared once and without the session's bookkeeping; each is a transaction of its own, so that its
answer comes after its commit (C1). Rows of one batch are sorted by the caller, so that two batches
lock in the same order.
"""

from collections.abc import AsyncIterator, Sequence
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
REGISTERED = """
SELECT trx_id, id, account_number, billing_type, holder_name, customer_id, invoice_id, plan_id,
    ARRAY(SELECT amount_idr FROM billing_versions WHERE virtual_account_id = account.id) AS amounts
FROM virtual_accounts AS account
WHERE trx_id = ANY($1::text[])
"""
_INSERT = """
WITH told AS (
    SELECT * FROM unnest(
        $5::uuid[], $6::text[], $7::text[], $8::text[], $9::uuid[], $10::uuid[], $11::uuid[],
        $12::uuid[], $13::bigint[], $14::bigint[], $15::bigint[], $16::text[], $17::text[],
        $18::timestamptz[], $19::uuid[], $20::text[], $21::text[], $22::text[], $23::bytea[],
        $24::bytea[], $25::uuid[], $26::uuid[], $27::uuid[]
    ) AS t (
        id, client_id, trx_id, virtual_account, virtual_account_id, invoice_id, plan_id,
        customer_id, billed_idr, amount_idr, cumulative_idr, payment_ntb, payer_name,
        paid_at, event_id, event, facts, correlation_id, sealed_sent, sealed_received,
        audit_id, work_id, exchange_id
    )
), paid AS (
    INSERT INTO payments (
        id, client_id, trx_id, virtual_account, virtual_account_id, invoice_id, plan_id,
        customer_id, billed_idr, amount_idr, cumulative_idr, payment_ntb, payer_name, paid_at,
        received_at, source, status, verification, version
    )
    SELECT id, client_id, trx_id, virtual_account, virtual_account_id, invoice_id, plan_id,
        customer_id, billed_idr, amount_idr, cumulative_idr, payment_ntb, payer_name, paid_at,
        $1, 'callback', 'received', 'unverified', 1
    FROM told
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
    SELECT exchange_id, $1, 'callback', trx_id, '000', jsonb_build_object(
        'billed_idr', billed_idr, 'paid_idr', amount_idr, 'total_paid_idr', cumulative_idr,
        'reference', payment_ntb
    ), sealed_sent, sealed_received FROM taken
)
SELECT id FROM taken
"""


_COLUMNS = attrgetter(
    *("id", "client_id", "trx_id", "virtual_account", "virtual_account_id", "invoice_id"),
    *("plan_id", "customer_id", "billed_idr", "amount_idr", "cumulative_idr", "payment_ntb"),
    *("payer_name", "paid_at"),
)


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
    return {
        row["trx_id"]: Registered(
            account_id=row["id"],
            virtual_account=row["account_number"],
            billing_type=BillingType(row["billing_type"]),
            amounts_idr=row["amounts"],
            holder_name=row["holder_name"],
            customer_id=row["customer_id"],
            invoice_id=row["invoice_id"],
            plan_id=row["plan_id"],
        )
        for row in found
    }


async def insert(
    connection: asyncpg.Connection,
    entries: Sequence[Entry],
    routing_key: str,
    actor: Principal,
    now: datetime,
) -> set[UUID]:
    """Insert what notices become; give the payments whose interval and key were free (M8, I)."""
    rows = [
        (*_COLUMNS(entry.payment), *entry[1:], new_id(), new_id(), new_id()) for entry in entries
    ]
    columns: list[tuple[Any, ...]] = list(zip(*rows, strict=True))
    found = await connection.fetch(_INSERT, now, routing_key, actor.user_id, actor.name, *columns)
    return {row["id"] for row in found}
