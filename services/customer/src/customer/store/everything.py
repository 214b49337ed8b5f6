"""Reading a whole table in pieces, oldest first."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TypeVar
from uuid import UUID

from sqlmodel import col, select

from customer.models import Booking, Customer, Product
from shared.database import Session

_PIECE = 500
Row = TypeVar("Row", Booking, Customer, Product)


async def every(session: Session, table: type[Row]) -> AsyncIterator[Row]:
    """Yield each row; memory holds one piece at a time."""
    after = UUID(int=0)
    while True:
        query = select(table).where(col(table.id) > after).order_by(col(table.id)).limit(_PIECE)
        rows = (await session.exec(query)).all()
        for row in rows:
            yield row
        if len(rows) < _PIECE:
            return
        after = rows[-1].id
        session.expunge_all()
