"""What people look at: accounts with their bill and customer, within the reader's scope."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import col, select

from bank_gateway.models import Customer, Invoice, VirtualAccount
from shared.database import Session

Row = tuple[VirtualAccount, Invoice | None, Customer]


@dataclass(frozen=True, slots=True)
class Filter:
    """What a reader asks for; ``search`` finds number, holder and bill.

    Of a bill that shares its account, the account of its contract or customer is found.
    """

    customer_id: UUID | None = None
    invoice_id: UUID | None = None
    status: str | None = None
    search: str | None = None


async def find(session: Session, account_id: UUID) -> Row | None:
    query = _joined().where(VirtualAccount.id == account_id)
    row: Row | None = (await session.exec(query)).first()
    return row


async def page(session: Session, wanted: Filter, before: UUID | None, limit: int) -> list[Row]:
    """List accounts, newest first, from below a given id on."""
    query = _joined().where(*_conditions(wanted))
    if before is not None:
        query = query.where(VirtualAccount.id < before)
    query = query.order_by(col(VirtualAccount.id).desc()).limit(limit)
    return list((await session.exec(query)).all())


async def count(session: Session, wanted: Filter) -> int:
    query = (
        select(func.count())
        .select_from(VirtualAccount)
        .outerjoin(Invoice, col(Invoice.id) == VirtualAccount.invoice_id)
        .where(*_conditions(wanted))
    )
    return (await session.exec(query)).one()


def _joined() -> Any:
    return (
        select(VirtualAccount, Invoice, Customer)
        .outerjoin(Invoice, col(Invoice.id) == VirtualAccount.invoice_id)
        .join(Customer, col(Customer.id) == VirtualAccount.customer_id)
    )


def _conditions(wanted: Filter) -> list[Any]:
    exact = {
        VirtualAccount.customer_id: wanted.customer_id,
        VirtualAccount.status: wanted.status,
    }
    conditions: list[Any] = [column == value for column, value in exact.items() if value]
    if wanted.invoice_id:
        bill = select(Invoice.va_owner_id).where(Invoice.id == wanted.invoice_id)
        conditions.append(col(VirtualAccount.va_owner_id) == bill.scalar_subquery())
    if wanted.search:
        words = wanted.search.strip()
        digits = words.replace(" ", "")
        conditions.append(
            or_(
                col(VirtualAccount.holder_name).icontains(words, autoescape=True),
                col(Invoice.number).icontains(words, autoescape=True),
                col(VirtualAccount.account_number).contains(digits, autoescape=True),
            )
        )
    return conditions
