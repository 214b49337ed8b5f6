"""What invoicing keeps of other services' aggregates."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import col, select

from invoicing.models import Allocation, Booking, Customer, Payment, VirtualAccount
from shared.database import Session
from shared.errors import NotFound
from shared.money import Rupiah


class CustomerNotFound(NotFound):
    """No such customer, or not one of the reader's."""

    detail = "Pelanggan tidak ditemukan."


async def get_customer(session: Session, customer_id: UUID) -> Customer:
    """Load a customer.

    Raises:
        CustomerNotFound: not here (yet), or not the reader's.
    """
    customer = await session.get(Customer, customer_id)
    if customer is None:
        raise CustomerNotFound
    return customer


async def find_customer(session: Session, customer_id: UUID) -> Customer | None:
    return await session.get(Customer, customer_id, with_for_update=True)


async def customers_by_id(session: Session, ids: set[UUID]) -> dict[UUID, Customer]:
    query = select(Customer).where(col(Customer.id).in_(ids))
    return {customer.id: customer for customer in (await session.exec(query)).all()}


async def find_booking(session: Session, booking_id: UUID) -> Booking | None:
    return await session.get(Booking, booking_id, with_for_update=True)


async def find_payment(session: Session, payment_id: UUID) -> Payment | None:
    return await session.get(Payment, payment_id, with_for_update=True)


async def allocations_of_payment(session: Session, payment_id: UUID) -> dict[UUID, Allocation]:
    """Give a payment's allocations by invoice."""
    query = select(Allocation).where(Allocation.payment_id == payment_id)
    return {allocation.invoice_id: allocation for allocation in (await session.exec(query)).all()}


async def paid_of_invoice(session: Session, invoice_id: UUID) -> Rupiah:
    """Add the live allocations of an invoice up (M6)."""
    query = select(Allocation.amount_idr).where(Allocation.invoice_id == invoice_id)
    return Rupiah(sum((await session.exec(query)).all()))


async def find_virtual_account(session: Session, owner_id: UUID) -> VirtualAccount | None:
    return await session.get(VirtualAccount, owner_id, with_for_update=True)


async def virtual_accounts_of(
    session: Session, owner_ids: Iterable[UUID]
) -> dict[UUID, VirtualAccount]:
    """Give the accounts of several owners by owner; bills name theirs in ``va_owner_id``."""
    query = select(VirtualAccount).where(col(VirtualAccount.va_owner_id).in_(set(owner_ids)))
    return {account.va_owner_id: account for account in (await session.exec(query)).all()}
