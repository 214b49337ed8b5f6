"""Whether the bank's printed balance moved as the ledger did, and if not, why (ADR-0031).

Pure. Amounts are the bank's minus ours: what only the bank has is positive.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reconciliation.domain.certificate import Balance, Figure, total
from reconciliation.domain.differences import GRACE
from reconciliation.domain.exception import ExceptionKind, Finding
from reconciliation.domain.passbook import Passbook
from shared.money import Rupiah

TELLING = frozenset(
    {
        ExceptionKind.MISSING_HERE,
        ExceptionKind.MISSING_AT_BANK,
        ExceptionKind.AMOUNT_DIFFERS,
        ExceptionKind.DISPUTED,
    }
)
"""Kinds of exceptions that say why the bank and the books hold different money."""


class Cause(StrEnum):
    """Why the bank's movement of a day is not the ledger's.

    Attributes:
        PENDING: lines that are not compared yet.
        OTHER_DAY: both have it, on different days: the day was closed, or the bank took longer.
        OPEN: an open exception asks a person about it.
        DECIDED: a person explained it, and moved no money.
        RETURNED: it was returned by decision; which debit of the bank that is, nobody knows.
        UNPRINTED: no statement holds the days on which it should be printed.
    """

    PENDING = "pending"
    OTHER_DAY = "other_day"
    OPEN = "open"
    DECIDED = "decided"
    RETURNED = "returned"
    UNPRINTED = "unprinted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Lines and movements that belong together and do not agree on one day.

    Attributes:
        apart_idr: what the lines of the day print, minus what was booked on it.
        evens_out: over all days they do agree.
        unprinted: the days of payments among it that no line shows, or not in full.
    """

    day: date
    apart_idr: int
    pending: bool = False
    evens_out: bool = False
    is_open: bool = False
    is_decided: bool = False
    is_returned: bool = False
    unprinted: Sequence[date] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBalance:
    """What a covered day did to the bank's balance and to the ledger's.

    Attributes:
        broken_idr: how much more it opens with than the day before closed with.
    """

    day: date
    printed_idr: int
    booked_idr: int
    broken_idr: int
    causes: Mapping[Cause, Figure]
    unexplained_idr: int


IsCovered = Callable[[date, date], bool]
"""Whether compared statements hold all days of a period."""


def cause_of(group: Group, is_covered: IsCovered) -> Cause | None:
    """Say why a group does not agree; None where nothing explains it."""
    known = (
        (group.pending, Cause.PENDING),
        (group.evens_out, Cause.OTHER_DAY),
        (group.is_open, Cause.OPEN),
        (group.is_decided, Cause.DECIDED),
        (group.is_returned, Cause.RETURNED),
        (any(not is_covered(day, day + GRACE) for day in group.unprinted), Cause.UNPRINTED),
    )
    return next((cause for holds, cause in known if holds), None)


def day_balance(
    book: Passbook,
    day: date,
    groups: Sequence[Group],
    *,
    is_covered: IsCovered,
    settled_idr: int = 0,
) -> DayBalance:
    """Compare a covered day: its opening has to join, and each group to have a cause.

    Args:
        groups: all lines and movements of the day that do not agree; all others do.
        settled_idr: what a person declared explained of the same day.
    """
    before = book.before(day)
    broken = book.opening(day) - before
    printed = book.closing(day) - before
    found: dict[Cause | None, list[int]] = {None: [broken]}
    for group in groups:
        found.setdefault(cause_of(group, is_covered), []).append(group.apart_idr)
    left = sum(found.pop(None))
    if left and left == settled_idr:
        found.setdefault(Cause.DECIDED, []).append(left)
        left = 0
    return DayBalance(
        day=day,
        printed_idr=printed,
        booked_idr=printed - broken - sum(group.apart_idr for group in groups),
        broken_idr=broken,
        causes={each: _figure(found[each]) for each in Cause if each in found},
        unexplained_idr=left,
    )


def balance_of(book: Passbook, days: Sequence[DayBalance], ledger: tuple[int, int]) -> Balance:
    """Sum up covered days that follow each other, in order.

    Args:
        ledger: the ledger's balance before the first of all days without a gap, and at the end.
    """
    last = days[-1].day
    since = book.since(last)
    printed = book.closing(last)
    held = book.opening(since) + ledger[1] - ledger[0]
    own = sum(each.printed_idr - each.booked_idr for each in days)
    causes = {
        cause.value: total(each.causes[cause] for each in days if cause in each.causes)
        for cause in Cause
    }
    return Balance(
        day=last,
        since=since,
        printed_idr=printed,
        ledger_idr=held,
        brought_idr=printed - held - own,
        causes={name: figure for name, figure in causes.items() if figure.amount_idr},
        unexplained_idr=sum(each.unexplained_idr for each in days),
    )


def finding_of(each: DayBalance) -> Finding:
    """Ask a person about what nothing explains of a day."""
    amount = Rupiah(abs(each.unexplained_idr))
    lacks = "lebih banyak" if each.unexplained_idr > 0 else "lebih sedikit"
    supports = [
        f"Saldo mutasi bergerak {Rupiah(each.printed_idr)}, buku besar {Rupiah(each.booked_idr)}."
    ]
    if each.broken_idr:
        supports.append(
            f"Saldo awal hari itu tidak menyambung: berbeda {Rupiah(each.broken_idr)} dari saldo"
            " akhir sehari sebelumnya. Mungkin ada baris yang tidak ada di berkas."
        )
    explained = sum(figure.amount_idr for figure in each.causes.values())
    return Finding(
        kind=ExceptionKind.BALANCE_DIFFERS,
        key=each.day.isoformat(),
        amount=amount,
        evidence=(
            f"Saldo bank {each.day:%d/%m/%Y} bergerak {amount} {lacks} daripada buku besar, dan"
            " tidak ada yang menjelaskannya."
        ),
        supports=tuple(supports),
        contradicts=(f"{Rupiah(explained)} dari selisih hari itu sudah jelas.",)
        if explained
        else (),
        facts={"day": each.day.isoformat(), "unexplained_idr": each.unexplained_idr},
    )


def _figure(amounts: Sequence[int]) -> Figure:
    return Figure(count=len(amounts), amount_idr=sum(amounts))
