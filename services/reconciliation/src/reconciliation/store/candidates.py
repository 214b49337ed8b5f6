"""Queries of whose money it may be: few customers out of many, and what is known of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, text
from sqlmodel import col, select

from reconciliation.domain.names import Lookup
from reconciliation.domain.resolution import ResolutionState
from reconciliation.domain.transfer import Bill, Candidate
from reconciliation.models import Customer, Invoice, MoneyException, Resolution, VirtualAccount
from shared.database import Session
from shared.money import Rupiah

NAMED_MOST, OWING_MOST, DECISIONS_MOST = 100, 20, 2_000
"""Customers whom the text may name; who owe the amount, while it is rare; decisions, the newest."""

_MARKED = text("""
    WITH found AS (
        SELECT m.customer_id, count(DISTINCT s.sought)
            + count(DISTINCT s.sought) FILTER (WHERE m.mark = s.sought) AS words
        FROM unnest(CAST(:sought AS text[]), CAST(:starts AS text[])) AS s (sought, start)
        JOIN customer_marks m ON m.start = s.start WHERE m.start = ANY(CAST(:starts AS text[]))
        GROUP BY m.customer_id
    )
    SELECT customer_id FROM found
    ORDER BY words + CASE WHEN customer_id IN (
            SELECT customer_id FROM invoices WHERE outstanding_idr = :amount
                AND outstanding_idr > 0 AND status NOT IN ('draft', 'cancelled')
        ) THEN 2 ELSE 0 END DESC, customer_id
    LIMIT :most
""")
_OWING = text("""
    SELECT customer_id, count(*) OVER () FROM invoices WHERE outstanding_idr = :amount
        AND outstanding_idr > 0 AND status NOT IN ('draft', 'cancelled')
    ORDER BY due_on, id LIMIT :most
""")


async def find_marked(session: Session, lookups: Sequence[Lookup], amount: Rupiah) -> set[UUID]:
    """Find the customers whom a text names best; who owes the amount goes before his namesakes."""
    keys: dict[str, Any] = {
        "sought": [each.sought for each in lookups],
        "starts": [each.start for each in lookups],
        "amount": amount.amount,
        "most": NAMED_MOST,
    }
    return set((await session.execute(_MARKED, keys)).scalars())


async def find_owing(session: Session, amount: Rupiah) -> tuple[set[UUID], int]:
    """Find who has an open bill that needs an amount, and count such bills.

    Nobody when there are too many: such an amount finds nobody by itself.
    """
    rows = (await session.execute(_OWING, {"amount": amount.amount, "most": OWING_MOST})).all()
    count = rows[0][1] if rows else 0
    return ({row[0] for row in rows} if count <= OWING_MOST else set()), count


async def load(
    session: Session, ids: Collection[UUID], amount: Rupiah, tails: Collection[str]
) -> list[Candidate]:
    """Load customers with the bills and the account numbers that a transfer may be about."""
    customers = (await session.exec(select(Customer).where(col(Customer.id).in_(ids)))).all()
    bills, usual = await _bills(session, ids, amount)
    accounts = await _accounts(session, ids, tails)
    return [
        Candidate(
            id=each.id,
            name=each.name,
            number=each.number,
            phone=each.phone,
            bills=bills[each.id],
            usual=usual[each.id],
            accounts=accounts[each.id],
        )
        for each in customers
    ]


async def decisions(session: Session) -> Sequence[tuple[UUID, Mapping[str, Any], int]]:
    """Give what people decided about money of nobody known: whose, what was printed, how much."""
    query = (
        select(Resolution.customer_id, MoneyException.facts, Resolution.amount_idr)
        .join(MoneyException, col(MoneyException.id) == Resolution.exception_id)
        .where(col(Resolution.attributes), Resolution.state == ResolutionState.DONE)
        .order_by(col(Resolution.id).desc())
        .limit(DECISIONS_MOST)
    )
    rows = (await session.exec(query)).all()
    return [(owner, facts, amount) for owner, facts, amount in rows if owner is not None]


async def taken_back_from(session: Session, exception_id: UUID) -> frozenset[UUID]:
    """Give the customers to whom money was matched before that match was undone."""
    query = select(Resolution.customer_id).where(
        Resolution.exception_id == exception_id,
        col(Resolution.attributes),
        Resolution.state == ResolutionState.UNDONE,
    )
    return frozenset(each for each in (await session.exec(query)).all() if each is not None)


async def _bills(
    session: Session, ids: Collection[UUID], amount: Rupiah
) -> tuple[dict[UUID, list[Bill]], dict[UUID, list[Rupiah]]]:
    """Load open bills, and how often a bill was of this amount, open or paid."""
    owed = col(Invoice.allocated_idr) < Invoice.total_idr
    query = select(Invoice).where(
        col(Invoice.customer_id).in_(ids),
        col(Invoice.status).not_in(["draft", "cancelled"]),
        or_(owed, col(Invoice.total_idr) == amount.amount),
    )
    bills: dict[UUID, list[Bill]] = defaultdict(list)
    usual: dict[UUID, list[Rupiah]] = defaultdict(list)
    for invoice in (await session.exec(query)).all():
        usual[invoice.customer_id].append(Rupiah(invoice.total_idr))
        if invoice.outstanding:
            bills[invoice.customer_id].append(Bill(invoice.number, invoice.as_open))
    return bills, usual


async def _accounts(
    session: Session, ids: Collection[UUID], tails: Collection[str]
) -> dict[UUID, list[str]]:
    accounts: dict[UUID, list[str]] = defaultdict(list)
    if not tails:
        return accounts
    query = select(VirtualAccount.customer_id, VirtualAccount.number).where(
        col(VirtualAccount.customer_id).in_(ids), col(VirtualAccount.number).is_not(None)
    )
    query = query.where(func.right(VirtualAccount.number, 6).in_(tails))
    for customer_id, number in (await session.exec(query)).all():
        accounts[customer_id].append(number or "")
    return accounts
