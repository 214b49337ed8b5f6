"""The inbox of what needs a person: the list, one matter, and what is done about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from dashboard.domain import inbox
from dashboard.domain.answers.exceptions import Detail, ExceptionPage, Matter
from dashboard.domain.closing import EXCEPTIONS
from dashboard.domain.dividing import Division
from dashboard.handlers import owners
from dashboard.store.services import Reader
from shared.errors import DomainError

ROWS = 100
FILTERS = ("age", "kind", "owner", "state")


async def count_open(reader: Reader, *, wanted: bool) -> int:
    """Count what waits, for the menu; a page does without when it cannot be had."""
    if not wanted:
        return 0
    try:
        return (await reader.get("reconciliation", "/exceptions", ExceptionPage, limit=1)).total
    except DomainError:
        return 0


async def list_matters(reader: Reader, given: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """Show the queue, oldest first, in the filter of the address."""
    wanted = {name: given[name] for name in FILTERS if given.get(name)}
    asked = {f"{name}_": value for name, value in wanted.items()}
    found = await reader.get("reconciliation", "/exceptions", ExceptionPage, limit=ROWS, **asked)
    counts = inbox.counted(found.ages)
    return {
        "found": found,
        "rows": [(each, inbox.mark(each.kind), inbox.subject(each)) for each in found.items],
        "filter": {name: wanted.get(name, "") for name in FILTERS},
        "narrowed": bool(wanted),
        "kept": f"?{urlencode(wanted)}" if wanted else "",
        "ages": [
            (word, counts[name], _address(wanted | {"age": name}), wanted.get("age", "") == name)
            for name, word in inbox.AGES.items()
        ],
        "matched": found.unknown_idr is not None and found.unknown_idr == found.suspense_idr,
        "now": now,
        "age_of": inbox.age,
        "kinds": EXCEPTIONS,
    }


async def find(reader: Reader, exception_id: UUID) -> Detail:
    """Load one matter.

    Raises:
        NotFound: it is not there, or not his to see.
    """
    return await reader.get("reconciliation", f"/exceptions/{exception_id}", Detail)


async def show(
    reader: Reader,
    detail: Detail,
    queue: tuple[Matter, ...],
    search: str,
    division: Division | None = None,
) -> dict[str, Any]:
    """Show one matter with whoever the money may belong to, and its neighbours in the queue.

    Args:
        division: how the money is being split, on the page that asks for it.
    """
    places = [each.id for each in queue]
    at = places.index(detail.id) if detail.id in places else None
    return {
        "matter": detail,
        "mark": inbox.mark(detail.kind),
        "states": inbox.STATES,
        "done": inbox.DONE,
        "approvals": inbox.APPROVALS,
        "place": None if at is None else at + 1,
        "before": places[at - 1] if at else None,
        "after": _after(places, at),
        "strengths": inbox.STRENGTHS,
        "shares_of": inbox.shares_of,
        "search": search,
        "left_idr": division.left_of(detail.amount_idr) if division else None,
        **await owners.find(reader, detail, search, division),
    }


async def act(reader: Reader, exception_id: UUID, name: str, values: Mapping[str, str]) -> Detail:
    """Do what a person asked for on the page.

    Raises:
        Refused: it may not be, or something is missing.
        Outdated: somebody else was faster (K4).
        ConfirmationNeeded: the password was not given lately (A8).
    """
    path, body = _asked(name, values)
    return await reader.send(
        "reconciliation",
        "POST",
        f"/exceptions/{exception_id}/{path}",
        body,
        Detail,
        key=values["idempotency_key"],
        version=values["version"],
    )


def _asked(name: str, values: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    reason = values["reason"].strip()
    match name:
        case "take" | "release":
            return "assign", {"to": "me" if name == "take" else "nobody"}
        case "ask":
            chosen = {"marketing_id": values["marketing_id"]} if values["marketing_id"] else {}
            return "assign", {"to": "marketing", "note": reason} | chosen
        case "notes":
            return "notes", {"text": reason}
        case "approve" | "refuse" | "undo":
            return name, {"reason": reason}
        case "split":
            return "resolve", Division(values).body()
        case _:
            chosen = {"customer_id": values["customer_id"]} if values["customer_id"] else {}
            bills = inbox.read_shares(values[f"bills_{values['customer_id']}"])
            paid = {"invoices": bills} if bills and name == "match" else {}
            return "resolve", {"action": name, "reason": reason} | chosen | paid


def _after(places: list[UUID], at: int | None) -> UUID | None:
    """Give what comes next; from the last one the first, when it is another."""
    if at is None:
        return places[0] if places else None
    rest = [*places[at + 1 :], *places[:at]]
    return rest[0] if rest else None


def _address(wanted: Mapping[str, str]) -> str:
    query = urlencode({name: value for name, value in wanted.items() if value})
    return f"/exceptions?{query}" if query else "/exceptions"
