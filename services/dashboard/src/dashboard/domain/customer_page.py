"""The page of one customer: the answer first, then the figures that explain it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dashboard.domain import bills, status, wording
from dashboard.domain.answers.customers import Booking, Customer
from dashboard.domain.answers.payments import Payment
from dashboard.domain.answers.recaps import Bill, CustomerRecap
from shared.phones import is_indonesian_mobile

STRIP_MAX = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """The sentence the reader came for."""

    tone: str
    icon: str
    title: str
    detail: str
    va_number: str | None = None
    invoice_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment with what was left to pay after it."""

    payment: Payment
    mark: status.Mark
    left_idr: int


@dataclass(frozen=True, slots=True)
class Card:
    """One booking with how far it is."""

    booking: Booking
    mark: status.Mark
    booked_at: datetime | None
    facts: tuple[tuple[str, str, str], ...]
    count: int
    paid_count: int
    total_idr: int
    paid_idr: int


@dataclass(frozen=True, slots=True)
class CustomerView:
    """Everything the page shows beside the customer and his recap."""

    answer: Answer
    outstanding_idr: int
    bills_count: int
    paid_count: int
    payments_count: int
    bookings_count: int
    received_idr: int
    strip: tuple[str, ...]
    strip_title: str
    ends_on: date | None
    donut_title: str
    standing: status.Mark
    whatsapp: str | None
    contracts: tuple[bills.Contract, ...]
    payments: tuple[PaymentRow, ...]
    cards: tuple[Card, ...]


def view_of(
    customer: Customer,
    recap: CustomerRecap,
    bookings: Sequence[Booking],
    today: date,
    *,
    show: str = "",
    key: str = "",
) -> CustomerView:
    """Put the page together."""
    live = sorted((b for b in recap.invoices if b.live), key=lambda bill: bill.due_on)
    answer = answer_of(live, recap, today)
    kept = [p for p in recap.payments if p.status != "reversed"]
    return CustomerView(
        answer=answer,
        outstanding_idr=recap.due_this_month_idr + recap.remaining_idr,
        bills_count=len(live),
        paid_count=sum(1 for bill in live if bill.status == "paid"),
        payments_count=len(kept),
        bookings_count=len(bookings),
        received_idr=sum(payment.amount_idr for payment in kept),
        strip=strip(live, today),
        strip_title=_strip_title(live, today),
        ends_on=live[-1].due_on if live and live[-1].id is None else None,
        donut_title=_donut_title(recap),
        standing=_standing(answer, customer),
        whatsapp=whatsapp(customer.phone),
        contracts=tuple(bills.contracts(recap.invoices, bookings, today, show, key)),
        payments=payment_rows(recap),
        cards=tuple(card_of(booking, recap.invoices) for booking in bookings),
    )


def answer_of(live: Sequence[Bill], recap: CustomerRecap, today: date) -> Answer:
    """Say what is owed next; ``live`` in order of due date."""
    unpaid = [bill for bill in live if bill.status != "paid"]
    if not live:
        return Answer("muted", "info", "Belum ada tagihan", "Buat booking untuk memulai.")
    if not unpaid:
        detail = f"{len(live)} tagihan, seluruhnya {wording.money(recap.paid_idr)}."
        return Answer("success", "circle-check", "Semua tagihan lunas", detail)
    nearest = unpaid[0]
    amount = wording.money(nearest.outstanding_idr or nearest.total_idr - nearest.paid_idr)
    away = wording.days_away(nearest.due_on, today)
    number = _payable(nearest)
    if recap.overdue_idr:
        title = f"Menunggak {wording.money(recap.overdue_idr)}, {away}"
        detail = f"Paling lama: {nearest.title}, jatuh tempo {wording.day(nearest.due_on)}."
        return Answer("error", "triangle-alert", title, detail, number, nearest.id)
    title = f"Berikutnya {amount}, jatuh tempo {away}, {wording.day(nearest.due_on)}"
    soon = (nearest.due_on - today).days <= status.DUE_SOON_DAYS
    tone = "warning" if soon else "info"
    return Answer(tone, "calendar-clock", title, "Tidak ada tunggakan.", number, nearest.id)


def strip(live: Sequence[Bill], today: date) -> tuple[str, ...]:
    """Paint one small box per bill; very long plans are shown up to a limit."""
    return tuple(_paint(bill, today) for bill in live[:STRIP_MAX])


def payment_rows(recap: CustomerRecap) -> tuple[PaymentRow, ...]:
    """List payments, the newest first, each with what was left to pay after it."""
    rows, left = [], recap.due_this_month_idr + recap.remaining_idr
    for payment in sorted(recap.payments, key=lambda one: one.paid_at, reverse=True):
        mark = status.payment(payment.status, payment.verification)
        rows.append(PaymentRow(payment, mark, left))
        left += sum(part.amount_idr for part in payment.live_allocations)
    return tuple(rows)


def card_of(booking: Booking, all_bills: Sequence[Bill]) -> Card:
    """Make the card of one booking."""
    own = [bill for bill in all_bills if bill.booking_id == booking.id and bill.live]
    own.sort(key=lambda bill: bill.due_on)
    total = sum(bill.total_idr for bill in own) or booking.total_idr
    upcoming = next((bill for bill in own if bill.status != "paid"), None)
    facts = [("Harga", wording.money(booking.total_idr), _price_note(booking))]
    if booking.plan:
        facts.append(("Skema", status.PLANS.get(booking.plan.kind, "Lainnya"), _terms(booking)))
    if own:
        facts.append(("Selesai", wording.day(own[-1].due_on), f"{len(own)} tagihan"))
    if upcoming:
        left = wording.money(upcoming.total_idr - upcoming.paid_idr)
        facts.append(("Berikutnya", wording.day(upcoming.due_on), left))
    return Card(
        booking=booking,
        mark=status.BOOKING.get(booking.status, status.UNKNOWN),
        booked_at=booking.booked_at or booking.created_at,
        facts=tuple(facts),
        count=len(own),
        paid_count=sum(1 for bill in own if bill.status == "paid"),
        total_idr=total,
        paid_idr=sum(bill.paid_idr for bill in own),
    )


def whatsapp(phone: str) -> str | None:
    """Give the chat's address; None for what WhatsApp cannot reach."""
    if not phone.startswith("+") or not is_indonesian_mobile(phone):
        return None
    return f"https://wa.me/{phone.removeprefix('+')}"


def _payable(bill: Bill) -> str | None:
    account = bill.virtual_account
    return account.number if account and account.status == "active" else None


def _paint(bill: Bill, today: date) -> str:
    if bill.status == "paid":
        return "f-paid"
    if bill.due_on < today and bill.id is not None:
        return "f-late"
    this_month = (bill.due_on.year, bill.due_on.month) == (today.year, today.month)
    return "f-month" if this_month else "f-track"


def _strip_title(live: Sequence[Bill], today: date) -> str:
    paints = [_paint(bill, today) for bill in live]
    words = (("f-paid", "lunas"), ("f-late", "menunggak"), ("f-month", "jatuh tempo bulan ini"))
    parts = [f"{paints.count(p)} {word}" for p, word in words if paints.count(p)]
    parts.append(f"{paints.count('f-track')} berikutnya")
    return f"{len(live)} tagihan: {', '.join(parts)}"


def _donut_title(recap: CustomerRecap) -> str:
    shares = recap.percent
    parts = (
        f"Terbayar {wording.percent(shares.paid)}",
        f"bulan ini {wording.percent(shares.due_this_month)}",
        f"sisa {wording.percent(shares.remaining)}",
    )
    return f"{', '.join(parts)} dari {wording.money(recap.billed_idr)}"


def _standing(answer: Answer, customer: Customer) -> status.Mark:
    if customer.status != "active":
        return status.Mark("muted", "ban", "Tidak aktif")
    words = {"error": "Menunggak", "success": "Lunas", "muted": "Belum ada tagihan"}
    if answer.tone not in words:
        return status.Mark("success", "circle-check", "Lancar")
    return status.Mark(answer.tone, answer.icon, words[answer.tone])


def _price_note(booking: Booking) -> str:
    count = sum(item.quantity for item in booking.items)
    return f"{count} unit" if count > 1 else ""


def _terms(booking: Booking) -> str:
    plan = booking.plan
    if plan is None:
        return ""
    if plan.kind == "installment":
        down = f"DP {wording.money(plan.down_payment_idr)}, " if plan.down_payment_idr else ""
        return f"{down}{plan.installments} kali"
    if plan.kind == "monthly":
        return f"tiap tanggal {plan.due_day}"
    return f"jatuh tempo {wording.day(plan.due_on)}" if plan.due_on else ""
