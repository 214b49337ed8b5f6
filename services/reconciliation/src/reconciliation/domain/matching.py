"""Which line of a statement shows which payment that the bank told us of, at one account.

The answer depends on what was seen and never on the order in which it was seen. Exact evidence
comes first: the reference, within three days; then the same amount on the same day, by count,
because a statement prints whole days. An inquiry may have found several payments as one sum; lines
that nothing else explains are parts of it, as long as they fit.

What is proved is the larger of what both sides say, never their sum: two views of the same rupiah
are one rupiah.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from shared.money import Rupiah

WINDOW = timedelta(days=3)
"""How far apart bank and statement may date the same reference."""

NOTHING = Rupiah(0)
_WORD = re.compile(r"[0-9A-Z]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A payment that the bank told of and has not taken back.

    Attributes:
        is_sum: only an inquiry found it, so it may be several payments at or before its day.
        in_total: the bank's own total speaks of that time.
    """

    id: UUID
    amount: Rupiah
    day: date
    reference: str
    is_sum: bool = False
    in_total: bool = False
    customer_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A credit that a statement shows at the account.

    Attributes:
        words: what it is printed with.
        in_total: the bank's own total speaks of its day.
        is_asked: the bank was asked about the account since the line is known.
    """

    id: UUID
    amount: Rupiah
    day: date
    words: frozenset[str]
    in_total: bool = False
    is_asked: bool = False
    customer_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Money that exactly one payment of the books must hold.

    ``differs`` when the line has the reference, but another amount: it proves nothing then.
    ``rest`` is what a line prints beyond what was told of in pieces.
    """

    told: Told | None = None
    line: Printed | None = None
    differs: bool = False
    rest: Rupiah | None = None

    @property
    def amount(self) -> Rupiah:
        return self.leading.amount if self.rest is None else self.rest

    @property
    def customer_id(self) -> UUID | None:
        return self.leading.customer_id

    @property
    def leading(self) -> Told | Printed:
        leading = self.told or self.line
        if leading is None:
            raise ValueError("a claim of nothing")
        return leading


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the books must hold at one account.

    Attributes:
        claims: one payment each.
        sums, parts: what inquiries found as sums, and lines that are parts of them.
        unshown: how much of each sum no line shows, and of what is shown otherwise.
        unexplained: how much of each part no sum explains.
    """

    claims: Sequence[Claim]
    sums: Sequence[Told] = ()
    parts: Sequence[Printed] = ()
    unshown: dict[UUID, Rupiah] = field(default_factory=dict)
    unexplained: dict[UUID, Rupiah] = field(default_factory=dict)

    @property
    def proved(self) -> Rupiah:
        """How much the sums and their parts prove together."""
        told = sum((each.amount for each in self.sums), NOTHING)
        return told + sum(self.unexplained.values(), NOTHING)


def words_of(*texts: str) -> frozenset[str]:
    """Give the words by which a line can be recognised."""
    return frozenset(_WORD.findall(" ".join(texts).upper()))


def compare(told: Iterable[Told], printed: Iterable[Printed]) -> Comparison:
    """Say which payments the books must hold at one account."""
    left_told = sorted(told, key=lambda t: (t.is_sum, t.day, t.id))
    left_printed = sorted(printed, key=lambda p: (p.day, sorted(p.words), p.id))
    claims: list[Claim] = []
    for rule in (_same_reference, _same_day):
        claims += _take(left_told, left_printed, rule)
    for claim in _take(left_told, left_printed, _other_amount):
        claims.append(Claim(claim.told, claim.line, differs=True))
    parts = [line for line in left_printed if any(_holds(t, line) for t in left_told)]
    sums = [t for t in left_told if any(_holds(t, line) for line in parts)]
    claims += [Claim(told=t) for t in left_told if t not in sums]
    claims += [Claim(line=line) for line in left_printed if line not in parts]
    unshown, unexplained = _absorb(sums, parts)
    return Comparison(claims, sums, parts, unshown, unexplained)


def shown_by_part(comparison: Comparison, told: Told, line: Printed) -> Comparison:
    """Let a line that was taken for a part of a sum show another payment instead."""
    parts = [each for each in comparison.parts if each != line]
    sums = [each for each in comparison.sums if any(_holds(each, part) for part in parts)]
    claims = [Claim(told, line) if each.told == told else each for each in comparison.claims]
    claims += [Claim(told=each) for each in comparison.sums if each not in sums]
    unshown, unexplained = _absorb(sums, parts)
    return Comparison(claims, sums, parts, unshown, unexplained)


def _same_reference(told: Told, line: Printed) -> bool:
    return told.amount == line.amount and _names(told, line)


def _same_day(told: Told, line: Printed) -> bool:
    return told.amount == line.amount and told.day == line.day


def _other_amount(told: Told, line: Printed) -> bool:
    """A line that is smaller than a sum may be a part of it."""
    fits = told.is_sum and line.amount <= told.amount
    return not fits and _names(told, line)


def _names(told: Told, line: Printed) -> bool:
    near = abs(told.day - line.day) <= WINDOW
    return near and bool(words := words_of(told.reference)) and words <= line.words


def _take(
    told: list[Told], printed: list[Printed], belong: Callable[[Told, Printed], bool]
) -> list[Claim]:
    """Pair what belongs together, in order, and take it out of both lists."""
    claims = []
    for each in list(told):
        line = next((line for line in printed if belong(each, line)), None)
        if line is not None:
            told.remove(each)
            printed.remove(line)
            claims.append(Claim(each, line))
    return claims


def _holds(told: Told, line: Printed) -> bool:
    return told.is_sum and line.day <= told.day and line.amount <= told.amount


def _absorb(
    sums: Sequence[Told], parts: Sequence[Printed]
) -> tuple[dict[UUID, Rupiah], dict[UUID, Rupiah]]:
    """Let sums hold as much of the lines that may be theirs as they can.

    The earliest sum has the fewest lines, and the largest line the fewest sums: taking them in
    this order wastes nothing, so what is proved never falls when more is seen.
    """
    unshown = {each.id: each.amount for each in sums}
    unexplained = {line.id: line.amount for line in parts}
    for each in sorted(sums, key=lambda t: (t.day, t.id)):
        for line in sorted(parts, key=lambda p: p.amount, reverse=True):
            if _holds(each, line):
                part = min(unshown[each.id], unexplained[line.id])
                unshown[each.id] -= part
                unexplained[line.id] -= part
    return unshown, unexplained
