"""Keeping copies: customers and virtual accounts, newest version only (E5)."""

from __future__ import annotations

from invoicing.models import Customer, VirtualAccount
from invoicing.store import copies, invoices
from shared.contracts.bank_gateway import VaState
from shared.contracts.customer import CustomerState
from shared.database import Session

_ACCOUNT = {"number", "holder_name", "status", "amount_idr", "expires_at", "trouble", "mode"}


async def keep_customer(event: CustomerState, session: Session) -> None:
    """Take a customer's newest state; who owns him acts at once (A6)."""
    known = await copies.find_customer(session, event.aggregate_id)
    if known is not None and known.version >= event.aggregate_version:
        return
    facts = event.model_dump(include={"marketing_id", "marketing_name", "number", "name", "phone"})
    if known is None:
        known = Customer(id=event.aggregate_id, version=event.aggregate_version, **facts)
    known.sqlmodel_update(facts | {"version": event.aggregate_version})
    session.add(known)


async def keep_virtual_account(event: VaState, session: Session) -> None:
    """Take the newest state of the account of a bill, a contract or a customer.

    Raises:
        InvoiceNotFound: the account is of an invoice that is not here.
        CustomerNotFound: the account is of a customer who is not here.
    """
    known = await copies.find_virtual_account(session, event.va_owner_id)
    if known is not None and known.version >= event.aggregate_version:
        return
    if event.invoice_id is not None:
        await invoices.get_invoice(session, event.invoice_id)
    await copies.get_customer(session, event.customer_id)
    facts = event.model_dump(include=_ACCOUNT)
    facts |= {"id": event.aggregate_id, "version": event.aggregate_version}
    if known is None:
        owner, customer = event.va_owner_id, event.customer_id
        known = VirtualAccount(va_owner_id=owner, customer_id=customer, **facts)
    known.sqlmodel_update(facts)
    session.add(known)
