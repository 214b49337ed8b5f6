"""The copies of what other services own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from notification.domain.message import InvoiceNotFound, PaymentNotFound
from notification.domain.notice import CustomerUnknown
from notification.models import (
    Copy,
    Customer,
    Document,
    Invoice,
    Matter,
    Payment,
    User,
    VirtualAccount,
)
from shared.database import Session
from shared.events import Event


async def follow(session: Session, table: type[Copy], event: Event, **state: Any) -> bool:
    """Take over an aggregate's state; False when the copy is as new or newer (E5)."""
    state["version"] = event.aggregate_version
    first = insert(table).values(id=event.aggregate_id, **state)
    newer = first.on_conflict_do_update(
        index_elements=["id"], set_=state, where=col(table.version) < event.aggregate_version
    ).returning(col(table.id))
    return (await session.execute(newer)).first() is not None


async def get_matter(session: Session, matter_id: UUID) -> Matter:
    """Read a matter that was just taken over, as it stands now."""
    matter = await session.get(Matter, matter_id, populate_existing=True)
    if matter is None:
        raise LookupError(f"no matter {matter_id}")
    return matter


async def get_customer(session: Session, customer_id: UUID) -> Customer:
    """Read a customer.

    Raises:
        CustomerUnknown: not there (yet), or not the caller's.
    """
    customer = await session.get(Customer, customer_id)
    if customer is None:
        raise CustomerUnknown
    return customer


async def get_invoice(session: Session, invoice_id: UUID) -> Invoice:
    """Read a bill.

    Raises:
        InvoiceNotFound: there is none in the caller's scope.
    """
    invoice = await session.get(Invoice, invoice_id)
    if invoice is None:
        raise InvoiceNotFound
    return invoice


async def get_payment(session: Session, payment_id: UUID) -> Payment:
    """Read a payment.

    Raises:
        PaymentNotFound: there is none in the caller's scope.
    """
    payment = await session.get(Payment, payment_id)
    if payment is None:
        raise PaymentNotFound
    return payment


async def find_payment(session: Session, payment_id: UUID) -> Payment | None:
    """Read a payment as it was just taken over, if it is known."""
    return await session.get(Payment, payment_id, populate_existing=True)


async def find_user_name(session: Session, user_id: UUID) -> str | None:
    """Read what a staff member is called, when he is known."""
    return (await session.exec(select(User.name).where(User.id == user_id))).first()


async def find_active_account(session: Session, invoice: Invoice) -> VirtualAccount | None:
    """Read the virtual account that a bill can be paid to now."""
    query = (
        select(VirtualAccount)
        .where(
            VirtualAccount.va_owner_id == invoice.va_owner_id,
            VirtualAccount.status == "active",
            col(VirtualAccount.number).is_not(None),
        )
        .order_by(col(VirtualAccount.id).desc())
    )
    return (await session.exec(query)).first()


async def find_document(session: Session, kind: str, object_id: UUID) -> Document | None:
    """Read the newest paper of one kind about a bill or a payment."""
    about = Document.invoice_id if kind == "invoice" else Document.payment_id
    query = (
        select(Document)
        .where(Document.kind == kind, about == object_id)
        .order_by(col(Document.revision).desc(), col(Document.id).desc())
    )
    return (await session.exec(query)).first()
