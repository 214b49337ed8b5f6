"""The live feed of payments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from dashboard.domain import feed
from dashboard.domain.answers.payments import PaymentPage
from dashboard.store.services import Reader

ROWS = 50


@dataclass(frozen=True, slots=True)
class Filter:
    """Which payments are wanted; days are WIB days of the payment."""

    search: str
    verification: str
    marketing_id: str
    from_: str
    to: str
    cursor: str

    @property
    def active(self) -> bool:
        """Tell whether anything is filtered; a filtered list does not take new rows."""
        return any((self.search, self.verification, self.marketing_id, self.from_, self.to))

    def query(self, **changed: str) -> str:
        """Give the page's own address."""
        pairs = {
            "search": self.search,
            "verification": self.verification,
            "marketing_id": self.marketing_id,
            "from": self.from_,
            "to": self.to,
            "cursor": self.cursor,
            **changed,
        }
        query = urlencode({name: text for name, text in pairs.items() if text})
        return f"/payments?{query}" if query else "/payments"


async def list_payments(reader: Reader, given: Mapping[str, str], today: date) -> dict[str, Any]:
    """Show payments, the newest first; the figures above are today's unless days are chosen."""
    wanted = Filter(
        given.get("search", ""),
        given.get("verification", ""),
        given.get("marketing_id", ""),
        given.get("from", ""),
        given.get("to", ""),
        given.get("cursor", ""),
    )
    found = await _ask(reader, wanted, limit=ROWS)
    totals, words = found.totals, "Sesuai saringan"
    if not wanted.active:
        day = today.isoformat()
        todays = await _ask(reader, Filter("", "", "", day, day, ""), limit=1)
        totals, words = todays.totals, "Hari ini"
    following = found.next_cursor
    return {
        "rows": [feed.row_of(payment, today) for payment in found.items],
        "total": found.total,
        "totals": totals,
        "totals_word": words,
        "filter": wanted,
        "here": wanted.query(),
        "next_address": wanted.query(cursor=following) if following else "",
    }


async def _ask(reader: Reader, wanted: Filter, limit: int) -> PaymentPage:
    return await reader.get(
        "reconciliation",
        "/payments",
        PaymentPage,
        search=wanted.search,
        verification=wanted.verification,
        marketing_id=wanted.marketing_id,
        from_=wanted.from_,
        to=wanted.to,
        cursor=wanted.cursor,
        limit=limit,
    )
