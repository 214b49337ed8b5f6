"""Counts and sums of bills that are kept, so that no list of a million adds them up (ADR-0037)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import text

from invoicing.domain.invoice import OPEN, InvoiceStatus, due_soon_until
from shared.database import Session, Sessions
from shared.principal import Principal

_AT_ONCE = 20_000

_FOLD = text("""
WITH gone AS (
    DELETE FROM invoice_changes WHERE id IN (
        SELECT id FROM invoice_changes ORDER BY id LIMIT :most FOR UPDATE
    ) RETURNING *
), moved AS (
    SELECT marketing_id, status, due_on, sum(bills) AS bills, sum(total_idr) AS total_idr,
        sum(paid_idr) AS paid_idr
    FROM gone GROUP BY GROUPING SETS ((marketing_id, status, due_on), (marketing_id, status))
), kept AS (
    INSERT INTO invoice_tallies AS t
    SELECT marketing_id, status, due_on, bills, total_idr, paid_idr FROM moved
    ON CONFLICT (marketing_id, status, due_on) DO UPDATE SET bills = t.bills + excluded.bills,
        total_idr = t.total_idr + excluded.total_idr, paid_idr = t.paid_idr + excluded.paid_idr
)
SELECT count(*) FROM gone
""")

_READ = """
WITH known AS (
    SELECT status, due_on, bills, total_idr, paid_idr FROM invoice_tallies
    WHERE {tallied} {owned}
    UNION ALL
    SELECT status, due_on, bills, total_idr, paid_idr FROM invoice_changes
    WHERE {noted} {owned}
)
SELECT status, due_on < :today AS late, due_on BETWEEN :today AND :soon AS near,
    sum(bills)::bigint AS bills, sum(total_idr)::bigint AS total_idr,
    sum(paid_idr)::bigint AS paid_idr
FROM known GROUP BY 1, 2, 3
"""
_DAYS = "due_on BETWEEN :due_from AND :due_to"
_NEAR = "status IN ('issued', 'partially_paid') AND due_on <= :soon"


@dataclass(frozen=True, slots=True)
class Tally:
    """Bills of one status; ``late`` and ``near`` are said where the days were looked at."""

    status: InvoiceStatus
    late: bool
    near: bool
    bills: int
    total_idr: int
    paid_idr: int

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


@dataclass(frozen=True, slots=True)
class InvoiceSums:
    """Figures over every row of a filter; void bills count as rows, not as money."""

    count: int = 0
    total_idr: int = 0
    paid_idr: int = 0

    @property
    def outstanding_idr(self) -> int:
        """What is still owed."""
        return self.total_idr - self.paid_idr

    def add(self, tally: Tally) -> InvoiceSums:
        """Add bills of one status."""
        money = tally.status is not InvoiceStatus.CANCELLED
        return InvoiceSums(
            self.count + tally.bills,
            self.total_idr + (tally.total_idr if money else 0),
            self.paid_idr + (tally.paid_idr if money else 0),
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose bills, and due between which days."""

    today: date
    marketing_id: UUID | None
    due_from: date | None
    due_to: date | None


async def read(session: Session, wanted: Wanted) -> tuple[Sequence[Tally], Sequence[Tally]]:
    """Give what is kept by status, and the same for the open bills that are late or nearly due."""
    soon = due_soon_until(wanted.today)
    given: dict[str, object] = {"today": wanted.today, "soon": soon, "owner": wanted.marketing_id}
    if wanted.due_from or wanted.due_to:
        span = {"due_from": wanted.due_from or date.min, "due_to": wanted.due_to or date.max}
        found = await _read(session, _DAYS, _DAYS, given | span)
        return found, found
    whole = await _read(session, "due_on IS NULL", "true", given)
    return whole, await _read(session, _NEAR, _NEAR, given)


def by_view(
    whole: Sequence[Tally], near: Sequence[Tally], views: Sequence[str]
) -> dict[str, InvoiceSums]:
    """Give the figures of each tab."""
    found = dict.fromkeys(views, InvoiceSums())
    for tally in whole:
        for view in ("all", str(tally.status)):
            found[view] = found[view].add(tally)
    for tally in near:
        if tally.is_open and (tally.late or tally.near):
            view = "overdue" if tally.late else "due_soon"
            found[view] = found[view].add(tally)
    return found


async def _read(
    session: Session, tallied: str, noted: str, given: dict[str, object]
) -> list[Tally]:
    owned = "AND marketing_id = :owner" if given["owner"] else ""
    query = text(_READ.format(tallied=tallied, noted=noted, owned=owned))
    used = {name: value for name, value in given.items() if f":{name}" in query.text}
    found = (await session.execute(query, used)).mappings()
    return [
        Tally(
            InvoiceStatus(row["status"]),
            bool(row["late"]),
            bool(row["near"]),
            row["bills"],
            row["total_idr"],
            row["paid_idr"],
        )
        for row in found
    ]


class Folding:
    """Adds what was noted to what is kept, one at a time in all processes."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def step(self) -> timedelta | None:
        """Fold a bundle; come again at once while there is more."""
        async with self._sessions.begin(Principal.system("invoicing")) as session:
            locked = await session.execute(text("SELECT pg_try_advisory_xact_lock(70003)"))
            if not locked.scalar_one():
                return None
            folded = (await session.execute(_FOLD, {"most": _AT_ONCE})).scalar_one()
        return timedelta() if folded == _AT_ONCE else None
