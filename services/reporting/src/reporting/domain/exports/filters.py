"""By what a list can be narrowed; each filter is named like on the list itself."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from reporting.domain.period import Group
from shared.text import clean, storable

Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2150, 1, 1))]
Search = Annotated[str, Field(max_length=100), AfterValidator(clean)]


class Filters(BaseModel):
    """Frozen; an unknown filter is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class CustomerFilters(Filters):
    """The list of customers."""

    view: Literal["all", "overdue", "due_this_week", "without_invoices", "paid"] = "all"
    search: Search = ""
    marketing_id: UUID | None = None
    status: Literal["active", "inactive"] | None = None
    overdue: bool = False


class InvoiceFilters(Filters):
    """The list of invoices."""

    view: Literal[
        "all", "draft", "issued", "due_soon", "overdue", "partially_paid", "paid", "cancelled"
    ] = "all"
    status: Literal["draft", "issued", "partially_paid", "paid", "cancelled"] | None = None
    search: Search = ""
    customer_id: UUID | None = None
    marketing_id: UUID | None = None
    booking_id: UUID | None = None
    overdue: bool | None = None
    due_from: Day | None = None
    due_to: Day | None = None


class PaymentFilters(Filters):
    """The list of payments; the days are WIB days of the payment, both included (T2)."""

    status: Literal["posted", "allocated", "reversed"] | None = None
    verification: Literal["unverified", "verified", "disputed"] | None = None
    channel: Annotated[str, Field(max_length=40), AfterValidator(storable)] | None = None
    search: Search = ""
    customer_id: UUID | None = None
    marketing_id: UUID | None = None
    from_day: Day | None = Field(default=None, alias="from")
    to_day: Day | None = Field(default=None, alias="to")


class ProductFilters(Filters):
    """The catalogue."""

    active: bool | None = None
    kind: Literal["one_off", "subscription"] | None = None
    search: Search = ""


class BookingFilters(Filters):
    """The list of bookings; drafts are not here, because nothing follows from them yet."""

    status: Literal["confirmed", "cancelled"] | None = None
    search: Search = ""
    customer_id: UUID | None = None
    marketing_id: UUID | None = None


class AccountFilters(Filters):
    """The list of virtual accounts."""

    status: (
        Literal["requested", "unknown", "active", "paid", "expired", "cancelled", "failed"] | None
    ) = None
    search: Search = ""
    customer_id: UUID | None = None
    invoice_id: UUID | None = None


class MarketingRecapFilters(Filters):
    """The recap per Marketing; an open end means all time."""

    from_day: Day | None = Field(default=None, alias="from")
    to_day: Day | None = Field(default=None, alias="to")
    marketing_id: UUID | None = None


class PaymentRecapFilters(MarketingRecapFilters):
    """The recap of a period; without days, the present month until today."""

    group: Group = Group.DAY
