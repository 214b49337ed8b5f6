"""Lists by keyset: ``?limit=&cursor=`` in, ``{items, next_cursor, total}`` out."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy import func
from sqlmodel import select
from sqlmodel.sql.expression import SelectOfScalar

from shared.clock import aware
from shared.database import Session
from shared.errors import Invalid
from shared.text import clean

Item = TypeVar("Item")
Row = TypeVar("Row")
Key = list[str | int | None]

Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=500)]
Search = Annotated[str | None, Query(max_length=100), AfterValidator(lambda t: t and clean(t))]


class CursorNotValid(Invalid):
    """A cursor that this server did not make."""

    detail = "Penanda halaman tidak dikenal. Mulai lagi dari halaman pertama."


class Page(BaseModel, Generic[Item]):
    """One page of a list; ``total`` counts all rows of the filter."""

    items: list[Item]
    next_cursor: str | None
    total: int


def encode(key: Key) -> str:
    """Make the opaque cursor of the last row's sort key."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def decode(cursor: str | None, length: int) -> Key | None:
    """Read a cursor back.

    Raises:
        CursorNotValid: it was not made by ``encode`` for a key of this length.
    """
    if cursor is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        key = json.loads(raw)
    except (binascii.Error, ValueError) as error:
        raise CursorNotValid(field="cursor") from error
    plain = isinstance(key, list) and all(isinstance(v, str | int | None) for v in key)
    if not plain or len(key) != length:
        raise CursorNotValid(field="cursor")
    return list(key)


InstantKey = tuple[datetime, UUID]
"""The sort key of a list by time; the id decides between equal times."""


def encode_instant(instant: datetime, row_id: UUID) -> str:
    """Make the cursor of the last row of a list by time."""
    return encode([instant.isoformat(), str(row_id)])


def decode_instant(cursor: str | None) -> InstantKey | None:
    """Read the cursor of a list by time back.

    Raises:
        CursorNotValid: it was not made by ``encode_instant``.
    """
    key = decode(cursor, 2)
    if key is None:
        return None
    try:
        return aware(datetime.fromisoformat(str(key[0]))), _id(key[1])
    except (ValueError, OverflowError) as error:
        raise CursorNotValid(field="cursor") from error


class ListQuery(BaseModel):
    """What every list takes; a service adds its filters. An unknown filter is refused.

    Used as ``wanted: Annotated[CustomerQuery, Query()]``.
    """

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=500)
    search: Annotated[str, Field(max_length=100), AfterValidator(clean)] = ""


@dataclass(frozen=True, slots=True)
class Found(Generic[Row]):
    """The rows of one page."""

    rows: list[Row]
    next_cursor: str | None
    total: int

    def page(self, view: Callable[[Row], Item]) -> Page[Item]:
        """Shape the rows for the answer."""
        items = [view(row) for row in self.rows]
        return Page(items=items, next_cursor=self.next_cursor, total=self.total)


async def newest_first(
    session: Session, query: SelectOfScalar[Row], id_column: Any, wanted: ListQuery
) -> Found[Row]:
    """Run a query by falling id; ids are UUIDv7, so that is from the newest to the oldest."""
    matching = query.with_only_columns(id_column).order_by(None).subquery()
    total = (await session.exec(select(func.count()).select_from(matching))).one()
    after = decode(wanted.cursor, 1)
    if after is not None:
        query = query.where(id_column < _id(after[0]))
    page = query.order_by(id_column.desc()).limit(wanted.limit + 1)
    rows = list((await session.exec(page)).all())
    more = len(rows) > wanted.limit
    rows = rows[: wanted.limit]
    last = getattr(rows[-1], id_column.key) if more else None
    return Found(rows, encode([str(last)]) if more else None, total)


def _id(value: str | int | None) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as error:
        raise CursorNotValid(field="cursor") from error
