"""Imports of spreadsheets: upload, match, look, run, take back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from dashboard.domain.answers.base import Page
from dashboard.domain.answers.imports import Import, ImportDetail, ImportRows
from dashboard.domain.files import File
from dashboard.domain.forms import number
from dashboard.domain.imports import VERDICTS
from dashboard.domain.recap_choice import Tab
from dashboard.handlers import people
from dashboard.store.services import Reader

ROWS, IMPORTS = 50, 25
_PATH = "/imports"


async def list_imports(reader: Reader, given: Mapping[str, str]) -> dict[str, Any]:
    """Show what was imported, the newest first."""
    cursor = given.get("cursor", "")
    found = await reader.get("customer", _PATH, Page[Import], cursor=cursor, limit=IMPORTS)
    following = urlencode({"cursor": found.next_cursor or ""})
    address = f"{_PATH}?{following}" if found.next_cursor else ""
    return {"imports": found, "next_address": address}


async def upload(
    reader: Reader, file: File, kind: str, marketing_id: str, key: str
) -> ImportDetail:
    """Have a file staged and looked at.

    Raises:
        Refused: it is no table, or too large.
    """
    fields = {"kind": kind} | ({"marketing_id": marketing_id} if marketing_id else {})
    return await reader.upload("customer", _PATH, fields, file, ImportDetail, key=key)


async def find(reader: Reader, import_id: UUID) -> ImportDetail:
    """Read one import."""
    return await reader.get("customer", f"{_PATH}/{import_id}", ImportDetail)


async def choices(reader: Reader) -> list[tuple[str, str]]:
    """Give the Marketing who can get new customers."""
    found = await people.sellers_if_any(reader, wanted=True)
    return [("", "Tertulis di berkas"), *((str(one.id), one.name) for one in found)]


async def look(reader: Reader, found: ImportDetail, given: Mapping[str, str]) -> dict[str, Any]:
    """Show rows of one verdict; without a wish, those that need a person come first."""
    usual = next((each for each in VERDICTS if found.rows.get(each)), "new")
    verdict = given.get("verdict", "")
    verdict = verdict if verdict in VERDICTS else usual
    after = number(given.get("after", "")) or 0
    path = f"{_PATH}/{found.id}"
    rows = await reader.get(
        "customer", f"{path}/rows", ImportRows, verdict=verdict, after=after, limit=ROWS
    )
    tabs = [
        Tab(word, f"{path}?verdict={key}", key == verdict, found.rows.get(key, 0))
        for key, word in VERDICTS.items()
    ]
    more = f"{path}?verdict={verdict}&after={rows.next_after}" if rows.next_after else ""
    return {"rows": rows, "tabs": tabs, "verdict": verdict, "next_address": more}


async def match(
    reader: Reader, import_id: UUID, columns: Mapping[str, int], marketing_id: str
) -> None:
    """Say which column is which.

    Raises:
        Refused: it makes no sense, or the import is not a draft any more.
    """
    body = {"columns": dict(columns), "marketing_id": marketing_id or None}
    await reader.send("customer", "PATCH", f"{_PATH}/{import_id}", body, ImportDetail)


async def mend(reader: Reader, import_id: UUID, row_no: int, texts: Mapping[str, str]) -> None:
    """Type over cells of a row.

    Raises:
        Refused: the import is not a draft any more.
    """
    path = f"{_PATH}/{import_id}/rows/{row_no}"
    await reader.send("customer", "PATCH", path, {"texts": dict(texts)}, ImportDetail)


async def act(reader: Reader, import_id: UUID, what: str, body: Mapping[str, Any]) -> Import:
    """Run an import, check it again, or take it back.

    Raises:
        Refused: its rows or its state do not allow it.
    """
    return await reader.send("customer", "POST", f"{_PATH}/{import_id}/{what}", body, Import)


async def troubles(reader: Reader, found: ImportDetail) -> ImportRows:
    """Give the first rows that were left out of an import that ended."""
    if not found.rejected and not found.failed:
        return ImportRows()
    path = f"{_PATH}/{found.id}/rows"
    kinds = ("rejected", "new", "changed") if found.failed else ("rejected",)
    pages = await asyncio.gather(
        *(reader.get("customer", path, ImportRows, verdict=each, limit=200) for each in kinds)
    )
    rows = sorted((r for page in pages for r in page.items if r.faults), key=lambda r: r.row_no)
    return ImportRows(items=tuple(rows[:ROWS]))
