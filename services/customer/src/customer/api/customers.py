"""``/api/v1/customers``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, EmailStr

from customer.api.people import CustomerName, Person, marketing_of, name_of
from customer.domain.customer import CustomerStatus
from customer.handlers import customers as handlers
from customer.models import Customer, Reassignment
from customer.store import customers as store
from customer.store.customers import CustomerQuery
from shared.paging import Page
from shared.phones import Phone
from shared.text import Address, Line, Reason
from shared.web import IfMatch, ServiceRouter, Transaction

router = ServiceRouter()


class NewCustomer(BaseModel):
    """What is needed to register; only Admin names ``marketing_id``."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    phone: Phone
    address: Address
    email: EmailStr | None = None
    marketing_id: UUID | None = None


class CustomerEdit(BaseModel):
    """The fields to change; what is not named stays. ``status`` is Admin's."""

    model_config = ConfigDict(extra="forbid")

    name: Line = ""
    phone: Phone = ""
    address: Address = ""
    email: EmailStr | None = None
    status: CustomerStatus = CustomerStatus.ACTIVE
    reason: Reason | None = None


class ReassignCustomer(BaseModel):
    """Who has the customer from now on, and why."""

    model_config = ConfigDict(extra="forbid")

    marketing_id: UUID
    reason: Reason


class CustomerView(BaseModel):
    """A customer as he is shown."""

    id: UUID
    number: str
    name: str
    phone: str
    address: str
    email: str | None
    marketing: Person
    status: CustomerStatus
    registered_at: datetime
    version: int


class RegisteredView(CustomerView):
    """A new customer, and whom of the caller's customers has the same number."""

    similar: list[CustomerName]


class ReassignmentView(BaseModel):
    """One change of owner."""

    previous: Person
    marketing: Person
    reason: str
    decided_by: str
    at: datetime


class CustomerDetail(CustomerView):
    """A customer with his changes of owner, newest first."""

    reassignments: list[ReassignmentView]


@router.get("/api/v1/customers")
async def list_customers(
    wanted: Annotated[CustomerQuery, Query()], session: Transaction
) -> Page[CustomerView]:
    """List customers; ``search`` finds name, number, and phone in any spelling."""
    return (await store.find(session, wanted)).page(view)


@router.post("/api/v1/customers", status_code=201)
async def register_customer(body: NewCustomer, session: Transaction) -> RegisteredView:
    """Register a customer."""
    customer = await handlers.register_customer(session, **body.model_dump())
    similar = await store.with_phone(session, customer.phone, but=customer.id)
    return RegisteredView(**_fields(customer), similar=[name_of(other) for other in similar])


@router.get("/api/v1/customers/{customer_id}")
async def read_customer(customer_id: UUID, session: Transaction) -> CustomerDetail:
    """Read one customer."""
    customer = await store.get(session, customer_id)
    history = await store.reassignments(session, customer_id)
    return CustomerDetail(**_fields(customer), reassignments=[_view_move(m) for m in history])


@router.patch("/api/v1/customers/{customer_id}")
async def edit_customer(
    customer_id: UUID, body: CustomerEdit, version: IfMatch, session: Transaction
) -> CustomerView:
    """Change fields of a customer."""
    changes = body.model_dump(exclude_unset=True, exclude={"reason"})
    await handlers.edit_customer(session, customer_id, changes, version=version, reason=body.reason)
    return view(await store.get(session, customer_id))


@router.post("/api/v1/customers/{customer_id}/reassign")
async def reassign_customer(
    customer_id: UUID, body: ReassignCustomer, session: Transaction
) -> CustomerView:
    """Give a customer to another Marketing."""
    return view(
        await handlers.reassign_customer(session, customer_id, body.marketing_id, body.reason)
    )


def view(customer: Customer) -> CustomerView:
    """Shape a customer for the answer."""
    return CustomerView(**_fields(customer))


def _fields(customer: Customer) -> dict[str, object]:
    hidden = {"marketing_id", "marketing_name"}
    return customer.model_dump(exclude=hidden) | {"marketing": marketing_of(customer)}


def _view_move(move: Reassignment) -> ReassignmentView:
    return ReassignmentView(
        previous=Person(id=move.from_id, name=move.from_name),
        marketing=Person(id=move.to_id, name=move.to_name),
        reason=move.reason,
        decided_by=move.decided_by,
        at=move.at,
    )
