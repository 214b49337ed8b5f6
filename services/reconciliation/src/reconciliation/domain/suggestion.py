"""Whose a transfer may be: scored, with reasons, never decided here.

A score is no probability. It says how sure one may be from what is known, 0 to 99: evidence for
adds up so that more never lowers it, evidence against takes a share away. Neither the order of
candidates nor that of the words in the text matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from reconciliation.domain.allocation import Share, allocate
from reconciliation.domain.evidence import (
    TAIL,
    Evidence,
    named_bill,
    of_amount,
    of_day,
    of_history,
    of_name,
    of_numbers,
)
from reconciliation.domain.names import Lookup, likeness
from reconciliation.domain.names import lookups as word_lookups
from reconciliation.domain.transfer import Bill, Candidate, Earlier, Transfer

SHOWN, LEADING = 30, 60
"""Below the one a suggestion is none; from the other on the first may be taken with one key."""

_SURE, _RIVAL_GAP = 80, 10
"""From here on it is strong; nobody is as sure while another is this near."""


class Strength(StrEnum):
    """A score in a word."""

    STRONG = "strong"
    FAIR = "fair"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A customer whose money it may be, and what it would pay.

    Attributes:
        score: 0 to 99.
        supports, contradicts: the reasons in Indonesian, the weightiest first.
        shares: what each bill would get; what is left becomes his credit.
        leads: it is the first, likely, and nobody else is nearly as likely.
    """

    candidate: Candidate
    score: int
    supports: Sequence[str]
    contradicts: Sequence[str]
    shares: Sequence[Share]
    leads: bool = False

    @property
    def strength(self) -> Strength:
        if self.score >= _SURE:
            return Strength.STRONG
        return Strength.FAIR if self.score >= LEADING else Strength.WEAK


def suggest(
    transfer: Transfer,
    candidates: Iterable[Candidate],
    earlier: Sequence[Earlier] = (),
    most: int = 5,
) -> list[Suggestion]:
    """Say whose a transfer may be, the likeliest first; nobody when nothing is likely."""
    known = sorted(candidates, key=lambda each: (each.name, each.number, each.id))
    named = {each.id: likeness(transfer.text, each.name) for each in known}
    alike = [each for each in earlier if transfer.is_from_sender_of(each.transfer)]
    weighed = []
    for candidate in known:
        found = named[candidate.id]
        namesakes = sum(each.share >= found.share for each in named.values())
        knows = any(each.customer_id == candidate.id for each in alike)
        named_as = of_name(transfer, found, namesakes, knows_sender=knows)
        weighed.append(_weigh(transfer, candidate, named_as, alike))
    ranked = sorted(weighed, key=lambda each: -each.score)
    scores = [each.score for each in ranked]
    judged = [_judge(each, at, scores) for at, each in enumerate(ranked)]
    return [each for each in judged if each.score >= SHOWN][:most]


def score_of(evidence: Iterable[Evidence]) -> int:
    """Combine evidence to 0 to 99: each piece for leaves less doubt, each against less trust."""
    pieces = sorted(evidence, key=lambda each: (each.weight, each.words))
    doubt = trust = 1000**2
    for piece in pieces:
        if piece.supports:
            doubt = doubt * (1000 - piece.weight) // 1000
        else:
            trust = trust * (1000 - piece.weight) // 1000
    return min((1000**2 - doubt) * trust // 1000**2 * 100 // 1000**2, 99)


def lookups(transfer: Transfer) -> list[Lookup]:
    """Say which marks to look for: the words of the text, and the ends of its numbers."""
    tails = {number[-TAIL:] for number in transfer.numbers if len(number) >= TAIL}
    return word_lookups(transfer.text) + [Lookup(each, each) for each in sorted(tails)]


def _weigh(
    transfer: Transfer, candidate: Candidate, named: list[Evidence], alike: Sequence[Earlier]
) -> Suggestion:
    amounts, fitting = of_amount(transfer, candidate)
    evidence = [
        *named,
        *amounts,
        *of_numbers(transfer, candidate),
        *of_day(transfer, candidate),
        *of_history(transfer, candidate, alike),
    ]
    evidence.sort(key=lambda each: -each.weight)
    return Suggestion(
        candidate,
        score_of(evidence),
        [each.words for each in evidence if each.supports],
        [each.words for each in evidence if not each.supports],
        _shares(transfer, candidate, fitting),
    )


def _shares(transfer: Transfer, candidate: Candidate, fitting: Sequence[Bill]) -> list[Share]:
    """Divide the money: over the bills that fit, else the bill that is named, then the oldest."""
    named = named_bill(transfer, candidate)
    bills = fitting or candidate.bills
    own = None if named is None else named.id
    return allocate(transfer.amount, [bill.invoice for bill in bills], own)


def _judge(suggestion: Suggestion, at: int, scores: Sequence[int]) -> Suggestion:
    """Be less sure where another is nearly as likely; say whether it leads."""
    rivals = [score for place, score in enumerate(scores) if place != at]
    near = max(rivals, default=0) >= max(suggestion.score - _RIVAL_GAP, SHOWN)
    contradicts = list(suggestion.contradicts)
    if near and suggestion.score >= SHOWN:
        contradicts.append("Pelanggan lain hampir sama kuat buktinya")
    return replace(
        suggestion,
        score=min(suggestion.score, _SURE - 1) if near else suggestion.score,
        contradicts=contradicts,
        leads=at == 0 and not near and suggestion.score >= LEADING,
    )
