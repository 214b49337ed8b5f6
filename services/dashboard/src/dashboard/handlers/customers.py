"""Customers: the list, the page, the forms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from dashboard.domain import customer_page, status
from dashboard.domain.answers.base import Answer, Page
from dashboard.domain.answers.customers import Booking, Customer
from dashboard.domain.answers.recaps import CustomerRecap, CustomerRow, CustomerRows
from dashboard.domain.forms import Form
from dashboard.domain.listing import Listing
from dashboard.store.services import Reader
from shared.errors import NotFound

FIELDS = {"name", "phone", "address", "email", "marketing_id"}


class MarkedRow(CustomerRow):
    """A row with its status as it is shown, and what it is called when it is picked."""

    mark: Any = None

    @property
    def id(self) -> UUID:
        """The customer's id."""
        return self.customer.id

    @property
    def number(self) -> str:
        """The customer's number."""
        return self.customer.number

    @property
    def picked_idr(self) -> int:
        """What is added up in the bar of what was picked."""
        return self.outstanding_idr


async def list_customers(reader: Reader, listing: Listing) -> dict[str, Any]:
    """Show one page of the list; sums and counts are of the whole filter."""
    found = await reader.get("reporting", "/recaps/customers", CustomerRows, **listing.asks)
    rows = [
        MarkedRow(**row.model_dump(), mark=status.customer(row.state, row.overdue_days))
        for row in found.items
    ]
    return {
        "rows": rows,
        "totals": found.totals,
        "as_of": found.as_of,
        "list": listing.found(found.total, len(rows), found.next_cursor, found.views),
    }


async def show_customer(
    reader: Reader, customer_id: UUID, today: date, show: str
) -> dict[str, Any]:
    """Put a customer's page together."""
    customer = await reader.get("customer", f"/customers/{customer_id}", Customer)
    recap = await _recap(reader, customer_id)
    bookings = await reader.get(
        "customer", "/bookings", Page[Booking], customer_id=customer_id, limit=200
    )
    shown = show if show in {"open", "paid"} else ""
    view = customer_page.view_of(
        customer, recap, bookings.items, today, show=shown, key=uuid4().hex
    )
    return {
        "customer": customer,
        "recap": recap,
        "bookings": bookings.items,
        "view": view,
        "show": shown,
    }


async def _recap(reader: Reader, customer_id: UUID) -> CustomerRecap:
    """Read the figures; a customer registered a moment ago has none yet."""
    path = f"/recaps/customers/{customer_id}"
    try:
        return await reader.get("reporting", path, CustomerRecap)
    except NotFound:
        return CustomerRecap()


async def find_customer(reader: Reader, customer_id: UUID) -> Customer:
    """Read one customer."""
    return await reader.get("customer", f"/customers/{customer_id}", Customer)


async def twin_of(reader: Reader, values: Mapping[str, str]) -> Customer | None:
    """Find somebody with the same phone, unless that was already seen."""
    if values.get("seen_phone") == values["phone"]:
        return None
    found = await reader.get(
        "customer", "/customers", Page[Customer], search=values["phone"], limit=1
    )
    return found.items[0] if found.items else None


async def add_customer(reader: Reader, values: Mapping[str, str], key: str) -> Customer:
    """Register a customer."""
    body = {name: text for name in FIELDS if (text := values.get(name, "").strip())}
    return await reader.send("customer", "POST", "/customers", body, Customer, key=key)


async def change_customer(
    reader: Reader, customer_id: UUID, values: Mapping[str, str], version: str
) -> Customer:
    """Change a customer's data from the version that was seen (K4)."""
    body: dict[str, Any] = {name: values.get(name, "").strip() for name in FIELDS}
    del body["marketing_id"]
    body["email"] = body["email"] or None
    path = f"/customers/{customer_id}"
    return await reader.send("customer", "PATCH", path, body, Customer, version=version)


async def reassign_customer(reader: Reader, customer_id: UUID, values: Mapping[str, str]) -> None:
    """Give a customer to another Marketing."""
    body = {name: values.get(name, "").strip() for name in ("marketing_id", "reason")}
    await reader.send("customer", "POST", f"/customers/{customer_id}/reassign", body, Answer)


def form_of(customer: Customer) -> Form:
    """Fill the form with what is known."""
    return Form(
        {
            "name": customer.name,
            "phone": customer.phone,
            "address": customer.address,
            "email": customer.email or "",
            "version": str(customer.version),
        }
    )
