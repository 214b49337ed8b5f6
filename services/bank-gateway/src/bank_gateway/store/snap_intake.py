"""Statements that take many payments of SNAP BI at once, with the answers to them (C2, C10, I1)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg

from bank_gateway.domain.account import OPEN, VaStatus
from bank_gateway.domain.notice import Registered
from bank_gateway.store import intake
from bank_gateway.store.intake import ACCOUNT, Entry
from bank_gateway.store.snap import Key
from shared.principal import Principal

_STATE = """
    status, greatest(expires_at, (SELECT expires_at FROM billing_versions
        WHERE virtual_account_id = account.id ORDER BY no DESC LIMIT 1)) AS payable_until
"""
BY_TRX_ID = f"""
SELECT {ACCOUNT}, {_STATE} FROM virtual_accounts AS account WHERE trx_id = ANY($1::text[])
"""  # noqa: S608  # our own words
BY_NUMBER = f"""
SELECT DISTINCT ON (account_number) {ACCOUNT}, {_STATE} FROM virtual_accounts AS account
WHERE account_number = ANY($1::text[])
ORDER BY account_number, (status = ANY($2::text[])) DESC, created_at DESC, id DESC
"""  # noqa: S608  # our own words
_ANSWER = {
    "partner_id": "text",
    "day": "date",
    "external_id": "text",
    "body_hash": "text",
    "code": "text",
    "answer": "bytea",
    "exchange_facts": "text",
}
_KEPT = """
    SELECT exchange_id, $1, 'snap-payment', trx_id, code, exchange_facts::jsonb, sealed_sent,
        sealed_received
    FROM taken
"""
_NEW = """(
        SELECT * FROM told WHERE NOT EXISTS (
            SELECT FROM snap_answers AS given WHERE given.partner_id = told.partner_id
                AND given.day = told.day AND given.external_id = told.external_id
        )
    ) AS unanswered"""
_ANSWERED = """, answered AS (
    INSERT INTO snap_answers (
        partner_id, day, external_id, body_hash, code, answer, answered_at
    )
    SELECT partner_id, day, external_id, body_hash, code, answer, $1 FROM taken
)"""
_INSERT = intake.statement(_KEPT, more=_ANSWER, new=_NEW, besides=_ANSWERED)
_OPEN = sorted(OPEN)


class Payable(NamedTuple):
    """An account as a payment may find it."""

    registered: Registered
    trx_id: str
    status: VaStatus
    payable_until: datetime


class Answered(NamedTuple):
    """What one genuine payment becomes, and what the bank is told of it."""

    entry: Entry
    key: Key
    body_hash: str
    code: str
    answer: bytes
    exchange_facts: str


async def by_trx_id(connection: asyncpg.Connection, trx_ids: Sequence[str]) -> dict[str, Payable]:
    found = await connection.fetch(BY_TRX_ID, trx_ids)
    return {row["trx_id"]: _payable(row) for row in found}


async def by_number(connection: asyncpg.Connection, numbers: Sequence[str]) -> dict[str, Payable]:
    """Give the accounts that are open under numbers, else those that were opened last."""
    found = await connection.fetch(BY_NUMBER, numbers, _OPEN)
    return {row["account_number"]: _payable(row) for row in found}


def _payable(row: asyncpg.Record) -> Payable:
    registered = intake.registered_of(row)
    return Payable(registered, row["trx_id"], VaStatus(row["status"]), row["payable_until"])


async def insert(
    connection: asyncpg.Connection,
    answered: Sequence[Answered],
    routing_key: str,
    actor: Principal,
    now: datetime,
) -> set[UUID]:
    """Insert payments with their answers; give those whose interval, keys and number were free.

    Two that answer the same number at the same time fail (C10): the second is the slow way's.
    """
    rows = [(*intake.row_of(each.entry), *each.key, *each[2:]) for each in answered]
    common = (now, routing_key, actor.user_id, actor.name)
    return await intake.run(connection, _INSERT, rows, common)
