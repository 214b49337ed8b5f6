"""What must be so once everything rests, by the records of the bank (ADR-0019, ADR-0024).

The bank's payments, the lines it has printed and the messages about it are the facts; which
payments the bank-gateway made of them is taken as told, after it was checked against the bank.
The books of reconciliation and its open exceptions are what is predicted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from typing import Any

from shared.clock import business_day
from town.bookkeeper import Bookkeeper, Printed
from town.inbox import DEBIT, Question
from town.town import Town

NEAR = timedelta(minutes=10)
DAY = timedelta(days=1)


@dataclass(eq=False)
class Told:
    """A payment as the bank-gateway tells of it, and what statements show of it.

    Attributes:
        is_sum: only an inquiry told of it, so it may be several payments of the bank.
        parts: the bank's journal numbers of the payments that it is.
        shown_idr: how much of it lines show.
        printed_idr: what a line with its number says instead.
    """

    id: str
    trx_id: str
    number: str
    amount_idr: int
    paid_at: datetime
    journal_no: str
    is_sum: bool
    parts: frozenset[str]
    shown_idr: int = 0
    printed_idr: int | None = None

    @property
    def day(self) -> date:
        return business_day(self.paid_at)

    def is_shown_by(self, line: Printed) -> bool:
        return line.amount_idr == self.amount_idr and line.journal_no == self.journal_no

    def is_like(self, line: Printed) -> bool:
        return line.amount_idr == self.amount_idr and line.day == self.day

    def is_contradicted_by(self, line: Printed) -> bool:
        """A line that is smaller than a sum may be a part of it."""
        fits = self.is_sum and line.amount_idr <= self.amount_idr
        return line.journal_no == self.journal_no and not fits


@dataclass
class Expected:
    """What the books must hold, by account, and which questions must be open.

    Attributes:
        untold: what the bank-gateway says that the bank does not (M8).
    """

    holds: Counter[str] = field(default_factory=Counter)
    questions: Counter[Question] = field(default_factory=Counter)
    untold: list[str] = field(default_factory=list)


async def expect(town: Town, bookkeeper: Bookkeeper) -> Expected:
    """Predict the end state of the books."""
    expected = Expected()
    lines: dict[str, list[Printed]] = defaultdict(list)
    for line in bookkeeper.known.elements():
        lines[line.number].append(line)
    by_account: dict[str, list[Told]] = defaultdict(list)
    everything = await _told(town, expected.untold)
    for told in everything:
        by_account[told.number].append(told)
    for number, payments in by_account.items():
        beyond = _match(payments, [line for line in lines[number] if line.amount_idr > 0])
        expected.holds[number] = sum(told.amount_idr for told in payments) + beyond
        expected.questions.update(_questions(payments, bookkeeper))
    beside = lines.pop("", [])
    expected.holds[""] = sum(line.amount_idr for line in beside if line.amount_idr > 0)
    expected.questions.update(_left(beside))
    expected.questions.update(await _doubted(town, everything))
    return expected


async def _told(town: Town, untold: list[str]) -> list[Told]:
    """Give what the bank-gateway tells of, each checked against the bank's payments (M8).

    A message that was damaged below the bank's total is believed: an inquiry names the total only,
    so the rest comes as sums that are cut elsewhere than the bank's payments. Their billing must
    hold the bank's total then, to the rupiah.
    """
    at_bank: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in await town.rows("bni-sandbox", _AT_BANK):
        at_bank[row["trx_id"]].append(row)
    found = []
    strange: dict[str, list[Any]] = defaultdict(list)
    for row in await town.rows("bank-gateway", _TOLD):
        upper = row["cumulative_idr"]
        inside = [
            each
            for each in at_bank[row["trx_id"]]
            if upper - row["amount_idr"] < each["cumulative_idr"] <= upper
        ]
        if sum(each["amount_idr"] for each in inside) != row["amount_idr"]:
            strange[row["trx_id"]].append(row)
        found.append(
            Told(
                id=str(row["id"]),
                trx_id=row["trx_id"],
                number=row["virtual_account"],
                amount_idr=row["amount_idr"],
                paid_at=row["paid_at"],
                journal_no=row["payment_ntb"],
                is_sum=row["source"] == "inquiry",
                parts=frozenset(each["ntb"] for each in inside),
            )
        )
    for trx_id, rows in strange.items():
        held = sum(told.amount_idr for told in found if told.trx_id == trx_id)
        at_all = max((each["cumulative_idr"] for each in at_bank[trx_id]), default=0)
        if held != at_all:
            untold.append(f"M8: {trx_id} holds {held} of {at_all}, not as the bank: {rows}")
    return found


def _match(payments: list[Told], lines: list[Printed]) -> int:
    """Let lines show payments; give what lines prove beyond all that was told."""
    payments.sort(key=lambda told: (told.is_sum, told.day, told.id))
    left = list(payments)
    for shows in (Told.is_shown_by, Told.is_like):
        for told, line in _pairs(left, lines, shows):
            told.shown_idr = line.amount_idr
    for told, line in _pairs(left, lines, Told.is_contradicted_by):
        told.shown_idr, told.printed_idr = told.amount_idr, line.amount_idr
    beyond = 0
    for told in left:
        parts = [line for line in lines if told.is_sum and line.journal_no in told.parts]
        printed = sum(line.amount_idr for line in parts)
        told.shown_idr = min(printed, told.amount_idr)
        beyond += printed - told.shown_idr
    return beyond


def _pairs(
    payments: list[Told], lines: list[Printed], belong: Callable[[Told, Printed], bool]
) -> Iterator[tuple[Told, Printed]]:
    for told in list(payments):
        line = next((line for line in lines if belong(told, line)), None)
        if line is not None:
            payments.remove(told)
            lines.remove(line)
            yield told, line


def _questions(payments: list[Told], bookkeeper: Bookkeeper) -> Iterator[Question]:
    for told in payments:
        lacking = told.amount_idr - told.shown_idr
        if lacking and bookkeeper.covers(told.day, told.day + DAY):
            yield "missing_at_bank", told.id, lacking
        if told.printed_idr is not None:
            yield "amount_differs", told.id, abs(told.amount_idr - told.printed_idr)
    moments = {told.paid_at for told in payments if not told.is_sum}
    dated = (told for told in payments if not (told.is_sum and told.paid_at in moments))
    ordered = sorted(dated, key=lambda told: (_group(told), told.paid_at))
    for key, group in groupby(ordered, key=_group):
        same = list(group)
        if any(later.paid_at - first.paid_at <= NEAR for first, later in pairwise(same)):
            yield "duplicate", key, same[0].amount_idr * (len(same) - 1)


def _group(told: Told) -> str:
    return f"{told.number} {told.amount_idr} {told.day.isoformat()}"


def _left(beside: Iterable[Printed]) -> Iterator[Question]:
    """Money that left is a question, unless the rule of fees covers it."""
    for line in beside:
        if line.amount_idr < 0 and not line.is_fee:
            yield "missing_here", DEBIT, -line.amount_idr


async def _doubted(town: Town, told: list[Told]) -> list[Question]:
    """Give what the bank does not confirm: payments it denies, messages about nobody's billing.

    A denied message is explained once the money came that it may have meant (ADR-0024).
    """
    denied = [
        row
        for row in await town.rows("bank-gateway", _DENIED)
        if sum(each.amount_idr for each in told if _may_be_meant(row, each)) < row["amount_idr"]
    ]
    nobodys = await town.rows("bank-gateway", _NOBODYS)
    return [(row["kind"], str(row["id"]), row["amount_idr"]) for row in (*denied, *nobodys)]


def _may_be_meant(denied: dict[str, Any], told: Told) -> bool:
    """Money of the same billing and moment; what an inquiry found is dated at the latest."""
    later = told.is_sum and told.paid_at > denied["paid_at"]
    return told.trx_id == denied["trx_id"] and (told.paid_at == denied["paid_at"] or later)


_AT_BANK = "SELECT trx_id, ntb, amount_idr, cumulative_idr FROM payment ORDER BY cumulative_idr"
_TOLD = """
    SELECT id, trx_id, virtual_account, amount_idr, cumulative_idr, payment_ntb, paid_at, source
    FROM payments WHERE verification <> 'disputed'
"""
_DENIED = """
    SELECT CASE status WHEN 'received' THEN 'disputed' ELSE 'quarantined' END AS kind,
        id, trx_id, amount_idr, paid_at
    FROM payments WHERE verification = 'disputed'
"""
_NOBODYS = """
    SELECT 'quarantined' AS kind, id, amount_idr FROM quarantined_notices
    WHERE state = 'quarantined' AND virtual_account_id IS NULL
"""
