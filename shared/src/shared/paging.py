"""Lists by keyset: ``?limit=&cursor=`` in, ``{items, next_cursor, total}`` out."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy import func, literal, tuple_
from sqlmodel import select
from sqlmodel.sql.expression import SelectOfScalar

from shared.clock import aware
from shared.database import Session
from shared.errors import Invalid
from shared.money import LARGEST_IDR
from shared.text import clean, storable

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
    plain = isinstance(key, list) and all(_is_plain(v) for v in key)
    if not plain or len(key) != length:
        raise CursorNotValid(field="cursor")
    return list(key)


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        try:
            storable(value)
        except ValueError:
            return False
    return value is None or isinstance(value, str | int)


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


@dataclass(frozen=True, slots=True)
class Order:
    """By what a list is sorted; the id decides between equals, so that a page follows a key.

    Attributes:
        name: as the query says it, after a minus the attribute of a row; a cursor of another
            order is refused.
        column: never null.
        read: makes a value of the column out of a cursor's text.
    """

    name: str
    column: Any
    read: Callable[[str], Any]
    falling: bool

    @classmethod
    def of(cls, name: str, columns: Mapping[str, tuple[Any, Callable[[str], Any]]]) -> Order:
        """Give the order of a name; a minus before it means from the highest."""
        column, read = columns[name.removeprefix("-")]
        return cls(name, column, read, name.startswith("-"))

    def page(self, query: Any, id_column: Any, cursor: str | None) -> Any:
        """Sort a query and begin after the cursor.

        Raises:
            CursorNotValid: it was not made by ``cursor`` of this order.
        """
        columns = (self.column, id_column)
        after = self._key(cursor)
        if after is not None:
            here, there = tuple_(*columns), tuple_(*map(literal, after))
            query = query.where(here < there if self.falling else here > there)
        return query.order_by(*(c.desc() if self.falling else c.asc() for c in columns))

    def cursor(self, row: Any) -> str:
        """Make the cursor of the last row."""
        return encode([self.name, str(getattr(row, self.name.lstrip("-"))), str(row.id)])

    def _key(self, cursor: str | None) -> tuple[Any, UUID] | None:
        key = decode(cursor, 3)
        if key is None:
            return None
        if key[0] != self.name:
            raise CursorNotValid(field="cursor")
        try:
            return self.read(str(key[1])), _id(key[2])
        except (ValueError, OverflowError) as error:
            raise CursorNotValid(field="cursor") from error


def read_instant(text: str) -> datetime:
    """Read an instant out of a cursor."""
    return aware(datetime.fromisoformat(text))


def read_amount(text: str) -> int:
    """Read rupiah out of a cursor."""
    amount = int(text)
    if abs(amount) > LARGEST_IDR:
        raise ValueError(text)
    return amount


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
    session: Session,
    query: SelectOfScalar[Row],
    id_column: Any,
    wanted: ListQuery,
    order: Order | None = None,
) -> Found[Row]:
    """Run a query by falling id; ids are UUIDv7, so that is from the newest to the oldest.

    With an ``order`` it is sorted by that.
    """
    matching = query.with_only_columns(id_column).order_by(None).subquery()
    total = (await session.exec(select(func.count()).select_from(matching))).one()
    order = order or Order("-id", id_column, UUID, falling=True)
    page = order.page(query, id_column, wanted.cursor).limit(wanted.limit + 1)
    rows = list((await session.exec(page)).all())
    more = len(rows) > wanted.limit
    rows = rows[: wanted.limit]
    return Found(rows, order.cursor(rows[-1]) if more else None, total)


def _id(value: str | int | None) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as error:
        raise CursorNotValid(field="cursor") from error
