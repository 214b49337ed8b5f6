"""Lines that may be what was told already, until the bank says how much it has taken in.

A statement may date a payment a day later and print it without its reference, and whoever holds
the bank's key may tell of a part of it (C4). Before the bank's total speaks of such a line, what is
proved is the larger of what both sources say, never their sum (M8): the line counts for what it
prints beyond what was told of near its day. The bank is asked at once; then ``within`` knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from reconciliation.domain.matching import NOTHING, WINDOW, Claim, Comparison, Printed, Told
from reconciliation.domain.wholes import Whole, adding_up, in_total, unshown
from shared.money import Rupiah


def unvouched(comparison: Comparison) -> list[Printed]:
    """Give the lines whose money nobody told of, or told of otherwise, since the bank was asked."""
    claims = [claim for claim in comparison.claims if claim.told is None or claim.differs]
    return [claim.line for claim in claims if claim.line and not claim.line.is_asked]


def until_asked(comparison: Comparison, at_bank: Rupiah | None) -> tuple[Comparison, list[Whole]]:
    """Count no line beside what it may be while the bank's total does not tell them apart.

    Args:
        at_bank: what the bank had taken in; None where it did not say.
    """
    told = sorted(unshown(comparison), key=lambda each: (each.day, each.amount, each.id))
    left = {each.id: comparison.unshown.get(each.id, each.amount) for each in told}
    beyond = NOTHING if at_bank is None else in_total(comparison) - at_bank
    claims, waiting = [], []
    for claim in comparison.claims:
        most = _doubtful(claim, at_bank, beyond)
        whole = _may_be(claim, most, told, left) if most > NOTHING else None
        if claim.line is None or whole is None:
            claims.append(claim)
            continue
        waiting.append(whole)
        beyond -= whole.again if claim.line.in_total else NOTHING
        rest = claim.amount - whole.again
        claims += [Claim(line=claim.line, rest=rest)] if rest else []
    return replace(comparison, claims=claims), waiting


def _doubtful(claim: Claim, at_bank: Rupiah | None, beyond: Rupiah) -> Rupiah:
    """Say for how much of a line nobody but the statement speaks."""
    if claim.line is None or claim.told is not None:
        return NOTHING
    if at_bank is None or not claim.line.in_total:
        return claim.amount
    return min(claim.amount, beyond)


def _may_be(
    claim: Claim, most: Rupiah, told: Iterable[Told], left: dict[UUID, Rupiah]
) -> Whole | None:
    """Find what was told of near the day of a line and is no more than it prints."""
    line = claim.line
    if line is None:
        return None
    near = [each for each in told if left[each.id] and abs(each.day - line.day) <= WINDOW]
    pieces, again = [], NOTHING
    for each in adding_up(near, left, most) or near:
        if left[each.id] <= most - again:
            again += left[each.id]
            left[each.id] = NOTHING
            pieces.append(each)
    return Whole(line, pieces, again) if pieces else None
