"""The live feed of payments."""

from __future__ import annotations

from datetime import date
from typing import Any

from dashboard.domain import feed
from dashboard.domain.answers.payments import PaymentPage
from dashboard.domain.listing import Listing
from dashboard.store.services import Reader


async def list_payments(reader: Reader, listing: Listing, today: date) -> dict[str, Any]:
    """Show payments, the newest first; the figures above are today's unless something is chosen."""
    found = await _ask(reader, **listing.asks)
    totals, words = found.totals, "Sesuai saringan"
    if not listing.filtered:
        day = today.isoformat()
        totals, words = (await _ask(reader, from_=day, to=day, limit=1)).totals, "Hari ini"
    rows = [feed.row_of(payment, today) for payment in found.items]
    newest = not (listing.filtered or listing.cursor or listing.sort != listing.kind.sort)
    return {
        "rows": rows,
        "totals": totals,
        "totals_word": words,
        "list": listing.found(found.total, len(rows), found.next_cursor, {}),
        "takes_new": newest,
    }


async def _ask(reader: Reader, **params: object) -> PaymentPage:
    return await reader.get("reconciliation", "/payments", PaymentPage, **params)
