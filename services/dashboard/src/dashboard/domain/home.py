"""The first page: what needs doing, and the small chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dashboard.domain import bank_page, wording
from dashboard.domain.answers.bank import Link
from dashboard.domain.answers.closes import CloseState, Figure
from dashboard.domain.answers.home import Home, MonthSum, Standing
from dashboard.domain.inbox import age
from dashboard.domain.status import Mark
from shared.clock import WIB

BAR_MAX = 90.0
BY_ITSELF_AT = 2
"""The hour, WIB, from which the day before should be closed (R3)."""

_UNREAD = Mark("muted", "unplug", "Belum terbaca")


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
class Watch:
    """One thing that Admin keeps an eye on; the line opens the page that tells more."""

    title: str
    mark: Mark
    text: str
    address: str


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


def todo(home: Home, today: date, waiting: Figure) -> list[Todo]:
    """List what needs doing, the most urgent first; what is zero is left out."""
    items = [_overdue(home), _due_soon(home, today), _va_failed(home), _unsent(home)]
    return [item for item in [*items, _exceptions(waiting)] if item.count]


def watches(link: Link | None, closes: CloseState | None, now: datetime) -> list[Watch]:
    """Say how the bank and the books are doing; None where it cannot be read now."""
    return [_link(link), _explained(closes), _closed(closes, now.astimezone(WIB))]


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


def _exceptions(waiting: Figure) -> Todo:
    title = f"{wording.grouped(waiting.count)} pengecualian menunggu"
    detail = "Uang atau kabar bank yang perlu diputuskan orang"
    return Todo("error", "inbox", waiting.count, title, detail, "/exceptions", waiting.amount_idr)


def _link(link: Link | None) -> Watch:
    title, address = "Hubungan bank", "/bank/link"
    if link is None:
        return Watch(title, _UNREAD, "Keadaannya belum dapat dibaca.", address)
    mark, sentence = bank_page.health(link)
    if bank_page.is_stale(link) and mark.tone != "error":
        mark = Mark("warning", "clock", "Terlambat")
        waits = wording.money(link.unverified.amount_idr)
        sentence = f"{waits} menunggu konfirmasi bank lebih lama dari seharusnya."
    told = link.callbacks.last_at
    latest = "Tidak ada callback dalam 24 jam."
    if told is not None:
        latest = f"Callback terakhir {age(told, link.at)} lalu, {wording.moment(told)}."
    return Watch(title, mark, f"{sentence} {latest}", address)


def _explained(closes: CloseState | None) -> Watch:
    title, address = "Rupiah belum jelas", "/exceptions"
    if closes is None:
        return Watch(title, _UNREAD, "Angkanya belum dapat dibaca.", address)
    found = closes.unexplained
    if not found.count:
        good = Mark("success", "circle-check", wording.money(0))
        return Watch(title, good, "Setiap uang yang masuk sudah punya penjelasan.", address)
    mark = Mark("warning", "triangle-alert", wording.money(found.amount_idr))
    return Watch(title, mark, f"{wording.grouped(found.count)} hal di pengecualian.", address)


def _closed(closes: CloseState | None, now: datetime) -> Watch:
    title, address = "Tutup hari", "/closes"
    if closes is None:
        return Watch(title, _UNREAD, "Keadaannya belum dapat dibaca.", address)
    last = f"Terakhir ditutup {wording.day(closes.items[0].day)}." if closes.items else ""
    if closes.waiting is None:
        return Watch(title, Mark("muted", "clock", "Belum ada"), "Belum ada transaksi.", address)
    if not closes.waiting.over:
        text = last or "Hari pertama masih berjalan."
        return Watch(title, Mark("success", "circle-check", "Tepat waktu"), text, address)
    waits = f"{wording.day(closes.waiting.day)} sudah berakhir dan belum ditutup. {last}".rstrip()
    night = now.hour < BY_ITSELF_AT and closes.waiting.day == now.date() - timedelta(days=1)
    mark = Mark("info", "clock", "Malam ini") if night else Mark("warning", "clock", "Menunggu")
    return Watch(title, mark, waits, address)


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
