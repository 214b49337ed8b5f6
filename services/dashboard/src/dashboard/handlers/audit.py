"""The audit log: one list of all services, whether it is whole, and its file."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from dashboard.domain import wording
from dashboard.domain.answers.audit import AuditPage, Chains
from dashboard.domain.answers.base import Page
from dashboard.domain.answers.home import UserRow
from dashboard.domain.deeds import OBJECTS, Deed, read
from dashboard.store.services import Reader
from shared import audit
from shared.database import Session
from shared.errors import DomainError
from shared.sheets.cells import Column, Kind, Row
from shared.sheets.writer import CsvWriter, Table

FILTERS = ("actor_id", "object_type", "from", "to", "object_id")
FILE_ROWS = 5_000
_PAGE, _FILE_PAGE = 50, 200
_TABLE = Table(
    "Jejak audit",
    (
        Column("at", "Waktu (WIB)", Kind.MOMENT),
        Column("who", "Siapa"),
        Column("role", "Peran"),
        Column("words", "Tindakan"),
        Column("object", "Objek"),
        Column("changes", "Perubahan"),
        Column("reason", "Alasan"),
        Column("source", "Asal"),
    ),
)


async def list_audit(reader: Reader, given: Mapping[str, str]) -> dict[str, Any]:
    """Show one page of the log, its filters, and how its chains were found."""
    wanted = _wanted(given)
    cursor = given.get("cursor", "")
    found = await reader.get("gateway", "/audit", AuditPage, **wanted, cursor=cursor, limit=_PAGE)
    following = found.next_cursor or ""
    return {
        "deeds": [read(row) for row in found.items],
        "total": found.total,
        "is_partial": bool(found.unavailable),
        "counted_most": audit.COUNTED_MOST,
        "people": await _people(reader),
        "kinds": sorted((word, kind) for kind, (word, _) in OBJECTS.items()),
        "filter": {name: given.get(name, "") for name in FILTERS},
        "narrowed": bool(wanted),
        "chain": await _chain(reader),
        "next_address": f"/audit?{urlencode(wanted | {'cursor': following})}" if following else "",
    }


async def rows_of_file(reader: Reader, given: Mapping[str, str]) -> AsyncIterator[Deed]:
    """Give the newest rows of a filter, page by page, up to ``FILE_ROWS``."""
    wanted, cursor = _wanted(given), ""
    for _ in range(FILE_ROWS // _FILE_PAGE):
        found = await reader.get(
            "gateway", "/audit", AuditPage, **wanted, cursor=cursor, limit=_FILE_PAGE
        )
        for row in found.items:
            yield read(row)
        if found.next_cursor is None:
            return
        cursor = found.next_cursor


async def write_file(
    reader: Reader, given: Mapping[str, str], session: Session, maker: str
) -> bytes:
    """Write the rows as CSV that spreadsheets here open right, and note that they were taken."""
    file = io.BytesIO()
    made = f"dibuat {wording.moment(session.clock.now())} oleh {maker}"
    writer = CsvWriter(file, [(_TABLE.title, made)])
    writer.begin(_TABLE)
    count = 0
    async for deed in rows_of_file(reader, given):
        writer.add([_row(deed)])
        count += 1
    writer.finish()
    audit.record(
        session,
        action="audit.exported",
        object_type="audit",
        object_id=uuid4(),
        after={"rows": count, **{f"filter_{k}": v for k, v in _wanted(given).items()}},
    )
    return file.getvalue()


def _row(deed: Deed) -> Row:
    changed = "; ".join(
        f"{each.word}: {each.before} → {each.after}"
        if each.before
        else f"{each.word}: {each.after}"
        for each in deed.changes
    )
    return {
        "at": deed.at,
        "who": deed.who,
        "role": deed.role,
        "words": deed.words,
        "object": f"{deed.object_word} {deed.object_name}".strip(),
        "changes": changed,
        "reason": deed.reason,
        "source": deed.source,
    }


def _wanted(given: Mapping[str, str]) -> dict[str, str]:
    """Take the filters that can be meant; one that cannot is as if it was not given."""
    valid = {
        "actor_id": _is_id,
        "object_id": _is_id,
        "object_type": OBJECTS.__contains__,
        "from": _is_day,
        "to": _is_day,
    }
    return {
        name: given[name] for name, fits in valid.items() if given.get(name) and fits(given[name])
    }


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


async def _people(reader: Reader) -> list[UserRow]:
    """List everybody who may have done something; a page does without when it cannot be had."""
    try:
        found = await reader.get("gateway", "/users", Page[UserRow], limit=200)
    except DomainError:
        return []
    return sorted(found.items, key=lambda user: user.name)


async def _chain(reader: Reader) -> dict[str, Any] | None:
    """Say how the chains were found; None when it cannot be read."""
    try:
        chains = await reader.get("gateway", "/audit/chain", Chains)
    except DomainError:
        return None
    looks: list[datetime] = [each.checked_at for each in chains.items if each.checked_at]
    missing = len(looks) < len(chains.items) or bool(chains.unavailable)
    return {
        "broken": any(each.broken_no for each in chains.items),
        "checked_at": min(looks) if looks and not missing else None,
        "seals": sum(each.seals for each in chains.items),
        "unsealed": sum(each.unsealed for each in chains.items),
    }
