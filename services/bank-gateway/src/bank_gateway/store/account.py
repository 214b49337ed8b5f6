"""Queries on customers, bills and their virtual accounts."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, text, update
from sqlmodel import col, select

from bank_gateway.domain.account import OPEN, UNCONFIRMED, VaStatus, move
from bank_gateway.domain.notice import Registered
from bank_gateway.models import BillingVersion, Customer, Invoice, VirtualAccount
from shared.database import Session
from shared.errors import Conflict

_OPEN_BILL = col(Invoice.status).in_(["issued", "partially_paid"])
_OPEN_THEN_NEWEST = (
    col(VirtualAccount.status).in_(OPEN).desc(),
    col(VirtualAccount.created_at).desc(),
    col(VirtualAccount.id).desc(),
)
_NEXT_ACCOUNT = text("SELECT nextval('account_no')")


async def customer(session: Session, customer_id: UUID) -> Customer | None:
    return await session.get(Customer, customer_id)


async def lock_customer(session: Session, customer_id: UUID) -> Customer | None:
    return await session.get(Customer, customer_id, with_for_update=True)


async def invoice(session: Session, invoice_id: UUID) -> Invoice | None:
    return await session.get(Invoice, invoice_id)


async def lock_invoice(session: Session, invoice_id: UUID) -> Invoice | None:
    return await session.get(Invoice, invoice_id, with_for_update=True)


async def next_account_no(session: Session) -> int:
    return int((await session.execute(_NEXT_ACCOUNT)).scalar_one())


async def account(session: Session, account_id: UUID) -> VirtualAccount | None:
    return await session.get(VirtualAccount, account_id)


async def lock_account(session: Session, account_id: UUID) -> VirtualAccount | None:
    return await session.get(VirtualAccount, account_id, with_for_update=True)


async def account_of_trx(session: Session, trx_id: str) -> VirtualAccount | None:
    query = select(VirtualAccount).where(VirtualAccount.trx_id == trx_id)
    return (await session.exec(query)).first()


async def account_of_number(session: Session, number: str) -> VirtualAccount | None:
    """Give the account that is open under a number, else the one that was opened last."""
    query = (
        select(VirtualAccount)
        .where(VirtualAccount.account_number == number)
        .order_by(*_OPEN_THEN_NEWEST)
        .limit(1)
    )
    return (await session.exec(query)).first()


async def known_at_number(session: Session, number: str) -> Sequence[VirtualAccount]:
    """List every billing under a number that the bank has confirmed, over or not."""
    query = (
        select(VirtualAccount)
        .where(
            VirtualAccount.account_number == number,
            col(VirtualAccount.status).not_in(UNCONFIRMED),
        )
        .order_by(col(VirtualAccount.id))
    )
    return (await session.exec(query)).all()


async def newest_bill(session: Session, account: VirtualAccount) -> Invoice | None:
    """Give a bill that an account serves: one that is open, rather the newest."""
    query = (
        select(Invoice)
        .where(Invoice.va_owner_id == account.va_owner_id)
        .order_by(_OPEN_BILL.desc(), col(Invoice.due_on).desc(), col(Invoice.id).desc())
        .limit(1)
    )
    return (await session.exec(query)).first()


async def open_idr(session: Session, owner: Invoice | VirtualAccount) -> int:
    """Sum what is open of all bills of an account, or of those that share it with a given one."""
    query = select(
        func.coalesce(func.sum(col(Invoice.total_idr) - col(Invoice.paid_idr)), 0)
    ).where(Invoice.va_owner_id == owner.va_owner_id, _OPEN_BILL)
    return int((await session.exec(query)).one())


async def last_due_on(session: Session, invoice: Invoice) -> date:
    """Give the last due day among the open bills that share the account of the given one."""
    query = select(func.max(Invoice.due_on)).where(
        Invoice.va_owner_id == invoice.va_owner_id, _OPEN_BILL
    )
    last: date | None = (await session.exec(query)).one()
    return last or invoice.due_on


async def lock_newest_account(session: Session, invoice: Invoice) -> VirtualAccount | None:
    """Lock the open account that a bill is paid to, else the one opened last."""
    query = (
        select(VirtualAccount)
        .where(VirtualAccount.va_owner_id == invoice.va_owner_id)
        .order_by(*_OPEN_THEN_NEWEST)
        .limit(1)
    )
    return (await session.exec(query.with_for_update())).first()


async def change_account(session: Session, account: VirtualAccount, **changes: Any) -> None:
    """Change what is published of an account; its status stays, its version moves on.

    Raises:
        Conflict: somebody moved the account in between.
    """
    await _guarded(session, account, changes)


async def move_account(
    session: Session, account: VirtualAccount, target: VaStatus, **changes: Any
) -> None:
    """Move an account: a guarded update from the status it was read in (S).

    Raises:
        InvalidTransition: the table of moves does not have it.
        Conflict: somebody moved the account in between.
    """
    move(VaStatus(account.status), target)
    await _guarded(session, account, {"status": target, **changes})


async def _guarded(session: Session, account: VirtualAccount, changes: dict[str, Any]) -> None:
    await session.flush()
    guarded = (
        update(VirtualAccount)
        .where(col(VirtualAccount.id) == account.id, col(VirtualAccount.status) == account.status)
        .values(**changes, version=col(VirtualAccount.version) + 1, updated_at=session.clock.now())
        .returning(VirtualAccount)
        .execution_options(populate_existing=True)
    )
    if (await session.execute(guarded)).first() is None:
        raise Conflict


async def newest_version(session: Session, account_id: UUID) -> BillingVersion:
    """Give the terms we asked for last."""
    query = (
        select(BillingVersion)
        .where(BillingVersion.virtual_account_id == account_id)
        .order_by(col(BillingVersion.no).desc())
        .limit(1)
    )
    return (await session.exec(query)).one()


async def registered_amounts(session: Session, account_id: UUID) -> frozenset[int]:
    """List every amount we ever asked for (C4)."""
    query = select(BillingVersion.amount_idr).where(BillingVersion.virtual_account_id == account_id)
    return frozenset((await session.exec(query)).all())


async def registered(session: Session, trx_id: str) -> Registered | None:
    """Give a billing as we registered it, with every amount we ever asked for (C4)."""
    account = await account_of_trx(session, trx_id)
    if account is None:
        return None
    return Registered(
        account_id=account.id,
        virtual_account=account.account_number,
        billing_type=account.kind,
        amounts_idr=await registered_amounts(session, account.id),
        holder_name=account.holder_name,
        customer_id=account.customer_id,
        invoice_id=account.invoice_id,
        plan_id=account.plan_id,
    )
