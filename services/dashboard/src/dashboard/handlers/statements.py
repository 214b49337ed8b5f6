"""Bank statements: looking at a file, importing it, and what was imported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from pydantic import TypeAdapter

from dashboard.domain.answers.base import Page
from dashboard.domain.answers.statements import (
    Column,
    LinePage,
    Look,
    Statement,
    StatementDetail,
)
from dashboard.domain.balances import comparison
from dashboard.domain.forms import number
from dashboard.domain.refusals import Refused
from dashboard.domain.statement_draft import Draft
from dashboard.domain.statement_result import result_of
from dashboard.store.services import Reader

ROWS, LINES = 25, 100
_COLUMNS = TypeAdapter(list[Column])


async def list_statements(reader: Reader, given: Mapping[str, str]) -> dict[str, Any]:
    """Show what was imported, the newest first."""
    found = await reader.get(
        "reconciliation",
        "/statements",
        Page[Statement],
        cursor=given.get("cursor", ""),
        limit=ROWS,
    )
    query = urlencode({"cursor": found.next_cursor or ""})
    following = f"/bank/import?{query}" if found.next_cursor else ""
    return {"statements": found, "next_address": following, "first": not given.get("cursor")}


async def show_statement(
    reader: Reader, statement_id: UUID, given: Mapping[str, str]
) -> dict[str, Any]:
    """Show one statement: what became of it, and a page of the lines that it brought."""
    path = f"/statements/{statement_id}"
    after = number(given.get("after", "")) or 0
    statement = await reader.get("reconciliation", path, StatementDetail)
    lines = await reader.get("reconciliation", f"{path}/lines", LinePage, after=after, limit=LINES)
    following = f"/bank/statements/{statement_id}?after={lines.next_after}"
    return {
        "statement": statement,
        "result": result_of(statement),
        "balance": comparison(statement.balance),
        "lines": lines,
        "next_address": following if lines.next_after else "",
    }


async def look_at(reader: Reader, draft: Draft) -> Look:
    """Have a file read, proved and compared; nothing is written.

    Raises:
        Refused: it cannot be trusted; the problem says where.
    """
    return await _send(reader, draft, uuid4().hex, dry_run="true")


async def import_statement(reader: Reader, draft: Draft, key: str) -> Look:
    """Have a file imported, whole or not at all.

    Raises:
        Refused: as ``look_at``.
    """
    return await _send(reader, draft, key, dry_run="false")


async def find_columns(reader: Reader, draft: Draft) -> Sequence[Column]:
    """Give the columns of a file, whatever was said about them."""
    try:
        return (await look_at(reader, replace(draft, roles={}, opening=""))).columns
    except Refused as refusal:
        return columns_of(refusal)


def columns_of(refusal: Refused) -> list[Column]:
    """Give the columns of a refused table, so that a person can name them."""
    return _COLUMNS.validate_python(refusal.problem.get("columns", []))


async def _send(reader: Reader, draft: Draft, key: str, *, dry_run: str) -> Look:
    fields = {"dry_run": dry_run, **draft.fields}
    return await reader.upload("reconciliation", "/statements", fields, draft.file, Look, key=key)
