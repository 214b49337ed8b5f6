"""Lines that show once more what the bank told of in other pieces.

Whoever holds the bank's key may tell of a part of a payment before the bank tells of all of it
(C4); the inquiry then brings the rest, and the line of the whole is like none of them. What the
bank itself has taken in settles it: where the books would hold more, the line is what was told.
What was told stands, and the line moves only what it prints beyond that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from uuid import UUID

from reconciliation.domain.exception import ExceptionKind, Finding
from reconciliation.domain.matching import (
    NOTHING,
    WINDOW,
    Claim,
    Comparison,
    Printed,
    Told,
    shown_by_part,
)
from shared.money import Rupiah

PIECES_MOST = 4
"""A line is looked for in no more pieces than that before any will do."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A line, and what was told of instead; ``again`` is how much of it that is."""

    line: Printed
    pieces: Sequence[Told]
    again: Rupiah

    @property
    def is_one(self) -> bool:
        """Tell whether it is one payment, which the line prints on another day."""
        return len(self.pieces) == 1 and self.pieces[0].amount == self.line.amount

    def finding(self, number: str, customer_id: UUID | None) -> Finding:
        """Say what fits: the money is right, the messages about it are for a person to doubt."""
        line = self.line
        ordered = sorted(self.pieces, key=lambda each: (each.day, each.amount, each.reference))
        pieces = " + ".join(
            f"{each.amount} (referensi {each.reference or 'kosong'}, {each.day:%d/%m/%Y})"
            for each in ordered
        )
        largest = max(each.amount for each in ordered) if len(ordered) > 1 else NOTHING
        return Finding(
            kind=ExceptionKind.AMOUNT_DIFFERS,
            key=str(line.id),
            amount=self.again - largest,
            evidence=(
                f"Mutasi {line.day:%d/%m/%Y} mencetak satu pembayaran {line.amount} ke VA {number},"
                f" tetapi {self.again} di antaranya sudah diberitakan sebagai {pieces}."
                " Uangnya dihitung satu kali."
            ),
            supports=("Total VA ini menurut bank (inquiry) tidak memberi ruang bagi keduanya.",),
            contradicts=(
                "Rekening koran tidak mengenal bagian-bagian itu: tanyakan kepada bank. Bila bukan"
                " dari bank, kunci BNI mungkin bocor; ganti kuncinya.",
            ),
            facts={
                "day": line.day.isoformat(),
                "printed_idr": line.amount.amount,
                "told_idr": [each.amount.amount for each in ordered],
            },
            customer_id=customer_id,
            bank_line_id=line.id,
        )


@dataclass
class _Account:
    """What is left to be shown of what was told, and how much the claims hold too much."""

    left: dict[UUID, Rupiah]
    told: list[Told]
    beyond: Rupiah

    def take(self, line: Printed, wanted: Rupiah, first: Sequence[Told] = ()) -> Whole | None:
        """Find the pieces of a line; rather those that add up to it."""
        open_ = [each for each in self.told if self.left[each.id] and each not in first]
        pieces = adding_up(open_, self.left, wanted)
        most = min(wanted, self.beyond) if not first else wanted
        if not pieces and not first:
            pieces = open_
        used: list[Told] = []
        taken = NOTHING
        for each in pieces:
            part = min(self.left[each.id], most - taken)
            if part:
                used.append(each)
                self.left[each.id] -= part
                taken += part
        again = sum((each.amount for each in first), taken)
        return Whole(line, [*first, *used], again) if used else None


def within(comparison: Comparison, at_bank: Rupiah | None) -> tuple[Comparison, list[Whole]]:
    """Count no rupiah of an account twice that the bank holds once (M8).

    Args:
        at_bank: what the bank had taken in, ``in_total`` being what that speaks of; None where it
            did not say.
    """
    if at_bank is None or in_total(comparison) < at_bank:
        return comparison, []
    comparison = _shown_by_parts(comparison, at_bank)
    spoken = [each for each in unshown(comparison) if each.in_total]
    told = sorted(spoken, key=lambda each: (each.day, each.id))
    left = {each.id: comparison.unshown.get(each.id, each.amount) for each in told}
    account = _Account(left, told, in_total(comparison) - at_bank)
    claims, wholes = [], []
    for claim in comparison.claims:
        whole = _whole_of(claim, account)
        if whole is not None:
            wholes.append(whole)
        claims += [claim] if whole is None else _what_stays(claim, whole)
    joined = {whole.pieces[0].id: whole.line for whole in wholes if whole.is_one}
    claims = [_shown_by(claim, joined) for claim in claims]
    unexplained = dict(comparison.unexplained)
    of_parts = list(_of_parts(comparison.parts, unexplained, account))
    shown = {**comparison.unshown, **account.left}
    pieces = [*(whole for whole in wholes if not whole.is_one), *of_parts]
    found = replace(comparison, claims=claims, unshown=shown, unexplained=unexplained)
    return found, pieces


def _shown_by_parts(comparison: Comparison, at_bank: Rupiah) -> Comparison:
    """Let a line show the payment of its amount, where a sum leaves the books with too much."""
    lone = [claim.told for claim in comparison.claims if claim.told and claim.line is None]
    for told in sorted(lone, key=lambda each: (each.day, each.amount, each.id)):
        for line in comparison.parts:
            near = line.amount == told.amount and abs(line.day - told.day) <= WINDOW
            if not (near and line.in_total and told.in_total):
                continue
            tried = shown_by_part(comparison, told, line)
            if at_bank <= in_total(tried) < in_total(comparison):
                comparison = tried
                break
    return comparison


def _of_parts(
    parts: Iterable[Printed], unexplained: dict[UUID, Rupiah], account: _Account
) -> Iterator[Whole]:
    """Find what was told of in what a sum does not explain of its parts."""
    for line in parts:
        if not line.in_total or not unexplained[line.id] or account.beyond <= NOTHING:
            continue
        whole = account.take(line, unexplained[line.id])
        if whole is not None:
            unexplained[line.id] -= whole.again
            account.beyond -= whole.again
            yield whole


def _whole_of(claim: Claim, account: _Account) -> Whole | None:
    """Find what was told of instead of a line alone, or besides the payment that it names."""
    line = claim.line
    if line is None or not line.in_total:
        return None
    if claim.told is None:
        whole = account.take(line, line.amount) if account.beyond > NOTHING else None
        if whole is not None:
            account.beyond -= whole.again
        return whole
    lacking = line.amount - claim.told.amount
    if not claim.differs or lacking <= NOTHING:
        return None
    whole = account.take(line, lacking, [claim.told])
    if whole is not None:
        account.left[claim.told.id] = NOTHING
    return whole


def _what_stays(claim: Claim, whole: Whole) -> list[Claim]:
    if claim.told is not None:
        return [Claim(claim.told)]
    rest = whole.line.amount - whole.again
    return [Claim(line=whole.line, rest=rest)] if rest else []


def _shown_by(claim: Claim, joined: dict[UUID, Printed]) -> Claim:
    """One payment that a line prints on another day is that line's; the day alone differs."""
    line = joined.get(claim.told.id) if claim.told else None
    return replace(claim, line=line) if line else claim


def in_total(comparison: Comparison) -> Rupiah:
    """Sum what the claims hold of that of which the bank's total speaks."""
    held = [claim.amount for claim in comparison.claims if claim.leading.in_total]
    held += [each.amount for each in comparison.sums if each.in_total]
    held += [comparison.unexplained[each.id] for each in comparison.parts if each.in_total]
    return sum(held, NOTHING)


def unshown(comparison: Comparison) -> list[Told]:
    """Give what was told of and no line shows, or not all of it."""
    lone = [claim.told for claim in comparison.claims if claim.told and claim.line is None]
    return [*lone, *comparison.sums]


def adding_up(told: Sequence[Told], left: dict[UUID, Rupiah], wanted: Rupiah) -> Sequence[Told]:
    """Give some of what was told of whose rest is exactly so much; nothing where none is."""
    for count in range(1, PIECES_MOST + 1):
        for some in combinations(told[-12:], count):
            if sum((left[each.id] for each in some), NOTHING) == wanted:
                return some
    return ()
