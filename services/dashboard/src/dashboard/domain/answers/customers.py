"""Customers, products and bookings."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from dashboard.domain.answers.base import Answer, Named, Page


class Reassignment(Answer):
    """One change of owner."""

    previous: Named
    marketing: Named
    reason: str = ""
    decided_by: str = ""
    at: datetime


class Customer(Answer):
    """One customer with his address and owner; his changes of owner newest first."""

    id: UUID
    number: str
    name: str
    phone: str
    address: str = ""
    email: str | None = None
    marketing: Named | None = None
    status: str = "active"
    version: int = 1
    registered_at: datetime | None = None
    reassignments: tuple[Reassignment, ...] = ()


class Product(Answer):
    """One product of the catalogue."""

    id: UUID
    code: str
    name: str
    description: str | None = ""
    price_idr: int
    kind: str = "one_off"
    active: bool = True
    version: int = 1


class Plan(Answer):
    """The payment terms agreed in a booking; which fields are filled follows from the kind."""

    kind: str
    due_on: date | None = None
    down_payment_idr: int = 0
    down_payment_due_on: date | None = None
    installments: int = 0
    first_due_on: date | None = None
    starts_on: date | None = None
    due_day: int = 0
    va_mode: str | None = None


class BookingItem(Answer):
    """One product in a booking at the price agreed."""

    product_id: UUID
    product_name: str = ""
    quantity: int = 1
    unit_price_idr: int = 0

    @property
    def amount_idr(self) -> int:
        """Quantity times price."""
        return self.quantity * self.unit_price_idr


class Booking(Answer):
    """One booking; ``customer`` is filled in lists, else ``customer_id`` alone."""

    id: UUID
    number: str
    status: str
    customer_id: UUID | None = None
    customer: Named | None = None
    marketing: Named | None = None
    items: tuple[BookingItem, ...] = ()
    total_idr: int = 0
    notes: str | None = ""
    plan: Plan | None = None
    booked_at: datetime | None = None
    created_at: datetime | None = None
    version: int = 1

    @property
    def owner_id(self) -> UUID | None:
        """The customer's id, wherever the service put it."""
        return self.customer.id if self.customer else self.customer_id

    @property
    def title(self) -> str:
        """What was booked, in one line."""
        names = [item.product_name or "Produk" for item in self.items]
        return ", ".join(names) or self.number


class BookingTotals(Answer):
    """The sum over every booking of a filter."""

    total_idr: int = 0


class BookingPage(Page[Booking]):
    """A page of bookings with the sum and the counts of the list."""

    totals: BookingTotals = BookingTotals()
    views: dict[str, int] = Field(default_factory=dict)
