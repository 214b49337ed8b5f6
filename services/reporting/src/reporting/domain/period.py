"""The recap of a period: movements of the receivable, of credit, and of money that came.

Everything is added up from movements, so what opens a period plus what moved in it is what
closes it. The open invoices on the last day are summed independently and must agree (M4).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from reporting.domain.corrections import Correction
from reporting.domain.marketing import Ages, Came, ChannelRow, channel_rows
from reporting.domain.share import ratio


class Kind(StrEnum):
    """What moved. ``expected`` and ``received`` are shown; the rest makes up balances."""

    BILLED = "billed"
    CANCELLED = "cancelled"
    ALLOCATED = "allocated"
    EXPECTED = "expected"
    RECEIVED = "received"
    DISPOSED = "disposed"
    UNIDENTIFIED = "unidentified"
    UNIDENTIFIED_DISPOSED = "unidentified_disposed"


class Group(StrEnum):
    """How long the pieces are into which a period is cut."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    def start(self, day: date) -> date:
        """Give the first day of the piece in which a day falls; weeks start on Monday."""
        if self is Group.WEEK:
            return day - timedelta(days=day.weekday())
        return day.replace(day=1) if self is Group.MONTH else day


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """The sum of equal movements on one WIB day; ``day`` is None for all before the period."""

    kind: Kind
    day: date | None
    marketing_id: UUID | None
    channel: str | None
    amount_idr: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInvoices:
    """What one Marketing's customers owe at the end of the period, by age."""

    marketing_id: UUID
    customers: int
    not_due_idr: int
    ages: Ages

    @property
    def total_idr(self) -> int:
        return self.not_due_idr + sum(self.ages)


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account held, what came in and went out, what it holds."""

    opening_idr: int
    added_idr: int
    removed_idr: int

    @property
    def closing_idr(self) -> int:
        return self.opening_idr + self.added_idr - self.removed_idr


@dataclass(frozen=True, slots=True)
class Piece:
    """One day, week or month: what fell due and what came."""

    start: date
    expected_idr: int
    received_idr: int
    payments: int
    channels: tuple[ChannelRow, ...]


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """One Marketing's part of the period."""

    marketing_id: UUID
    name: str
    customers: int
    billed_idr: int
    received_idr: int
    closing_idr: int

    @property
    def percent(self) -> int:
        return ratio(self.received_idr, self.billed_idr)


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a period, both ends included, and how it is cut."""

    first: date
    last: date
    group: Group

    def label(self, start: date) -> str:
        """Name a piece: ``2026-12-09``, ``2026-W50`` or ``2026-12``."""
        if self.group is Group.WEEK:
            year, week, _ = start.isocalendar()
            return f"{year}-W{week:02d}"
        return f"{start:%Y-%m}" if self.group is Group.MONTH else start.isoformat()

    def starts(self) -> list[date]:
        """Give the first day of every piece, also of the empty ones."""
        days = (self.last - self.first).days + 1
        all_days = (self.first + timedelta(days=n) for n in range(days))
        return sorted({self.group.start(day) for day in all_days})


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRecap:
    """A period in figures; ``explained`` tells that both ways to the closing balance agree."""

    span: Span
    opening_idr: int
    billed_idr: int
    invoices: int
    allocated_idr: int
    cancelled_idr: int
    received_idr: int
    payments: int
    unidentified_idr: int
    credit: Balance
    suspense: Balance
    pieces: tuple[Piece, ...]
    channels: tuple[ChannelRow, ...]
    owners: tuple[OwnerRow, ...]
    open_idr: tuple[int, int, int, int, int]
    corrections: tuple[Correction, ...] = ()

    @property
    def closing_idr(self) -> int:
        return self.opening_idr + self.billed_idr - self.allocated_idr - self.cancelled_idr

    @property
    def explained(self) -> bool:
        return self.closing_idr == sum(self.open_idr)

    @property
    def percent(self) -> int:
        return ratio(self.received_idr, self.billed_idr)


def period_recap(
    span: Span,
    movements: Sequence[Movement],
    open_invoices: Sequence[OpenInvoices],
    names: dict[UUID, str],
) -> PeriodRecap:
    """Add the movements of a period up.

    Args:
        movements: everything until the last day; ``day`` None sums what lies before.
        names: every Marketing in sight, so that one without movements has his row of zeros.
    """
    before = _Sums(m for m in movements if m.day is None)
    within = _Sums(m for m in movements if m.day is not None)
    return PeriodRecap(
        span=span,
        opening_idr=_receivable(before),
        billed_idr=within.of(Kind.BILLED),
        invoices=within.count(Kind.BILLED),
        allocated_idr=within.of(Kind.ALLOCATED),
        cancelled_idr=within.of(Kind.CANCELLED),
        received_idr=within.of(Kind.RECEIVED),
        payments=within.count(Kind.RECEIVED),
        unidentified_idr=within.of(Kind.UNIDENTIFIED),
        credit=_balance(before, within, Kind.RECEIVED, (Kind.ALLOCATED, Kind.DISPOSED)),
        suspense=_balance(before, within, Kind.UNIDENTIFIED, (Kind.UNIDENTIFIED_DISPOSED,)),
        pieces=_pieces(span, within),
        channels=_channels(within),
        owners=_owners(movements, open_invoices, names),
        open_idr=_by_age(open_invoices),
    )


class _Sums:
    """Sums over one list of movements."""

    def __init__(self, movements: Iterable[Movement]) -> None:
        self.movements = list(movements)

    def of(self, kind: Kind) -> int:
        return sum(m.amount_idr for m in self.movements if m.kind is kind)

    def count(self, kind: Kind) -> int:
        return sum(m.count for m in self.movements if m.kind is kind)


def _balance(before: _Sums, within: _Sums, came: Kind, went: Sequence[Kind]) -> Balance:
    opening = before.of(came) - sum(before.of(kind) for kind in went)
    return Balance(opening, within.of(came), sum(within.of(kind) for kind in went))


def _receivable(sums: _Sums) -> int:
    return sums.of(Kind.BILLED) - sums.of(Kind.CANCELLED) - sums.of(Kind.ALLOCATED)


def _pieces(span: Span, within: _Sums) -> tuple[Piece, ...]:
    by_start: dict[date, list[Movement]] = {start: [] for start in span.starts()}
    for movement in within.movements:
        if movement.day is not None:
            by_start[span.group.start(movement.day)].append(movement)
    sums = {start: _Sums(movements) for start, movements in by_start.items()}
    return tuple(
        Piece(
            start,
            s.of(Kind.EXPECTED),
            s.of(Kind.RECEIVED),
            s.count(Kind.RECEIVED),
            _channels(s),
        )
        for start, s in sums.items()
    )


def _channels(within: _Sums) -> tuple[ChannelRow, ...]:
    received: dict[str, list[Movement]] = {}
    for movement in within.movements:
        if movement.kind is Kind.RECEIVED:
            received.setdefault(movement.channel or "", []).append(movement)
    sums = {name: _Sums(movements) for name, movements in received.items()}
    return channel_rows(
        [Came(name, s.count(Kind.RECEIVED), s.of(Kind.RECEIVED)) for name, s in sums.items()]
    )


def _owners(
    movements: Sequence[Movement], open_invoices: Sequence[OpenInvoices], names: dict[UUID, str]
) -> tuple[OwnerRow, ...]:
    customers = {o.marketing_id: o.customers for o in open_invoices}
    rows = []
    for owner, name in names.items():
        own = _Sums(m for m in movements if m.marketing_id == owner)
        within = _Sums(m for m in own.movements if m.day is not None)
        rows.append(
            OwnerRow(
                owner,
                name,
                customers.get(owner, 0),
                within.of(Kind.BILLED),
                within.of(Kind.RECEIVED),
                _receivable(own),
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.name.casefold(), row.marketing_id)))


def _by_age(open_invoices: Sequence[OpenInvoices]) -> tuple[int, int, int, int, int]:
    first, second, third, fourth = (sum(o.ages[age] for o in open_invoices) for age in range(4))
    return sum(o.not_due_idr for o in open_invoices), first, second, third, fourth
