"""Queries of days: what was booked on one, what stands open, and the certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import RowMapping, func, text
from sqlmodel import col, select

from reconciliation.domain.certificate import Figure
from reconciliation.models import Certificate, LedgerTransaction
from shared.database import Session
from shared.tables import FailedDelivery

_MOVED = """
    SELECT account_class, sum(greatest(amount_idr, 0)), sum(greatest(-amount_idr, 0))
    FROM day_entries WHERE booked_on = :day GROUP BY 1
"""
_HASH = r"""
    SELECT count(*) FILTER (WHERE no = 1), count(*), encode(sha256(convert_to(coalesce(
        string_agg(line, E'\n' ORDER BY transaction_id, no), ''), 'UTF8')), 'hex')
    FROM day_entries WHERE booked_on = :day
"""
_RECEIVED = """
    SELECT channel, verification, count(*), sum(amount_idr),
        count(*) FILTER (WHERE paid_on < :day),
        coalesce(sum(amount_idr) FILTER (WHERE paid_on < :day), 0)
    FROM (
        SELECT p.*, (p.paid_at AT TIME ZONE 'Asia/Jakarta')::date AS paid_on
        FROM ledger_transactions t JOIN payments p ON p.id = t.object_id
        WHERE t.booked_on = :day AND t.kind = 'payment_received'
    ) AS received GROUP BY 1, 2
"""
_REVERSED = """
    SELECT count(*), coalesce(sum(p.amount_idr), 0)
    FROM ledger_transactions r JOIN ledger_transactions t ON t.id = r.reverses
    JOIN payments p ON p.id = t.object_id
    WHERE r.booked_on = :day AND r.kind = 'reversal' AND t.kind = 'payment_received'
"""
_EXCEPTIONS = """
    SELECT kind, count(*), sum(amount_idr) FROM exceptions
    WHERE closed_at IS NULL AND opened_at < :until GROUP BY 1
"""
_LATE = """
    SELECT p.id, p.paid_at, p.amount_idr, p.bank_reference, c.name AS customer_name
    FROM ledger_transactions t JOIN payments p ON p.id = t.object_id
    LEFT JOIN customers c ON c.id = p.customer_id
    WHERE t.booked_on = :day AND t.kind = 'payment_received'
        AND (p.paid_at AT TIME ZONE 'Asia/Jakarta')::date < :day
    ORDER BY p.paid_at, p.id LIMIT :limit
"""


@dataclass(frozen=True, slots=True)
class Received:
    """Money that was booked on a day, by channel and by the bank's word."""

    channel: str
    verification: str
    all: Figure
    late: Figure


async def lock_books(session: Session) -> None:
    """Wait for whoever writes the ledger, and keep others out until the commit (K1)."""
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('lunas.books'))"))


async def find_certificate(session: Session, day: date) -> Certificate | None:
    return await session.get(Certificate, day)


async def last_certificate(session: Session) -> Certificate | None:
    query = select(Certificate).order_by(col(Certificate.day).desc()).limit(1)
    return (await session.exec(query)).first()


async def list_certificates(session: Session, before: date | None, limit: int) -> list[Certificate]:
    """Give certificates, newest first."""
    query = select(Certificate).order_by(col(Certificate.day).desc()).limit(limit)
    if before is not None:
        query = query.where(col(Certificate.day) < before)
    return list((await session.exec(query)).all())


async def count_certificates(session: Session) -> int:
    return (await session.exec(select(func.count()).select_from(Certificate))).one()


async def first_booked_day(session: Session) -> date | None:
    """Give the first day that the ledger knows."""
    return (await session.exec(select(func.min(LedgerTransaction.booked_on)))).one()


async def moved_on(session: Session, day: date) -> list[tuple[str, int, int]]:
    """Give each account class with its debits and credits of a day."""
    rows = await session.execute(text(_MOVED), {"day": day})
    return [(account, int(debit), int(credit)) for account, debit, credit in rows]


async def entries_of_day(session: Session, day: date) -> tuple[int, int, str]:
    """Count a day's movements and entries, and hash them in canonical order."""
    row = (await session.execute(text(_HASH), {"day": day})).one()
    return int(row[0]), int(row[1]), str(row[2])


async def received_on(session: Session, day: date) -> list[Received]:
    """Give the money that was booked on a day."""
    rows = await session.execute(text(_RECEIVED), {"day": day})
    return [
        Received(
            channel,
            verification,
            Figure(count=count, amount_idr=int(amount)),
            Figure(count=late, amount_idr=int(late_amount)),
        )
        for channel, verification, count, amount, late, late_amount in rows
    ]


async def reversed_on(session: Session, day: date) -> Figure:
    """Give the money that was taken back on a day."""
    count, amount = (await session.execute(text(_REVERSED), {"day": day})).one()
    return Figure(count=count, amount_idr=int(amount))


async def open_exceptions(session: Session, until: datetime) -> dict[str, Figure]:
    """Give what is open and was found before an instant, by kind."""
    rows = await session.execute(text(_EXCEPTIONS), {"until": until})
    return {kind: Figure(count=count, amount_idr=int(amount)) for kind, count, amount in rows}


async def count_failed_deliveries(session: Session) -> int:
    """Count events whose effect failed and that wait for a try, or for a person (R4, R5)."""
    query = select(func.count()).where(col(FailedDelivery.state).in_(["waiting", "dead"]))
    return (await session.exec(query)).one()


async def late_arrivals(session: Session, day: date, limit: int) -> list[RowMapping]:
    """List the payments of closed days that were booked on this one, oldest first."""
    rows = await session.execute(text(_LATE), {"day": day, "limit": limit})
    return list(rows.mappings())
