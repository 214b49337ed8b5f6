"""The recap per Marketing: what fell due in a period, what came of it, what is late."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from reporting.domain.share import ratio, shares

AGES = ("0–30", "31–60", "61–90", "> 90")
"""Names of the age classes, in days past due."""

Ages = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """What one customer owes and paid of the amounts that fall due in the period.

    Attributes:
        paid_idr: live allocations to those amounts, whenever they came.
        received_idr: live payments whose bank day lies in the period, credit included.
        ages: all overdue amounts of the customer today, by days past due.
    """

    customer_id: UUID
    number: str
    name: str
    phone: str
    contract: str
    product: str
    marketing_id: UUID
    marketing_name: str
    bills: int
    billed_idr: int
    paid_idr: int
    received_idr: int
    ages: Ages
    oldest_due_on: date | None

    @property
    def outstanding_idr(self) -> int:
        return self.billed_idr - self.paid_idr

    @property
    def overdue_idr(self) -> int:
        return sum(self.ages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Collections added up; ``percent`` is paid of billed in tenths, rounded down."""

    customers: int
    bills: int
    billed_idr: int
    paid_idr: int
    received_idr: int
    ages: Ages

    @property
    def outstanding_idr(self) -> int:
        return self.billed_idr - self.paid_idr

    @property
    def overdue_idr(self) -> int:
        return sum(self.ages)

    @property
    def percent(self) -> int:
        return ratio(self.paid_idr, self.billed_idr)


@dataclass(frozen=True, slots=True)
class Came:
    """What came through one channel."""

    channel: str
    payments: int
    received_idr: int


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """What came through one channel; ``percent`` in tenths, all rows together 1000."""

    channel: str
    payments: int
    received_idr: int
    percent: int


@dataclass(frozen=True, slots=True)
class MarketingRow:
    """One Marketing with the sums over his customers."""

    marketing_id: UUID
    name: str
    totals: Totals


@dataclass(frozen=True, slots=True)
class MarketingRecap:
    """One row per Marketing, and all of them together (M10: the rows add up to it)."""

    collections: tuple[Collection, ...]
    rows: tuple[MarketingRow, ...]
    totals: Totals
    channels: tuple[ChannelRow, ...] = ()


def add_up(collections: Iterable[Collection]) -> Totals:
    """Sum collections; of no collections, zeros."""
    given = list(collections)
    first, second, third, fourth = (sum(c.ages[age] for c in given) for age in range(4))
    return Totals(
        customers=len({c.customer_id for c in given}),
        bills=sum(c.bills for c in given),
        billed_idr=sum(c.billed_idr for c in given),
        paid_idr=sum(c.paid_idr for c in given),
        received_idr=sum(c.received_idr for c in given),
        ages=(first, second, third, fourth),
    )


def marketing_recap(
    collections: Sequence[Collection],
    names: dict[UUID, str],
    channels: tuple[ChannelRow, ...] = (),
) -> MarketingRecap:
    """Group the customers by the Marketing who owns them now; rows by name.

    Args:
        names: every Marketing in sight, so that one without customers has his row of zeros.
    """
    owners = names | {c.marketing_id: c.marketing_name for c in collections}
    rows = [
        MarketingRow(owner, name, add_up(c for c in collections if c.marketing_id == owner))
        for owner, name in owners.items()
    ]
    rows.sort(key=lambda row: (row.name.casefold(), row.marketing_id))
    return MarketingRecap(tuple(collections), tuple(rows), add_up(collections), channels)


def channel_rows(came: Sequence[Came]) -> tuple[ChannelRow, ...]:
    """Give each channel its share of everything that came; rows by name."""
    ordered = sorted(came, key=lambda c: c.channel)
    percents = shares([c.received_idr for c in ordered])
    return tuple(
        ChannelRow(c.channel, c.payments, c.received_idr, percent)
        for c, percent in zip(ordered, percents, strict=True)
    )


def most_overdue(collections: Iterable[Collection], count: int = 10) -> list[Collection]:
    """Give the customers with the largest arrears, the largest first."""
    late = [c for c in collections if c.overdue_idr]
    return sorted(late, key=lambda c: (-c.overdue_idr, c.name.casefold()))[:count]
