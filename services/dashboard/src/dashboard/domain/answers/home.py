"""What the first page and the bell show."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from dashboard.domain.answers.base import Answer, Page


class Overdue(Answer):
    """Customers with arrears."""

    customers: int = 0
    amount_idr: int = 0
    oldest_name: str | None = None
    oldest_days: int = 0


class DueSoon(Answer):
    """Bills due in the next three days."""

    invoices: int = 0
    amount_idr: int = 0
    nearest_name: str | None = None
    nearest_due_on: date | None = None


class Troubled(Answer):
    """Bills without a virtual account, and the first of them."""

    count: int = 0
    invoice_id: UUID | None = None
    invoice_number: str | None = None
    trouble: str | None = None


class ThisMonth(Answer):
    """What came of what was expected this month."""

    received_idr: int = 0
    expected_idr: int = 0


class MonthSum(Answer):
    """What came in one month, as ``2026-12``."""

    month: str
    received_idr: int = 0


class Standing(Answer):
    """The customers by how they stand."""

    active: int = 0
    new_this_month: int = 0
    good: int = 0
    due_soon: int = 0
    due_soon_idr: int = 0
    overdue: int = 0
    overdue_idr: int = 0


class Home(Answer):
    """The figures of the first page, in the reader's scope."""

    as_of: datetime
    overdue: Overdue = Overdue()
    due_soon: DueSoon = DueSoon()
    va_failed: Troubled = Troubled()
    unsent: Troubled = Troubled()
    month: ThisMonth = ThisMonth()
    months: tuple[MonthSum, ...] = ()
    customers: Standing = Standing()
    last_callback_at: datetime | None = None


class Notice(Answer):
    """One thing the bell tells."""

    id: UUID
    kind: str = ""
    text: str
    link: str | None = None
    at: datetime
    read: bool = False


class Notices(Page[Notice]):
    """The bell."""

    unread: int = 0


class UserRow(Answer):
    """A person who may sign in."""

    id: UUID
    name: str
    role: str
    disabled: bool = False
