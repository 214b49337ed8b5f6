"""Whole rupiah: the only type in which code adds money up (M1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, StrictInt

from shared.errors import Invalid

LARGEST_IDR = 10**14 - 1
_SOUGHT = re.compile(r"(?:rp\s*)?([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{4,14})", re.IGNORECASE)
_TEXT_AMOUNT = re.compile(r"[0-9]{1,14}(\.00)?")

PositiveIdr = Annotated[StrictInt, Field(gt=0, le=LARGEST_IDR)]
"""An amount above zero in JSON: a whole number of rupiah, never text or float."""

NonNegativeIdr = Annotated[StrictInt, Field(ge=0, le=LARGEST_IDR)]
"""An amount of zero or more in JSON."""


class AmountNotWhole(Invalid):
    """A text amount that is not whole rupiah; it is refused, never rounded (M1)."""

    detail = "Jumlah {text!r} bukan rupiah bulat."


@dataclass(frozen=True, order=True, slots=True)
class Rupiah:
    """A whole number of rupiah."""

    amount: int

    def __post_init__(self) -> None:
        if type(self.amount) is not int:  # a float or a bool here is a bug, not money
            raise TypeError(f"rupiah must be a whole int, got {self.amount!r}")

    def __add__(self, other: Rupiah) -> Rupiah:
        if not isinstance(other, Rupiah):
            return NotImplemented
        return Rupiah(self.amount + other.amount)

    def __sub__(self, other: Rupiah) -> Rupiah:
        if not isinstance(other, Rupiah):
            return NotImplemented
        return Rupiah(self.amount - other.amount)

    def __neg__(self) -> Rupiah:
        return Rupiah(-self.amount)

    def __bool__(self) -> bool:
        return self.amount != 0

    def __str__(self) -> str:
        sign = "\u2212" if self.amount < 0 else ""
        return f"{sign}Rp{abs(self.amount):,}".replace(",", ".")

    def split(self, parts: int) -> list[Rupiah]:
        """Divide into installments with this exact sum; the last takes the remainder (M7)."""
        share, remainder = divmod(self.amount, parts)
        return [Rupiah(share)] * (parts - 1) + [Rupiah(share + remainder)]


def rupiah_from_text(text: str) -> Rupiah:
    """Read ``1250000`` or ``1250000.00``.

    Raises:
        AmountNotWhole: any other spelling; nothing is rounded (M1).
    """
    if not _TEXT_AMOUNT.fullmatch(text, 0):
        raise AmountNotWhole(text=text)
    return Rupiah(int(text.removesuffix(".00")))


def amount_sought(text: str) -> int | None:
    """Read the amount that a search may mean: ``1.250.000``, ``Rp 1.250.000`` or ``1250000``."""
    match = _SOUGHT.fullmatch(text.strip())
    return int(match[1].replace(".", "")) if match else None
