"""What became of the lines that a statement brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from reconciliation.domain.certificate import Figure


class Fate(StrEnum):
    """What a line did, each line exactly one; what was told of later does not change it.

    Attributes:
        PENDING: it is not compared yet.
        WAITING: a person has to say what it is.
        CONFIRMED: it proved a payment that only a callback had told of.
        JOINED: it shows a payment that the bank had confirmed already.
        POSTED: nobody had told of the payment; the line brought it into the books.
        FEE: a charge of the bank, booked by rule.
        DECIDED: a person said what it is.
    """

    PENDING = "pending"
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    JOINED = "joined"
    POSTED = "posted"
    FEE = "fee"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a statement did to the books so far.

    Attributes:
        compared: all its lines are taken, and what they do not show was looked for.
        lines: how many new lines met which fate.
        open: what needs a person because of it, by kind of exception.
    """

    compared: bool
    lines: Mapping[Fate, Figure]
    open: Mapping[str, Figure]
