"""Handing customers over in bulk: choosing, looking, running, taking back (P10)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from dashboard.domain import status
from dashboard.domain.answers.base import Page
from dashboard.domain.answers.customers import Customer
from dashboard.domain.answers.handovers import Handover, Row
from dashboard.domain.answers.recaps import CustomerRecap, CustomerRows
from dashboard.domain.forms import identity
from dashboard.domain.listing import Listing
from dashboard.domain.refusals import Refused
from dashboard.handlers.people import sellers
from dashboard.store.services import Reader
from shared.errors import DomainError

FIELDS = {"marketing_id", "reason", "customer_ids", "from_marketing_id"}
ALONE_MOST = 20
"""More customers than this need the password again; the service checks it (A8)."""
CHOOSE_MOST, NAMED_MOST = 200, 50
"""Customers that the form lists: of one Marketing, and of those who were picked before."""
PICKED_MOST = 2_000
_ROWS = 25
_SHOWN = 5


async def choose(reader: Reader, owner: str, chosen: Sequence[str]) -> dict[str, Any]:
    """Show whom can be handed over: those who were ticked before, or one Marketing's."""
    people = await sellers(reader)
    if chosen:
        ids = [identity(text) for text in chosen[:NAMED_MOST]]
        found = await asyncio.gather(*(_customer(reader, each) for each in ids))
        customers, total = list(found), len(chosen)
    elif owner:
        page = await reader.get(
            "customer",
            "/customers",
            Page[Customer],
            marketing_id=identity(owner),
            limit=CHOOSE_MOST,
        )
        customers, total = list(page.items), page.total
    else:
        customers, total = [], 0
    recent = await reader.get("customer", "/handovers", Page[Handover], limit=_SHOWN)
    return {
        "people": people,
        "owner": owner,
        "customers": customers,
        "total": total,
        "ticked": bool(chosen),
        "unnamed": [str(identity(text)) for text in chosen[NAMED_MOST:]],
        "targets": [(str(one.id), one.name) for one in people if str(one.id) != owner],
        "recent": [
            (each, status.HANDOVER.get(each.state, status.UNKNOWN)) for each in recent.items
        ],
    }


async def all_of(reader: Reader, listing: Listing) -> list[str]:
    """Give everybody of a list's filter.

    Raises:
        Refused: more than one handover takes from a list.
    """
    found: list[str] = []
    cursor = ""
    while len(found) <= PICKED_MOST:
        asked = {**listing.filter, "sort": listing.sort, "cursor": cursor, "limit": CHOOSE_MOST}
        page = await reader.get("reporting", "/recaps/customers", CustomerRows, **asked)
        found += [str(row.customer.id) for row in page.items]
        if not page.next_cursor:
            return found
        cursor = page.next_cursor
    raise Refused(
        "Lebih dari 2.000 pelanggan dipilih. Persempit saringannya, atau pindahkan semua pelanggan"
        " satu Marketing dari halaman Pindahkan."
    )


async def draft(reader: Reader, values: Mapping[str, str], chosen: Sequence[str]) -> Handover:
    """Keep who would move; nothing changes yet."""
    body: dict[str, Any] = {
        "marketing_id": str(identity(values.get("marketing_id", ""))),
        "reason": values.get("reason", "").strip(),
    }
    if values.get("whole") == "yes":
        body["from_marketing_id"] = str(identity(values.get("from", "")))
    else:
        body["customer_ids"] = [str(identity(text)) for text in chosen]
    key = values.get("idempotency_key", "")
    return await reader.send("customer", "POST", "/handovers", body, Handover, key=key)


async def show(reader: Reader, handover_id: UUID, given: Mapping[str, str]) -> dict[str, Any]:
    """Show what would happen, how far it is, or what happened."""
    path = f"/customers/moves/{handover_id}"
    handover = await reader.get("customer", f"/handovers/{handover_id}", Handover)
    state = "skipped" if given.get("state") == "skipped" else ""
    found = await reader.get(
        "customer",
        f"/handovers/{handover_id}/rows",
        Page[Row],
        state=state,
        cursor=given.get("cursor", ""),
        limit=_ROWS,
    )
    unpaid = await asyncio.gather(*(_unpaid(reader, row.customer.id) for row in found.items))
    following = found.next_cursor or ""
    progress = handover.progress
    taken = progress.total - progress.waiting
    if handover.state == "undoing":
        taken = progress.returned + progress.skipped
    query = {name: text for name, text in {"state": state, "cursor": following}.items() if text}
    return {
        "handover": handover,
        "mark": _mark(handover),
        "rows": list(zip(found.items, unpaid, strict=True)),
        "total": found.total,
        "only_skipped": bool(state),
        "taken": taken,
        "at_work": handover.state in {"running", "undoing"},
        "sensitive": progress.total > ALONE_MOST,
        "path": path,
        "next_address": f"{path}?{urlencode(query)}" if following else "",
    }


async def run(reader: Reader, handover_id: UUID, act: str) -> None:
    """Begin, or give everybody back.

    Raises:
        ConfirmationNeeded: many customers, and the password was not given lately (A8).
    """
    await reader.send("customer", "POST", f"/handovers/{handover_id}/{act}", {}, Handover)


def _mark(handover: Handover) -> status.Mark:
    return status.HANDOVER.get(handover.state, status.UNKNOWN)


async def _customer(reader: Reader, customer_id: UUID) -> Customer:
    return await reader.get("customer", f"/customers/{customer_id}", Customer)


async def _unpaid(reader: Reader, customer_id: UUID) -> int | None:
    """Read what one still owes; None when it cannot be read now."""
    try:
        path = f"/recaps/customers/{customer_id}"
        recap = await reader.get("reporting", path, CustomerRecap)
    except DomainError:
        return None
    return recap.due_this_month_idr + recap.remaining_idr
