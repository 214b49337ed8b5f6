"""Queries of what was seen, of the payments that it is counted in, and of accounts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import exists, func, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from reconciliation.models import BankLine, Payment, Sighting, VirtualAccount
from shared.database import Session
from shared.money import Rupiah

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('lunas.account ' || :number, 0))")


async def lock_account(session: Session, number: str) -> None:
    """Let what was seen at one account be counted by one at a time (K1)."""
    await session.execute(_LOCK, {"number": number})


async def add(session: Session, sighting: Sighting) -> bool:
    """Keep a sighting unless its source told of the subject before; tell whether it was news."""
    row = sighting.model_dump()
    statement = insert(Sighting).values(row).on_conflict_do_nothing().returning(col(Sighting.id))
    return (await session.execute(statement)).first() is not None


async def of_subject(session: Session, subject_id: UUID, source: str) -> Sighting | None:
    query = select(Sighting).where(Sighting.subject_id == subject_id, Sighting.source == source)
    return (await session.exec(query)).first()


async def get(session: Session, subject_id: UUID, source: str) -> Sighting:
    """Give what a source saw of a subject, which it certainly did."""
    found = await of_subject(session, subject_id, source)
    if found is None:
        raise LookupError(f"no {source} saw {subject_id}")
    return found


async def line_of(session: Session, payment_id: UUID) -> BankLine | None:
    """Find the line of a statement that shows a payment."""
    query = (
        select(BankLine)
        .join(Sighting, col(Sighting.subject_id) == BankLine.id)
        .where(Sighting.payment_id == payment_id)
        .order_by(col(BankLine.id))
    )
    return (await session.exec(query)).first()


async def is_seen(session: Session, number: str) -> bool:
    query = select(Sighting.id).where(Sighting.virtual_account == number).limit(1)
    return (await session.exec(query)).first() is not None


async def at_account(session: Session, number: str) -> list[Sighting]:
    """Give everything that was seen at an account, in a fixed order."""
    query = select(Sighting).where(Sighting.virtual_account == number)
    query = query.order_by(col(Sighting.day), col(Sighting.id))
    return list((await session.exec(query)).all())


async def lock_payments(session: Session, number: str) -> list[Payment]:
    """Load and lock the payments of an account as the bank saw them; not what they are split into.

    The customer is locked already (K2).
    """
    query = (
        select(Payment)
        .where(Payment.virtual_account == number, col(Payment.part_of).is_(None))
        .order_by(col(Payment.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list((await session.exec(query)).all())


async def payers_at(session: Session, number: str) -> set[UUID]:
    """Tell whose the money at an account is at this moment, without a lock."""
    query = select(Payment.customer_id).where(Payment.virtual_account == number).distinct()
    return {each for each in (await session.exec(query)).all() if each is not None}


async def owners_at(session: Session, number: str) -> set[UUID]:
    """Tell who has money at an account, or may have, without a lock."""
    if not number:
        return set()
    account = await newest_account(session, number)
    return await payers_at(session, number) | ({account.customer_id} if account else set())


async def held_at(session: Session, number: str) -> Rupiah:
    """Add up the payments of an account that stand."""
    query = select(func.coalesce(func.sum(Payment.amount_idr), 0)).where(
        Payment.virtual_account == number,
        col(Payment.part_of).is_(None),
        col(Payment.reversed_at).is_(None),
    )
    return Rupiah(int((await session.exec(query)).one()))


async def newest_account(session: Session, number: str) -> VirtualAccount | None:
    """Find the newest billing at a number; all of them are of one customer."""
    query = select(VirtualAccount).where(VirtualAccount.number == number)
    query = query.order_by(col(VirtualAccount.id).desc()).limit(1)
    return (await session.exec(query)).first()


async def billings_at(session: Session, number: str) -> list[VirtualAccount]:
    """Give all billings that a number had, the newest last."""
    query = select(VirtualAccount).where(VirtualAccount.number == number)
    return list((await session.exec(query.order_by(col(VirtualAccount.id)))).all())


async def unshown_accounts(session: Session, first: date, last: date) -> list[str]:
    """Give the accounts of payments of a period that no statement shows, or perhaps not in full.

    What only an inquiry told of may be a sum of which a statement shows a part.
    """
    line, callback = aliased(Sighting), aliased(Sighting)
    notified = exists().where(
        col(callback.subject_id) == Sighting.subject_id, col(callback.source) == "callback"
    )
    shown = exists().where(
        col(line.payment_id) == Sighting.payment_id, col(line.source) == "statement"
    )
    query = (
        select(Sighting.virtual_account)
        .where(
            Sighting.source != "statement",
            col(Sighting.day).between(first, last),
            ~shown | ~notified,
        )
        .distinct()
        .order_by(Sighting.virtual_account)
    )
    return list((await session.exec(query)).all())


async def sources_of(session: Session, payment_ids: Iterable[UUID]) -> list[Sighting]:
    """Give what was seen of some payments."""
    query = select(Sighting).where(col(Sighting.payment_id).in_(list(payment_ids)))
    return list((await session.exec(query.order_by(col(Sighting.seen_at)))).all())
