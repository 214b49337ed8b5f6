"""Numbers that people read: unique, taken inside the transaction (K5)."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from shared.database import Session
from shared.tables import NumberSeries


async def take(session: Session, series: str, period: str = "") -> int:
    """Give the next number of a series; a rolled back transaction may leave a gap."""
    first = insert(NumberSeries).values(series=series, period=period, last=1)
    taken = first.on_conflict_do_update(
        index_elements=["series", "period"], set_={"last": col(NumberSeries.last) + 1}
    ).returning(col(NumberSeries.last))
    return int((await session.execute(taken)).scalar_one())
