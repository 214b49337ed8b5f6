"""The first page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from dashboard.domain import feed, home, wording
from dashboard.domain.answers.bank import Link
from dashboard.domain.answers.closes import CloseState, Figure
from dashboard.domain.answers.exceptions import ExceptionPage
from dashboard.domain.answers.home import Home
from dashboard.domain.answers.payments import PaymentPage
from dashboard.domain.home import Watch
from dashboard.store.services import Reader
from shared.clock import business_day
from shared.errors import DomainError, NotFound, Unavailable

ROWS = 6
May = Callable[[str], bool]
Kind = TypeVar("Kind")


async def show_home(reader: Reader, now: datetime, may: May) -> dict[str, Any]:
    """Put the first page together; without the recap service it says so.

    Args:
        may: whether the reader has a function.
    """
    today = business_day(now)
    try:
        figures: Home | None = await reader.get("reporting", "/recaps/home", Home)
    except (NotFound, Unavailable):
        figures = None
    shown: dict[str, Any] = {"greeting": wording.greeting(now), "home": figures}
    shown["watches"] = await _watches(reader, now) if may("bank_link.read") else []
    if figures is None:
        return shown
    payments = await _latest(reader)
    return shown | {
        "todo": home.todo(figures, today, await _open(reader)),
        "chart": home.chart(figures.months),
        "month_percent": wording.share(figures.month.received_idr, figures.month.expected_idr),
        "standing": home.standing(figures.customers),
        "payments": [feed.row_of(payment, today) for payment in payments.items],
    }


async def _latest(reader: Reader) -> PaymentPage:
    try:
        return await reader.get("reconciliation", "/payments", PaymentPage, limit=ROWS)
    except Unavailable:
        return PaymentPage()


async def _watches(reader: Reader, now: datetime) -> list[Watch]:
    link = await _found(reader, "bank-gateway", "/bank-link", Link)
    closes = await _found(reader, "reconciliation", "/closes", CloseState, limit=1, facts="false")
    return home.watches(link, closes, now)


async def _open(reader: Reader) -> Figure:
    """Count what waits in the inbox; nothing when it cannot be had."""
    found = await _found(reader, "reconciliation", "/exceptions", ExceptionPage, limit=1)
    return Figure(count=found.total, amount_idr=found.sum_idr) if found else Figure()


async def _found(
    reader: Reader, service: str, path: str, kind: type[Kind], **params: object
) -> Kind | None:
    """Ask, where a page can stand without the answer."""
    try:
        return await reader.get(service, path, kind, **params)
    except DomainError:
        return None
