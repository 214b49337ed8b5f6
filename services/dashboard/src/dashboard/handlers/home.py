"""The first page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dashboard.domain import feed, home, wording
from dashboard.domain.answers.home import Home
from dashboard.domain.answers.payments import PaymentPage
from dashboard.store.services import Reader
from shared.clock import business_day
from shared.errors import NotFound, Unavailable

ROWS = 6


async def show_home(reader: Reader, now: datetime) -> dict[str, Any]:
    """Put the first page together; without the recap service it says so."""
    today = business_day(now)
    try:
        figures: Home | None = await reader.get("reporting", "/recaps/home", Home)
    except (NotFound, Unavailable):
        figures = None
    shown: dict[str, Any] = {"greeting": wording.greeting(now), "home": figures}
    if figures is None:
        return shown
    payments = await _latest(reader)
    return shown | {
        "todo": home.todo(figures, today),
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
