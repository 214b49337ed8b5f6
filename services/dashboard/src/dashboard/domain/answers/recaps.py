"""Read models: the customer's position, home, recaps, notices."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from dashboard.domain.answers.base import Answer, Named, Page
from dashboard.domain.answers.invoices import VirtualAccount
from dashboard.domain.answers.payments import Payment


class Percent(Answer):
    """Three shares that add to 100.0."""

    paid: float = 0.0
    due_this_month: float = 0.0
    remaining: float = 0.0


class Bill(Answer):
    """A bill or a future line of a plan; without ``id`` it is not issued yet."""

    id: UUID | None = None
    number: str | None = None
    title: str = ""
    kind: str | None = None
    plan_id: UUID | None = None
    plan_line_no: int | None = None
    booking_id: UUID | None = None
    booking_number: str | None = None
    contract: str | None = None
    due_on: date
    total_idr: int
    paid_idr: int = 0
    outstanding_idr: int = 0
    status: str
    paid_at: datetime | None = None
    virtual_account: VirtualAccount | None = None

    @property
    def live(self) -> bool:
        """It still counts."""
        return self.status != "cancelled"


class CustomerRecap(Answer):
    """How far one customer is."""

    as_of: datetime | None = None
    billed_idr: int = 0
    paid_idr: int = 0
    due_this_month_idr: int = 0
    remaining_idr: int = 0
    percent: Percent = Percent()
    credit_idr: int = 0
    overdue_idr: int = 0
    unverified_idr: int = 0
    invoices: tuple[Bill, ...] = ()
    payments: tuple[Payment, ...] = ()


class RecapCustomer(Named):
    """The customer of a row."""

    number: str = ""
    phone: str = ""
    marketing: Named | None = None


class CustomerRow(Answer):
    """One customer in the list, with his figures."""

    customer: RecapCustomer
    billed_idr: int = 0
    paid_idr: int = 0
    outstanding_idr: int = 0
    overdue_idr: int = 0
    overdue_days: int = 0
    next_due_on: date | None = None
    next_due_idr: int = 0
    state: str = "none"


class CustomerTotals(Answer):
    """Sums over every customer of the filter."""

    billed_idr: int = 0
    paid_idr: int = 0
    outstanding_idr: int = 0


class CustomerRows(Page[CustomerRow]):
    """A page of customers."""

    totals: CustomerTotals = CustomerTotals()
    views: dict[str, int] = Field(default_factory=dict)
    as_of: datetime | None = None


class MarketingRow(Answer):
    """One Marketing in a recap; the totals row has no ``marketing``."""

    marketing: Named | None = None
    customers: int = 0
    billed_idr: int = 0
    paid_idr: int = 0
    outstanding_idr: int = 0
    overdue_idr: int = 0
    percent: float = 0.0


class ChannelShare(Answer):
    """What came by one channel."""

    channel: str
    amount_idr: int = 0
    percent: float = 0.0


class MarketingRecap(Answer):
    """All Marketing of a period."""

    as_of: datetime
    items: tuple[MarketingRow, ...] = ()
    totals: MarketingRow | None = None
    channels: tuple[ChannelShare, ...] = ()


class PeriodRow(Answer):
    """What came in one day, week or month by one channel."""

    period: str
    channel: str = "bni_va"
    payments: int = 0
    amount_idr: int = 0


class PeriodTotals(Answer):
    """Sums of a period recap."""

    payments: int = 0
    amount_idr: int = 0


class Correction(Answer):
    """A bill that was cancelled, or a payment reversed, in the period."""

    kind: str
    on: date
    number: str
    customer: str
    reason: str
    amount_idr: int

    @property
    def word(self) -> str:
        """What was done, in a word."""
        return "Pembayaran dibalik" if self.kind == "payment" else "Tagihan dibatalkan"


class PeriodRecap(Answer):
    """Payments by day, week or month, and what was taken back."""

    as_of: datetime
    items: tuple[PeriodRow, ...] = ()
    totals: PeriodTotals = PeriodTotals()
    corrections: tuple[Correction, ...] = ()
