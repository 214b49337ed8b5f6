"""Events of other services become our copies; each applies once, whatever comes first (E1)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from reporting.handlers import exports
from reporting.models import (
    Booking,
    Customer,
    Invoice,
    Message,
    Payment,
    Plan,
    Product,
    User,
    VirtualAccount,
)
from reporting.store import copies
from shared.clock import business_day
from shared.contracts.bank_gateway import VaState
from shared.contracts.customer import BookingState, CustomerState, ProductChanged
from shared.contracts.gateway import UserChanged
from shared.contracts.invoicing import InvoiceState, PlanMade
from shared.contracts.notification import MessageSent, MessageState
from shared.contracts.reconciliation import (
    AllocationPart,
    DisposalPart,
    PaymentReversed,
    PostedState,
)
from shared.database import Session
from shared.events import Event


async def keep_user(event: UserChanged, session: Session) -> None:
    """Copy a user; when his rights change, his files are not for him any more (A6)."""
    before = await copies.lock(session, User, event.aggregate_id)
    values = _identity(event) | event.model_dump(include=_USER)
    if await copies.keep(session, User, values):
        await exports.recall_of_user(session, before, User(**values))


async def keep_product(event: ProductChanged, session: Session) -> None:
    """Copy a product."""
    await copies.keep(session, Product, _identity(event) | event.model_dump(include=_PRODUCT))


async def keep_customer(event: CustomerState, session: Session) -> None:
    """Copy a customer; his Marketing's sight moves with him at once (A6)."""
    before = await copies.lock(session, Customer, event.aggregate_id)
    values = _identity(event) | event.model_dump(include=_CUSTOMER)
    if await copies.keep(session, Customer, values):
        await exports.recall_of_marketing(session, before, Customer(**values))


async def keep_booking(event: BookingState, session: Session) -> None:
    """Copy a booking."""
    items = [item.model_dump(mode="json") for item in event.items]
    values = event.model_dump(include=_BOOKING) | {"items": items}
    await copies.keep(session, Booking, _identity(event) | values)


async def keep_plan(event: PlanMade, session: Session) -> None:
    """Copy a plan with all its lines."""
    values = _identity(event) | event.model_dump(include=_PLAN)
    if await copies.keep(session, Plan, values):
        owner = {"plan_id": event.aggregate_id, "customer_id": event.customer_id}
        await copies.replace_plan_lines(
            session, [owner | line.model_dump() for line in event.lines]
        )


async def keep_invoice(event: InvoiceState, session: Session) -> bool:
    """Copy an invoice; what is paid of it follows from allocations alone (M6)."""
    cancelled = event.status == "cancelled"
    values = event.model_dump(include=_INVOICE) | {
        "lines": [line.model_dump() for line in event.lines],
        "issued_on": business_day(event.issued_at),
        "cancelled_on": business_day(event.occurred_at) if cancelled else None,
    }
    return await copies.keep(session, Invoice, _identity(event) | values)


async def keep_account(event: VaState, session: Session) -> bool:
    """Copy a virtual account."""
    values = _identity(event) | event.model_dump(include=_ACCOUNT)
    return await copies.keep(session, VirtualAccount, values)


async def keep_payment(event: PostedState, session: Session) -> bool:
    """Copy a payment with its allocations and what left of it (M5)."""
    values = event.model_dump(include=_PAYMENT) | {
        "paid_on": business_day(event.paid_at),
        "reason": event.reason if isinstance(event, PaymentReversed) else None,
        "reversed_on": business_day(event.occurred_at) if event.status == "reversed" else None,
    }
    if not await copies.keep(session, Payment, _identity(event) | values):
        return False
    rows = [_allocation(event, part) for part in event.allocations]
    await copies.replace_allocations(session, rows)
    await copies.replace_disposals(session, [_disposal(event, part) for part in event.disposals])
    return True


async def keep_message(event: MessageState, session: Session) -> None:
    """Remember whether a customer was told of a bill."""
    values = event.model_dump(include=_MESSAGE) | {"sent": isinstance(event, MessageSent)}
    await copies.keep(session, Message, _identity(event) | values)


def _identity(event: Event) -> dict[str, Any]:
    return {"id": event.aggregate_id, "version": event.aggregate_version}


def _allocation(
    event: PostedState, part: AllocationPart
) -> dict[str, UUID | str | int | bool | None]:
    return {
        "id": part.allocation_id,
        "payment_id": event.aggregate_id,
        "customer_id": event.customer_id,
        "invoice_id": part.invoice_id,
        "invoice_number": part.invoice_number,
        "amount_idr": part.amount_idr,
        "reversed": part.reversed or event.status == "reversed",
    }


def _disposal(event: PostedState, part: DisposalPart) -> dict[str, Any]:
    return {
        "id": part.resolution_id,
        "payment_id": event.aggregate_id,
        "customer_id": event.customer_id,
        "amount_idr": part.amount_idr,
        "disposed_on": business_day(part.disposed_at),
        "undone": part.undone or event.status == "reversed",
    }


def _fields(model: type[Any], *computed: str) -> set[str]:
    """Name the columns that an event carries under the same name."""
    return set(model.model_fields) - {"id", "version", *computed}


_USER = _fields(User)
_PRODUCT = _fields(Product)
_CUSTOMER = _fields(Customer)
_BOOKING = _fields(Booking, "items")
_PLAN = _fields(Plan)
_INVOICE = _fields(Invoice, "lines", "issued_on", "cancelled_on", "va_owner_id")
_ACCOUNT = _fields(VirtualAccount, "va_owner_id")
_PAYMENT = _fields(Payment, "paid_on", "reason", "reversed_on")
_MESSAGE = _fields(Message, "sent")
