"""Billings and their payments."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, or_, select

from bni_sandbox.domain.billing import BillingStatus
from bni_sandbox.models import Billing, Payment
from shared.database import Session

_LOCK_NUMBERS = text("SELECT pg_advisory_xact_lock(hashtext('bni_sandbox.account'))")
_NEXT_NTB = text("SELECT nextval('payment_ntb') FROM generate_series(1, :count)")


async def lock_accounts(session: Session) -> None:
    """Let one create at a time choose and claim an account number."""
    await session.execute(_LOCK_NUMBERS)


async def lock_billing(session: Session, trx_id: str) -> Billing | None:
    return await session.get(Billing, trx_id, with_for_update=True)


async def lock_newest_of_account(session: Session, number: str) -> Billing | None:
    """Lock the billing that holds the account now, or held it last."""
    query = select(Billing).where(Billing.virtual_account == number)
    newest = query.order_by(
        (col(Billing.status) == BillingStatus.ACTIVE).desc(), col(Billing.created_at).desc()
    )
    return (await session.exec(newest.limit(1).with_for_update())).first()


async def active_of_account(session: Session, number: str) -> Billing | None:
    query = select(Billing).where(
        Billing.virtual_account == number, Billing.status == BillingStatus.ACTIVE
    )
    return (await session.exec(query.with_for_update())).first()


async def taken_numbers(session: Session, stem: str) -> set[str]:
    """List the numbers under a stem that ever were given out."""
    query = select(Billing.virtual_account).where(
        col(Billing.virtual_account).startswith(stem, autoescape=True)
    )
    return set((await session.exec(query)).all())


async def lock_of_accounts(session: Session, numbers: Iterable[str]) -> dict[str, Billing]:
    """Lock what holds each account now, or held it last; in one order for everybody (K2)."""
    query = select(Billing).where(col(Billing.virtual_account).in_(sorted(set(numbers))))
    found = (await session.exec(query.order_by(col(Billing.trx_id)).with_for_update())).all()
    by_rank = sorted(found, key=lambda b: (b.status == BillingStatus.ACTIVE, b.created_at))
    return {billing.virtual_account: billing for billing in by_rank}


async def billings(
    session: Session, number: str | None = None, search: str = "", limit: int = 100
) -> list[Billing]:
    """List the newest billings; ``search`` finds account, trx_id, name and description."""
    query = select(Billing).order_by(col(Billing.created_at).desc()).limit(limit)
    if number:
        query = query.where(Billing.virtual_account == number)
    if search:
        columns = (Billing.virtual_account, Billing.trx_id, Billing.description)
        found = [col(column).contains(search, autoescape=True) for column in columns]
        found.append(col(Billing.customer_name).icontains(search, autoescape=True))
        query = query.where(or_(*found))
    return list((await session.exec(query)).all())


async def newest_payments(
    session: Session, search: str = "", limit: int = 100
) -> list[tuple[Payment, Billing]]:
    """List the payments that came last, with what they paid."""
    query = (
        select(Payment, Billing)
        .where(Payment.trx_id == Billing.trx_id)
        .order_by(col(Payment.id).desc())
        .limit(limit)
    )
    if search:
        columns = (Billing.virtual_account, Billing.trx_id, Payment.ntb)
        found = [col(column).contains(search, autoescape=True) for column in columns]
        found.append(col(Billing.customer_name).icontains(search, autoescape=True))
        query = query.where(or_(*found))
    return [(payment, billing) for payment, billing in await session.exec(query)]


async def payments_of(session: Session, trx_id: str) -> list[Payment]:
    """List the payments of a billing, first to last."""
    query = select(Payment).where(Payment.trx_id == trx_id)
    return list((await session.exec(query.order_by(col(Payment.cumulative_idr)))).all())


async def payments_between(
    session: Session, since: datetime, until: datetime
) -> list[tuple[Payment, Billing]]:
    """List the payments from ``since`` to before ``until``, with what they paid."""
    query = (
        select(Payment, Billing)
        .where(
            Payment.trx_id == Billing.trx_id,
            col(Payment.paid_at) >= since,
            col(Payment.paid_at) < until,
        )
        .order_by(col(Payment.paid_at), col(Payment.id))
    )
    return [(payment, billing) for payment, billing in await session.exec(query)]


async def next_ntbs(session: Session, count: int) -> list[str]:
    """Give journal numbers: six digits, which repeat over time as the bank's do."""
    numbers = (await session.execute(_NEXT_NTB, {"count": count})).scalars()
    return [f"{number % 1_000_000:06d}" for number in numbers]


async def payment_with_billing(
    session: Session, payment_id: UUID
) -> tuple[Payment, Billing] | None:
    query = select(Payment, Billing).where(
        Payment.id == payment_id, Payment.trx_id == Billing.trx_id
    )
    return (await session.exec(query)).first()
