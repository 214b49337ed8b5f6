"""Closed days, what waits to be closed, and runs of the check of all books."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from dashboard.domain.answers.base import Answer, Page

EXPLAINED = frozenset({"overpaid", "underpaid", "late"})
"""Kinds of exceptions whose money has an owner; reconciliation counts all others as unexplained."""


class Figure(Answer):
    """How many and how much."""

    count: int = 0
    amount_idr: int = 0


class Account(Answer):
    """What moved on an account, and where it stands; a debit is positive."""

    debit_idr: int
    credit_idr: int
    balance_idr: int


class Coverage(Answer):
    """What the statements of one bank account hold of the day."""

    covered: bool
    lines: int = 0
    credits_idr: int = 0
    debits_idr: int = 0
    matched: int = 0


class Balance(Answer):
    """The bank's printed balance beside the ledger's; what only the bank has is positive.

    The ledger starts with the balance that is printed first, at the start of ``since``.
    """

    day: date
    since: date
    printed_idr: int
    ledger_idr: int
    brought_idr: int
    causes: Mapping[str, Figure]
    unexplained_idr: int

    @property
    def difference_idr(self) -> int:
        """How far apart they are."""
        return self.printed_idr - self.ledger_idr


class Facts(Answer):
    """Everything that a certificate says of its day."""

    transactions: int
    entries: int
    accounts: Mapping[str, Account]
    channels: Mapping[str, Figure]
    verification: Mapping[str, Figure]
    late: Figure
    reversed: Figure
    exceptions: Mapping[str, Figure]
    proof: Mapping[str, Figure] = Field(default_factory=dict)
    coverage: Mapping[str, Coverage] | None = None
    balance: Balance | None = None

    @property
    def received(self) -> Figure:
        """All money that was booked on the day."""
        return _sum(self.channels.values())

    @property
    def open(self) -> Figure:
        """All exceptions that were open."""
        return _sum(self.exceptions.values())

    @property
    def unexplained(self) -> Figure:
        """What nobody can explain; it may be of no money at all."""
        kinds = self.exceptions.items()
        return _sum(figure for kind, figure in kinds if kind not in EXPLAINED)

    @property
    def bank_idr(self) -> int:
        """What the books say is at the bank."""
        found = self.accounts.get("bank:bni")
        return found.balance_idr if found else 0


class Close(Answer):
    """One closed day."""

    day: date
    no: int
    closed_at: datetime
    closed_by: str
    state: str
    unexplained_idr: int
    facts: Facts
    previous: str
    checksum: str

    @property
    def closer(self) -> str:
        """Who closed it, as people say it."""
        return _person(self.closed_by)


class Late(Answer):
    """A payment of a closed day, booked on this one."""

    id: UUID
    paid_at: datetime
    amount_idr: int
    bank_reference: str
    customer_name: str | None


class Certificate(Close):
    """A closed day with its seal."""

    entries_hash: str
    sealed: bool
    coverage_now: Mapping[str, Coverage] = Field(default_factory=dict)
    balance_now: Balance | None = None
    late_arrivals: tuple[Late, ...] = ()


class NextDay(Answer):
    """The next day; it cannot be closed before it is ``over``."""

    day: date
    over: bool


class Waiting(NextDay):
    """The next day with what would be certified of it."""

    facts: Facts
    deliveries: int


class CloseState(Page[Close]):
    """How far days are closed, without adding the next one up."""

    waiting: NextDay | None
    unexplained: Figure


class ClosePage(Page[Close]):
    """Closed days, newest first."""

    waiting: Waiting | None
    unexplained: Figure


class Check(Answer):
    """One run of the check of all books; without ``finished_at`` it waits or runs."""

    id: UUID
    asked_at: datetime
    asked_by: str
    finished_at: datetime | None
    milliseconds: int | None
    entries: int | None
    differences: int | None
    told: str | None

    @property
    def asker(self) -> str:
        """Who asked, as people say it."""
        return _person(self.asked_by)


def _person(name: str) -> str:
    return "Sistem, otomatis" if name.startswith("sistem:") else name


def _sum(figures: Iterable[Figure]) -> Figure:
    counted = list(figures)
    return Figure(
        count=sum(each.count for each in counted),
        amount_idr=sum(each.amount_idr for each in counted),
    )
