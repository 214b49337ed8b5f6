"""Which payment of the books holds which money, so that as few as possible move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from reconciliation.domain.matching import NOTHING, Claim, Comparison, Printed, Told
from shared.money import Rupiah


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A payment of the books that stands; ``subjects`` is what it was counted for so far."""

    id: UUID
    amount: Rupiah
    customer_id: UUID | None
    subjects: frozenset[UUID]

    def suits(self, amount: Rupiah, customer_id: UUID | None) -> bool:
        """Tell whether it can hold this money of this customer, None being nobody known."""
        return self.amount == amount and self.is_of(customer_id)

    def is_of(self, customer_id: UUID | None) -> bool:
        return customer_id in {None, self.customer_id}


@dataclass(frozen=True, slots=True)
class Seat:
    """A claim and the payment that holds it; without one, it is to be posted."""

    claim: Claim
    row: Row | None


@dataclass(frozen=True, slots=True)
class Posting:
    """Money to post for a sum or a part of one."""

    subject: Told | Printed
    amount: Rupiah


@dataclass(frozen=True, slots=True)
class Seating:
    """What to do with the books of one account; ``held`` are the rows of sums and their parts."""

    seats: Sequence[Seat]
    held: Sequence[Row]
    postings: Sequence[Posting]
    reversed: Sequence[Row]


def seat(comparison: Comparison, rows: Iterable[Row]) -> Seating:
    """Give every claim the payment that it has, or one that is free and suits it.

    What the sums prove beyond the payments that are left over is posted; what is left over beyond
    that is taken back.
    """
    free = sorted(rows, key=lambda row: row.id)
    seated: dict[int, Row] = {}
    for rule in (_has_told, _has_line, _is_free):
        for at, claim in enumerate(comparison.claims):
            found = None if at in seated else _first(free, claim, rule)
            if found is not None:
                free.remove(found)
                seated[at] = found
    seats = [Seat(claim, seated.get(at)) for at, claim in enumerate(comparison.claims)]
    held, surplus = _hold(comparison, free)
    return Seating(seats, held, _postings(comparison, held), surplus)


def _has_told(claim: Claim, row: Row) -> bool:
    return claim.told is not None and claim.told.id in row.subjects


def _has_line(claim: Claim, row: Row) -> bool:
    return claim.line is not None and claim.line.id in row.subjects


def _is_free(_claim: Claim, _row: Row) -> bool:
    return True


def _first(free: list[Row], claim: Claim, rule: Callable[[Claim, Row], bool]) -> Row | None:
    fits = (row for row in free if rule(claim, row))
    return next((row for row in fits if row.suits(claim.amount, claim.customer_id)), None)


def _hold(comparison: Comparison, free: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Keep free rows up to what the sums and parts prove; those of theirs first."""
    subjects: list[Told | Printed] = [*comparison.sums, *comparison.parts]
    own = {each.id for each in subjects}
    customer_id = next((each.customer_id for each in subjects), None)
    held: list[Row] = []
    room = comparison.proved
    for row in sorted(free, key=lambda row: (not row.subjects & own, row.id)):
        if row.is_of(customer_id) and row.amount <= room:
            held.append(row)
            room -= row.amount
    return held, [row for row in free if row not in held]


def _postings(comparison: Comparison, held: Sequence[Row]) -> list[Posting]:
    """Post what is missing for what has no payment yet, then for what is not counted in full."""
    need = comparison.proved - sum((row.amount for row in held), NOTHING)
    postings = []
    for counted, each in _by_lack(comparison, held):
        amount = min(need, max(each.amount - counted, NOTHING))
        if amount > NOTHING:
            postings.append(Posting(each, amount))
            need -= amount
    return postings


def _by_lack(comparison: Comparison, held: Sequence[Row]) -> list[tuple[Rupiah, Told | Printed]]:
    def counted(each: Told | Printed) -> Rupiah:
        return sum((row.amount for row in held if each.id in row.subjects), NOTHING)

    subjects: list[Told | Printed] = [*comparison.sums, *comparison.parts]
    known = [(counted(each), each) for each in subjects]
    return sorted(known, key=lambda pair: bool(pair[0]))
