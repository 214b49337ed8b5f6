"""Closing days: what waits, what was certified, and the check of all books."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from dashboard.domain import closing
from dashboard.domain.answers.base import Page
from dashboard.domain.answers.closes import Certificate, Check, Close, ClosePage
from dashboard.domain.balances import comparison
from dashboard.store.services import Reader
from shared.errors import NotFound

ROWS, CHECKS = 30, 10


async def list_closes(reader: Reader, given: Mapping[str, str]) -> dict[str, Any]:
    """Show closed days, what waits, and how the books were found."""
    cursor = given.get("cursor", "")
    found = await reader.get("reconciliation", "/closes", ClosePage, cursor=cursor, limit=ROWS)
    checks = await reader.get("reconciliation", "/book-checks", Page[Check], limit=CHECKS)
    last = closing.last_finished(checks.items)
    points = closing.checklist(found.waiting, last) if found.waiting else []
    query = urlencode({"cursor": found.next_cursor or ""})
    return {
        "rows": [(each, closing.mark(each)) for each in found.items],
        "total": found.total,
        "newest": found.items[0] if found.items and not cursor else None,
        "waiting": found.waiting,
        "points": points,
        "blocked": closing.blocked(points),
        "unexplained": found.unexplained,
        "checks": checks.items,
        "running": any(not each.finished_at for each in checks.items),
        "next_address": f"/closes?{query}" if found.next_cursor else "",
    }


async def preview(reader: Reader) -> dict[str, Any]:
    """Show what closing the next day would certify.

    Raises:
        NotFound: nothing is booked, so no day waits.
    """
    found = await reader.get("reconciliation", "/closes", ClosePage, limit=1)
    if found.waiting is None:
        raise NotFound
    checks = await reader.get("reconciliation", "/book-checks", Page[Check], limit=CHECKS)
    points = closing.checklist(found.waiting, closing.last_finished(checks.items))
    shown = closing.of_facts(found.waiting.facts)
    return {
        "waiting": found.waiting,
        "points": points,
        "blocked": closing.blocked(points),
        **shown,
    }


async def show_certificate(reader: Reader, day: date) -> dict[str, Any]:
    """Show what was certified of a day.

    Raises:
        NotFound: the day is not closed.
    """
    found = await reader.get("reconciliation", f"/closes/{day.isoformat()}", Certificate)
    shown = closing.of_facts(found.facts, found.coverage_now)
    changed = found.balance_now if found.balance_now != found.facts.balance else None
    return {
        "day": found,
        "mark": closing.mark(found),
        "balance_now": comparison(changed),
        **shown,
    }


async def close_day(reader: Reader, day: date) -> None:
    """Close a day for good; of a closed day nothing changes.

    Raises:
        Refused: it is not over, or not the next one.
    """
    body = {"day": day.isoformat()}
    await reader.send("reconciliation", "POST", "/closes", body, Close)


async def check_books(reader: Reader) -> None:
    """Ask for a check of all books; it works beside the pages."""
    await reader.send("reconciliation", "POST", "/book-checks", {}, Check)
