"""A customer's bills as the Bill tab groups them: what is open, what is next, what is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dashboard.domain import status, wording
from dashboard.domain.answers.customers import Booking
from dashboard.domain.answers.recaps import Bill

OPEN = {"issued", "partially_paid"}
LOOSE = "Tagihan lain"


@dataclass(frozen=True, slots=True)
class BillRow:
    """One bill or one part of a plan that is not issued yet."""

    bill: Bill
    mark: status.Mark
    note: str
    va_number: str | None
    va_mark: status.Mark | None
    open: bool
    issue_key: str | None


@dataclass(frozen=True, slots=True)
class Contract:
    """The bills of one booking; ``later`` are the parts after the next one."""

    title: str
    booking_id: UUID | None
    booking_number: str | None
    summary: str
    rows: tuple[BillRow, ...]
    later: tuple[BillRow, ...]
    count: int
    total_idr: int
    paid_idr: int

    @property
    def later_idr(self) -> int:
        """What the later parts add up to."""
        return sum(row.bill.total_idr for row in self.later)

    @property
    def later_note(self) -> str:
        """From when to when the later parts run."""
        first, last = self.later[0].bill, self.later[-1].bill
        words = f"{wording.day(first.due_on)} s.d. {wording.day(last.due_on)}"
        if last.total_idr != first.total_idr:
            words += f", terakhir {wording.money(last.total_idr)}"
        return words


def bill_row(bill: Bill, today: date, issue_key: str | None = None) -> BillRow:
    """Make the row of one bill."""
    account = bill.virtual_account
    number = account.number if account and account.status == "active" else None
    troubled = account and account.status in {"failed", "unknown", "requested"}
    is_open = bill.status in OPEN
    return BillRow(
        bill=bill,
        mark=status.invoice(bill.status, bill.due_on, bill.outstanding_idr, today),
        note=_note(bill, today),
        va_number=number if is_open else None,
        va_mark=status.VIRTUAL_ACCOUNT.get(account.status) if account and troubled else None,
        open=is_open,
        issue_key=issue_key if bill.id is None and bill.plan_id else None,
    )


def contracts(
    bills: Sequence[Bill], bookings: Sequence[Booking], today: date, show: str, key: str
) -> list[Contract]:
    """Group bills by booking; the booking with the nearest open bill comes first."""
    groups: dict[UUID | None, list[Bill]] = {}
    for bill in sorted(bills, key=lambda one: one.due_on):
        groups.setdefault(bill.booking_id, []).append(bill)
    known = {booking.id: booking for booking in bookings}
    made = [
        _contract(found, known.get(booking_id) if booking_id else None, today, show, key)
        for booking_id, found in groups.items()
    ]
    return [one for one in made if one.rows or one.later or not show]


def _contract(
    bills: list[Bill], booking: Booking | None, today: date, show: str, key: str
) -> Contract:
    live = [bill for bill in bills if bill.live]
    wanted = [bill for bill in bills if _shown(bill, show)]
    scheduled = [bill for bill in wanted if bill.id is None]
    first = [b for b in wanted if b.id and b.status in OPEN] + scheduled[:1]
    done = [b for b in reversed(wanted) if b.id and b.status not in OPEN]
    head = bills[0]
    title = head.contract or (booking.title if booking else LOOSE)
    return Contract(
        title=title,
        booking_id=head.booking_id,
        booking_number=head.booking_number or (booking.number if booking else None),
        summary=_summary(live),
        rows=tuple(bill_row(b, today, f"{key}-{b.plan_line_no}") for b in first + done),
        later=tuple(bill_row(b, today) for b in scheduled[1:]),
        count=len(live),
        total_idr=sum(bill.total_idr for bill in live),
        paid_idr=sum(bill.paid_idr for bill in live),
    )


def _shown(bill: Bill, show: str) -> bool:
    if show == "paid":
        return bill.status == "paid"
    if show == "open":
        return bill.live and bill.status != "paid"
    return True


def _summary(bills: Sequence[Bill]) -> str:
    down = sum(1 for bill in bills if bill.kind == "down_payment")
    parts = len(bills) - down
    words = ["DP"] if down else []
    if parts:
        words.append(f"{parts} tagihan" if not down else f"{parts} angsuran")
    return " dan ".join(words) or "tidak ada tagihan yang berlaku"


def _note(bill: Bill, today: date) -> str:
    if bill.paid_at:
        return f"dibayar {wording.short_day(bill.paid_at)}"
    if bill.status in OPEN or bill.id is None:
        return wording.days_away(bill.due_on, today)
    return ""
