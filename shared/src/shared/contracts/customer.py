"""Events of the customer service. Aggregates: customer, product, booking, change request."""

from datetime import date
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictInt

from shared.events import Event
from shared.money import NonNegativeIdr, PositiveIdr


class CustomerState(Event):
    """The full state of one customer; ``marketing_id`` decides who may see him (A2)."""

    number: str
    name: str
    phone: str
    address: str
    email: str | None
    marketing_id: UUID
    marketing_name: str
    status: Literal["active", "inactive"]
    registered_at: AwareDatetime


class CustomerRegistered(CustomerState):
    """A new customer exists."""

    TYPE: ClassVar[str] = "customer.registered"


class CustomerChanged(CustomerState):
    """Name, phone, address or status of a customer changed."""

    TYPE: ClassVar[str] = "customer.changed"


class CustomerReassigned(CustomerState):
    """Another Marketing owns the customer from now on; visibility moves, history stays (A43)."""

    TYPE: ClassVar[str] = "customer.reassigned"

    previous_marketing_id: UUID
    reason: str
    handover_id: UUID | None = None
    """What he is a part of when many move at once."""


class ProductChanged(Event):
    """A product of the catalogue was created or changed; the full state."""

    TYPE: ClassVar[str] = "product.changed"

    code: str
    name: str
    description: str
    price_idr: PositiveIdr
    kind: Literal["one_off", "subscription"]
    active: bool


VaMode = Literal["invoice", "contract", "customer"]
"""Whose virtual account a bill is paid to: its own, its contract's, or the customer's."""


class Paid(BaseModel):
    """How a plan is paid; without a mode of its own the house's rule decides."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    va_mode: VaMode | None = None


class CashPlan(Paid):
    """Everything at once."""

    kind: Literal["cash"]
    due_on: date


class InstallmentPlan(Paid):
    """A down payment (may be 0) and n dated parts; the remainder falls on the last (M7).

    Without a day of its own the down payment is due on the day the plan is made, or on the first
    due day when that is earlier.
    """

    kind: Literal["installment"]
    down_payment_idr: NonNegativeIdr = 0
    installments: StrictInt = Field(ge=1, le=120)
    first_due_on: date
    down_payment_due_on: date | None = None


class MonthlyPlan(Paid):
    """The same price each month; due days 29 to 31 mean the last day of a shorter month."""

    kind: Literal["monthly"]
    starts_on: date
    due_day: StrictInt = Field(ge=1, le=31)


PlanTerms = Annotated[CashPlan | InstallmentPlan | MonthlyPlan, Field(discriminator="kind")]


class BookingItem(BaseModel):
    """One product on a booking, at the price agreed with the customer."""

    model_config = ConfigDict(frozen=True)

    product_id: UUID
    product_name: str
    quantity: int = Field(ge=1)
    unit_price_idr: PositiveIdr


class BookingState(Event):
    """The full state of one booking."""

    number: str
    customer_id: UUID
    status: Literal["draft", "confirmed", "completed", "cancelled"]
    items: list[BookingItem]
    total_idr: PositiveIdr
    notes: str
    plan: PlanTerms
    booked_at: AwareDatetime


class BookingConfirmed(BookingState):
    """The customer agreed; invoicing makes the plan.

    With ``issue_first`` the first line is issued with it, in the same transaction.
    """

    TYPE: ClassVar[str] = "booking.confirmed"

    issue_first: bool = False


class BookingCancelled(BookingState):
    """The booking will not happen; lines not yet issued lapse."""

    TYPE: ClassVar[str] = "booking.cancelled"

    reason: str


class ChangeRequestState(Event):
    """What somebody asks Admin to change about a customer, a booking or a bill (A30)."""

    customer_id: UUID
    customer_name: str
    about: Literal["customer", "booking", "invoice"]
    about_number: str
    asked_by_id: UUID
    asked_by: str


class ChangeRequestOpened(ChangeRequestState):
    """It waits for Admin."""

    TYPE: ClassVar[str] = "change_request.opened"

    reason: str


class ChangeRequestDecided(ChangeRequestState):
    """Admin carried it out, perhaps otherwise than it was asked, or refused it."""

    TYPE: ClassVar[str] = "change_request.decided"

    outcome: Literal["applied", "refused"]
    decided_by: str
    words: str


class HandedPart(BaseModel):
    """What one Marketing had of those who moved; ``customer_id`` is one of them."""

    model_config = ConfigDict(frozen=True)

    from_id: UUID
    from_name: str
    customers: int = Field(ge=1)
    customer_id: UUID


class CustomersHandedOver(Event):
    """Many customers moved to another Marketing, or were given back; each has its own event too."""

    TYPE: ClassVar[str] = "handover.finished"

    to_id: UUID
    to_name: str
    parts: list[HandedPart]
    undone: bool
    reason: str
