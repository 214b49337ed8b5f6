"""Lines that may be what was told already, until the bank says how much it has taken in.

A statement may date a payment a day later and print it without its reference, and whoever holds
the bank's key may tell of a part of it (C4). Before the bank's total speaks of such a line, what is
proved is the larger of what both sources say, never their sum (M8): the line counts for what it
prints beyond what was told of near its day. The bank is asked at once; then ``within`` knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from reconciliation.domain.matching import NOTHING, WINDOW, Claim, Comparison, Printed, Told
from reconciliation.domain.wholes import Whole, adding_up, in_total, unshown
from shared.money import Rupiah


def unvouched(comparison: Comparison) -> list[Printed]:
    """Give the lines whose money nobody told of, or told of otherwise, since the bank was asked."""
    claims = [claim for claim in comparison.claims if claim.told is None or claim.differs]
    lines = [claim.line for claim in claims if claim.line]
    lines += [each for each in comparison.parts if comparison.unexplained[each.id]]
    return [each for each in lines if not each.is_asked]


def until_asked(comparison: Comparison, at_bank: Rupiah | None) -> tuple[Comparison, list[Whole]]:
    """Count no line beside what it may be while the bank's total does not tell them apart.

    Args:
        at_bank: what the bank had taken in; None where it did not say.
    """
    account = _Account.of(comparison, at_bank)
    claims, waiting = [], []
    for claim in comparison.claims:
        if claim.line is None or claim.told is not None:
            claims.append(claim)
            continue
        whole = account.take(claim.line, claim.amount)
        waiting += [whole] if whole else []
        rest = claim.amount - (whole.again if whole else NOTHING)
        claims += [Claim(line=claim.line, rest=rest) if whole else claim] if rest else []
    unexplained = dict(comparison.unexplained)
    for line in comparison.parts:
        whole = account.take(line, unexplained[line.id], is_part=True)
        unexplained[line.id] -= whole.again if whole else NOTHING
    return replace(comparison, claims=claims, unexplained=unexplained), waiting


@dataclass
class _Account:
    """What no line shows yet of what was told, and how much the bank's total does not speak for."""

    told: Sequence[Told]
    left: dict[UUID, Rupiah]
    beyond: Rupiah | None

    @classmethod
    def of(cls, comparison: Comparison, at_bank: Rupiah | None) -> _Account:
        told = sorted(unshown(comparison), key=lambda each: (each.day, each.amount, each.id))
        left = {each.id: comparison.unshown.get(each.id, each.amount) for each in told}
        beyond = None if at_bank is None else in_total(comparison) - at_bank
        return cls(told, left, beyond)

    def take(self, line: Printed, amount: Rupiah, *, is_part: bool = False) -> Whole | None:
        """Find what a line may be: told of near its day and no more than it prints.

        What a sum leaves of a part is no payment of its own: it may be a piece of one.
        """
        most = self._doubtful(line, amount)
        near = [each for each in self.told if self.left[each.id] and _is_near(each, line)]
        pieces, again = [], NOTHING
        for each in adding_up(near, self.left, most) or near:
            part = min(self.left[each.id], most - again)
            if part == self.left[each.id] or (is_part and part > NOTHING):
                again += part
                self.left[each.id] -= part
                pieces.append(each)
        if self.beyond is not None and line.in_total:
            self.beyond -= again
        return Whole(line, pieces, again) if pieces else None

    def _doubtful(self, line: Printed, amount: Rupiah) -> Rupiah:
        """Say for how much of a line nobody but the statement speaks."""
        if self.beyond is None or not line.in_total:
            return amount
        return max(min(amount, self.beyond), NOTHING)


def _is_near(told: Told, line: Printed) -> bool:
    return abs(told.day - line.day) <= WINDOW
