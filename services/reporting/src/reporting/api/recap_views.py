"""What leaves over HTTP about Marketing and periods: names that stay."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, Field

from reporting.api.views import Named, OneDecimal


class CollectionSums(BaseModel):
    """What fell due, what came of it."""

    customers: int
    bills: int
    billed_idr: int
    paid_idr: int
    outstanding_idr: int
    overdue_idr: int
    received_idr: int
    percent: OneDecimal


class MarketingItem(CollectionSums):
    """One Marketing."""

    marketing: Named


class Channel(BaseModel):
    """What came through one channel."""

    channel: str
    payments: int
    amount_idr: int
    percent: OneDecimal


class MarketingList(BaseModel):
    """The recap per Marketing: the items add up to the totals (M10)."""

    as_of: datetime
    first: date | None = Field(serialization_alias="from")
    last: date | None = Field(serialization_alias="to")
    items: list[MarketingItem]
    totals: CollectionSums
    channels: list[Channel]


class Piece(BaseModel):
    """What came in one piece of the period through one channel."""

    period: str
    channel: str
    payments: int
    amount_idr: int


class Expected(BaseModel):
    """What fell due and what came in one piece of the period."""

    period: str
    starts_on: date
    expected_idr: int
    received_idr: int


class PaymentTotals(BaseModel):
    """All pieces together."""

    payments: int
    amount_idr: int


class Closing(BaseModel):
    """How the period closed: opening + billed - allocated - cancelled = closing."""

    opening_idr: int
    billed_idr: int
    invoices: int
    allocated_idr: int
    cancelled_idr: int
    closing_idr: int
    explained: bool
    credit_opening_idr: int
    credit_closing_idr: int


class Owner(BaseModel):
    """One Marketing's part of the period."""

    marketing: Named
    customers: int
    billed_idr: int
    received_idr: int
    closing_idr: int
    percent: OneDecimal


class Correction(BaseModel):
    """One bill that was cancelled, or payment reversed, in the period."""

    kind: str
    on: date
    number: str
    customer: str
    reason: str
    amount_idr: int


class PaymentRecap(BaseModel):
    """The recap of a period."""

    as_of: datetime
    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    group: str
    items: list[Piece]
    totals: PaymentTotals
    series: list[Expected]
    channels: list[Channel]
    marketing: list[Owner]
    open_by_age: dict[str, int]
    closing: Closing
    unidentified_idr: int
    corrections: list[Correction]
