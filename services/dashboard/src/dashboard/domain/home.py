"""The first page: what needs doing, and the small chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboard.domain import wording
from dashboard.domain.answers.home import Home, MonthSum, Standing

BAR_MAX = 90.0


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing that waits for a person; the line opens the list it counts."""

    tone: str
    icon: str
    count: int
    title: str
    detail: str
    address: str
    amount_idr: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the chart, in the chart's own units."""

    x: float
    height: float
    figure: str
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns with the sentence that says the same."""

    title: str
    columns: tuple[Column, ...]


def todo(home: Home, today: date) -> list[Todo]:
    """List what needs doing, the most urgent first; what is zero is left out."""
    items = [_overdue(home), _due_soon(home, today), _va_failed(home), _unsent(home)]
    if home.exceptions and home.exceptions.open:
        count = home.exceptions.open
        items.append(
            Todo(
                "error",
                "inbox",
                count,
                f"{count} hal belum terjelaskan",
                "Uang atau kabar bank yang belum jelas pemiliknya",
                "/payments?verification=disputed",
                home.exceptions.amount_idr,
            )
        )
    return [item for item in items if item.count]


def _overdue(home: Home) -> Todo:
    late = home.overdue
    detail = "Hubungi sebelum tunggakannya bertambah"
    if late.oldest_name:
        detail = f"Terlama {late.oldest_name}, {late.oldest_days} hari"
    title = f"{late.customers} pelanggan menunggak"
    address = "/customers?view=overdue"
    return Todo("error", "triangle-alert", late.customers, title, detail, address, late.amount_idr)


def _due_soon(home: Home, today: date) -> Todo:
    soon = home.due_soon
    detail = "Ingatkan lewat WhatsApp"
    if soon.nearest_name and soon.nearest_due_on:
        detail = f"Terdekat {soon.nearest_name}, {wording.days_away(soon.nearest_due_on, today)}"
    title = f"{soon.invoices} tagihan jatuh tempo 3 hari ini"
    address = "/invoices?view=due_soon"
    return Todo("warning", "calendar-clock", soon.invoices, title, detail, address, soon.amount_idr)


def _va_failed(home: Home) -> Todo:
    failed = home.va_failed
    trouble = failed.trouble or "Bank belum menjawab"
    detail = f"{failed.invoice_number}: {trouble}" if failed.invoice_number else trouble
    address = f"/invoices/{failed.invoice_id}" if failed.invoice_id else "/invoices"
    return Todo(
        "error", "circle-x", failed.count, f"{failed.count} VA gagal dibuat", detail, address
    )


def _unsent(home: Home) -> Todo:
    unsent = home.unsent
    title = f"{unsent.count} tagihan belum dikirim ke WhatsApp"
    address = f"/invoices/{unsent.invoice_id}" if unsent.invoice_id else "/invoices"
    detail = "Sudah terbit, pelanggan belum diberi tahu"
    return Todo("info", "message-circle", unsent.count, title, detail, address)


def chart(months: tuple[MonthSum, ...]) -> Chart | None:
    """Draw what came per month; nothing when nothing ever came."""
    shown = months[-6:]
    highest = max((m.received_idr for m in shown), default=0)
    if highest <= 0:
        return None
    columns = tuple(
        Column(
            x=4.0 + at * 53.6,
            height=max(m.received_idr * BAR_MAX / highest, 1.0),
            figure=wording.millions(m.received_idr),
            label=wording.short_month(_first_day(m.month)),
        )
        for at, m in enumerate(shown)
    )
    words = "; ".join(f"{c.label} {c.figure}" for c in columns)
    return Chart(f"Masuk per bulan dalam juta rupiah: {words}", columns)


def standing(customers: Standing) -> list[tuple[float, str]]:
    """Give the shares of the customers' bar: fine, due soon, late."""
    total = max(customers.good + customers.due_soon + customers.overdue, 1)
    paints = ("f-paid", "f-month", "f-late")
    counts = (customers.good, customers.due_soon, customers.overdue)
    return [(count * 100 / total, paint) for count, paint in zip(counts, paints, strict=True)]


def _first_day(month: str) -> date:
    year, number = month.split("-")
    return date(int(year), int(number), 1)
