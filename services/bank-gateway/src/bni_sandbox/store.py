"""The sandbox's queries."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, text
from sqlmodel import col, select

from bni_protocol.fields import Operation
from bni_sandbox.domain.billing import BillingStatus
from bni_sandbox.domain.faults import Faults
from bni_sandbox.models import Billing, Delivery, FaultSettings, Payment, Request
from shared.database import Session

PENDING, DELIVERED, FAILED, WITHHELD = "pending", "delivered", "failed", "withheld"
CHANNEL = "bni_sandbox_delivery"
_LOCK_NUMBERS = text("SELECT pg_advisory_xact_lock(hashtext('bni_sandbox.account'))")
_NEXT_NTB = text("SELECT nextval('payment_ntb')")


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


async def billings(session: Session, number: str | None, limit: int = 100) -> list[Billing]:
    query = select(Billing).order_by(col(Billing.created_at).desc()).limit(limit)
    if number:
        query = query.where(Billing.virtual_account == number)
    return list((await session.exec(query)).all())


async def recently_paid(session: Session, limit: int = 2) -> list[Billing]:
    query = (
        select(Billing)
        .where(col(Billing.paid_at).is_not(None))
        .order_by(col(Billing.updated_at).desc())
        .limit(limit)
    )
    return list((await session.exec(query)).all())


async def next_ntb(session: Session) -> str:
    """Give a journal number: six digits, which repeat over time as the bank's do."""
    number = (await session.execute(_NEXT_NTB)).scalar_one()
    return f"{number % 1_000_000:06d}"


async def payment_with_billing(
    session: Session, payment_id: UUID
) -> tuple[Payment, Billing] | None:
    query = select(Payment, Billing).where(
        Payment.id == payment_id, Payment.trx_id == Billing.trx_id
    )
    return (await session.exec(query)).first()


async def first_delivery_of(session: Session, payment_id: UUID) -> Delivery | None:
    query = select(Delivery).where(Delivery.payment_id == payment_id).order_by(col(Delivery.id))
    return (await session.exec(query.limit(1))).first()


async def lease_delivery(
    session: Session, lease: timedelta, only: UUID | None = None
) -> Delivery | None:
    """Take the notification whose time has come; nobody else sends it during the lease (K3)."""
    now = session.clock.now()
    query = select(Delivery).where(
        Delivery.state == PENDING,
        col(Delivery.due_at) <= now,
        or_(col(Delivery.leased_until).is_(None), col(Delivery.leased_until) <= now),
    )
    if only is not None:
        query = query.where(Delivery.id == only)
    query = query.order_by(col(Delivery.due_at)).limit(1).with_for_update(skip_locked=True)
    delivery = (await session.exec(query)).first()
    if delivery is not None:
        delivery.leased_until = now + lease
        delivery.attempts += 1
    return delivery


async def next_delivery_at(session: Session) -> datetime | None:
    """Give the earliest time at which a notification may be taken, leases respected."""
    free_at = func.greatest(Delivery.due_at, Delivery.leased_until)  # ignores NULL
    query = select(func.min(free_at)).where(Delivery.state == PENDING)
    earliest: datetime | None = (await session.exec(query)).one()
    return earliest


async def inquiries_since(session: Session, since: datetime) -> int:
    query = select(func.count()).where(
        Request.operation == Operation.INQUIRE, col(Request.at) > since
    )
    return (await session.exec(query)).one()


async def requests(session: Session) -> list[Request]:
    return list((await session.exec(select(Request).order_by(col(Request.id)))).all())


async def read_faults(session: Session) -> Faults:
    row = await session.get(FaultSettings, 1)
    return Faults.model_validate(row.faults) if row else Faults()


async def write_faults(session: Session, faults: Faults) -> None:
    await session.merge(FaultSettings(id=1, faults=faults.model_dump(exclude_defaults=True)))
