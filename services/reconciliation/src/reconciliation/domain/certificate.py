"""What a closed day certifies (R3): its facts, the chain of checksums, which day comes next."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from pydantic import BaseModel, ConfigDict

from shared.clock import WIB, business_day
from shared.errors import Conflict, NotFound

CLOSES_AT = time(2)
"""When the day before is closed by itself, WIB."""

EXPLAINED = frozenset({"overpaid", "underpaid", "late"})
"""Kinds of exceptions whose money has an owner; all others are unexplained rupiah."""


class DayNotOver(Conflict):
    """The day still takes money."""

    detail = "{day:%d-%m-%Y} belum berakhir, jadi belum dapat ditutup. Tidak ada yang berubah."


class NotTheNextDay(Conflict):
    """Days are closed in order, without a gap."""

    detail = "Hari ditutup berurutan. Tutup dahulu {next_day:%d-%m-%Y}; pembukuan tidak berubah."


class NothingToClose(Conflict):
    """No movement has been booked yet."""

    detail = "Belum ada transaksi di buku, jadi belum ada hari yang dapat ditutup."


class CertificateNotFound(NotFound):
    """The day is not closed."""

    detail = "Hari itu belum ditutup."


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Figure(_Fact):
    """How many and how much."""

    count: int = 0
    amount_idr: int = 0


class Account(_Fact):
    """What moved on an account during the day, and where it stands at the end.

    The accounts of all customers are one line each of ``receivable`` and ``credit``.
    """

    debit_idr: int
    credit_idr: int
    balance_idr: int


class Coverage(_Fact):
    """What the imported statements of one bank account hold of the day.

    Attributes:
        covered: a statement whose balances were proved holds the whole day. One that was imported
            on its own last day may still lack lines of that day.
        matched: lines that need nobody any more.
    """

    covered: bool
    lines: int = 0
    credits_idr: int = 0
    debits_idr: int = 0
    matched: int = 0


class Balance(_Fact):
    """What the bank prints as its balance and what the ledger says, and why they differ (ADR-0031).

    What the bank has and the ledger lacks is positive. ``difference_idr`` is ``brought_idr``, all
    ``causes`` and ``unexplained_idr`` together.

    Attributes:
        since: from this day on statements hold every day. The ledger starts there with the balance
            that is printed, which nobody books.
        printed_idr: at the end of the day, of all expected accounts together.
        brought_idr: how far apart they were when the day began.
        causes: what of the day's own movement is explained, by ``Cause``.
    """

    day: date
    since: date
    printed_idr: int
    ledger_idr: int
    brought_idr: int
    causes: dict[str, Figure]
    unexplained_idr: int

    @property
    def difference_idr(self) -> int:
        """Give how far apart they are at the end."""
        return self.printed_idr - self.ledger_idr


class Facts(_Fact):
    """Everything that a certificate says of its day.

    Attributes:
        channels: money that came, by channel.
        verification: the same money, by what the bank had said of it at the time of the close.
        proof: the same money, by the best proof of it: ``statement``, ``inquiry`` or only the
            ``callback``; ``denied`` when the bank contradicts it.
        late: the part of it that was paid on an earlier day, closed when we learned of it.
        reversed: money of any day that was taken back on this one.
        exceptions: what was open at the time of the close, by kind.
        coverage: what statements say, by bank account; None on certificates that knew of none.
        balance: the bank's balance beside the ledger's; None where statements do not hold the day.
    """

    transactions: int
    entries: int
    accounts: dict[str, Account]
    channels: dict[str, Figure]
    verification: dict[str, Figure]
    late: Figure
    reversed: Figure
    exceptions: dict[str, Figure]
    proof: dict[str, Figure] = {}
    coverage: dict[str, Coverage] | None = None
    balance: Balance | None = None

    @property
    def unexplained(self) -> Figure:
        """Give what nobody could explain at the time of the close."""
        return sum_unexplained(self.exceptions)

    @property
    def is_green(self) -> bool:
        """Nothing waits for an explanation, not even a message that names no money."""
        return not self.unexplained.count

    @property
    def text(self) -> str:
        """Spell the facts the one way that is hashed."""
        return self.model_dump_json()


def sum_unexplained(exceptions: Mapping[str, Figure]) -> Figure:
    """Count and sum the open exceptions whose money has no owner."""
    return total(figure for kind, figure in exceptions.items() if kind not in EXPLAINED)


def total(figures: Iterable[Figure]) -> Figure:
    """Add figures up."""
    counted = list(figures)
    return Figure(
        count=sum(each.count for each in counted),
        amount_idr=sum(each.amount_idr for each in counted),
    )


def carry_forward(
    moved: Iterable[tuple[str, int, int]], before: Mapping[str, Account]
) -> dict[str, Account]:
    """Add a day's debits and credits per account to the balances of the day before."""
    turnover = {account: (debit, credit) for account, debit, credit in moved}
    accounts = {}
    for account in sorted(turnover.keys() | before.keys()):
        debit, credit = turnover.get(account, (0, 0))
        opening = before[account].balance_idr if account in before else 0
        accounts[account] = Account(
            debit_idr=debit, credit_idr=credit, balance_idr=opening + debit - credit
        )
    return accounts


def seal(*parts: object) -> str:
    """Give the checksum over everything that a certificate says, in order."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def check_day(day: date, next_day: date | None, today: date) -> None:
    """Let a day be closed only as the next one, and only when it is over.

    Raises:
        NothingToClose, DayNotOver, NotTheNextDay: it may not.
    """
    if next_day is None:
        raise NothingToClose
    if day >= today:
        raise DayNotOver(day=day)
    if day != next_day:
        raise NotTheNextDay(next_day=next_day)


def due_day(next_day: date | None, now: datetime) -> date | None:
    """Give the day that is to be closed by now: at 02.00 WIB the day before, or an older one."""
    today = business_day(now)
    if next_day is None or next_day >= today:
        return None
    yesterday = today - timedelta(days=1)
    too_early = now.astimezone(WIB).time() < CLOSES_AT
    return None if next_day == yesterday and too_early else next_day
