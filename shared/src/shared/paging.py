"""Lists by keyset: ``?limit=&cursor=`` in, ``{items, next_cursor, total}`` out."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel

from shared.errors import Invalid

Item = TypeVar("Item")
Key = list[str | int | None]

Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=500)]
Search = Annotated[str | None, Query(max_length=100)]


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
