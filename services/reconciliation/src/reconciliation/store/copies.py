"""What reconciliation keeps of customers and invoices, and their locks (K2)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlmodel import col, select

from reconciliation.models import Customer, Invoice
from shared.database import Session
from shared.errors import NotFound
from shared.money import Rupiah


class CustomerNotFound(NotFound):
    """No such customer here (yet)."""

    detail = "Pelanggan tidak ditemukan."


class InvoiceNotFound(NotFound):
    """No such invoice, or not one of the reader's."""

    detail = "Tagihan tidak ditemukan."


async def find_customer(session: Session, customer_id: UUID) -> Customer | None:
    return await session.get(Customer, customer_id, with_for_update=True)


async def lock_customer(session: Session, customer_id: UUID) -> None:
    """Lock a customer's money: first of all locks, so that allocations queue up (K2).

    Raises:
        CustomerNotFound: he is not here (yet).
    """
    if await find_customer(session, customer_id) is None:
        raise CustomerNotFound


async def get_customer(session: Session, customer_id: UUID) -> Customer:
    """Load and lock a customer (K2).

    Raises:
        CustomerNotFound: he is not here (yet).
    """
    customer = await find_customer(session, customer_id)
    if customer is None:
        raise CustomerNotFound
    return customer


async def customers_by_id(session: Session, ids: set[UUID]) -> dict[UUID, Customer]:
    query = select(Customer).where(col(Customer.id).in_(ids))
    return {customer.id: customer for customer in (await session.exec(query)).all()}


async def find_invoice(session: Session, invoice_id: UUID) -> Invoice | None:
    """Load and lock an invoice; the customer is locked already."""
    return await session.get(Invoice, invoice_id, with_for_update=True, populate_existing=True)


async def is_known(session: Session, made_for: UUID) -> bool:
    """Tell whether an invoice, or any invoice of a contract, has arrived."""
    query = select(Invoice.id).where(
        (col(Invoice.id) == made_for) | (col(Invoice.plan_id) == made_for)
    )
    return (await session.exec(query.limit(1))).first() is not None


async def get_invoice(session: Session, invoice_id: UUID) -> Invoice:
    """Load and lock an invoice; the customer is locked already.

    Raises:
        InvoiceNotFound: not there.
    """
    invoice = await find_invoice(session, invoice_id)
    if invoice is None:
        raise InvoiceNotFound
    return invoice


async def customer_of_invoice(session: Session, invoice_id: UUID) -> UUID:
    """Tell whose invoice it is, without a lock.

    Raises:
        InvoiceNotFound: not there.
    """
    query = select(Invoice.customer_id).where(Invoice.id == invoice_id)
    found = (await session.exec(query)).first()
    if found is None:
        raise InvoiceNotFound
    return found


async def marketing_name(session: Session, marketing_id: UUID) -> str | None:
    """Give the name of somebody who has customers here."""
    query = select(Customer.marketing_name).where(Customer.marketing_id == marketing_id)
    return (await session.exec(query.limit(1))).first()


async def unpaid(session: Session, ids: Collection[UUID]) -> dict[UUID, Rupiah]:
    """Give those of some invoices that still need money, and how much."""
    lacks = col(Invoice.total_idr) - col(Invoice.allocated_idr)
    query = select(Invoice.id, lacks).where(
        col(Invoice.id).in_(ids),
        col(Invoice.allocated_idr) < Invoice.total_idr,
        Invoice.status != "cancelled",
    )
    return {id_: Rupiah(amount) for id_, amount in (await session.exec(query)).all()}


async def lock_open_invoices(session: Session, customer_id: UUID) -> list[Invoice]:
    """Lock the invoices of a customer that can take money, by id (K2)."""
    query = (
        select(Invoice)
        .where(
            Invoice.customer_id == customer_id,
            col(Invoice.allocated_idr) < Invoice.total_idr,
            col(Invoice.status).not_in(["draft", "cancelled"]),
        )
        .order_by(col(Invoice.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list((await session.exec(query)).all())
