"""The VAT inside a price: the rate and its base are dated, because the law changes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Rule:
    """From a day on: so many percent of a fraction of the price."""

    since: date
    percent: int
    base_of: tuple[int, int]


RULES = (
    Rule(date(2022, 4, 1), 11, (1, 1)),  # UU 7/2021 art. 4 on UU PPN art. 7
    Rule(date(2025, 1, 1), 12, (11, 12)),  # PMK 131/2024 art. 3: DPP nilai lain
)


@dataclass(frozen=True, slots=True)
class Vat:
    """What a price that includes VAT is made of; ``price_idr`` + ``vat_idr`` = the whole."""

    price_idr: int
    base_idr: int
    vat_idr: int
    percent: int
    reduced: bool


def inside(total_idr: int, on: date) -> Vat | None:
    """Take the VAT out of a price that includes it; None before the first rule.

    The price and the base are rounded to the nearest rupiah, halves up; the VAT is what is
    left, so that price and VAT always add up to the total.
    """
    rule = next((r for r in reversed(RULES) if r.since <= on), None)
    if rule is None:
        return None
    part, whole = rule.base_of
    price = _nearest(total_idr * 100 * whole, 100 * whole + rule.percent * part)
    base = _nearest(price * part, whole)
    return Vat(price, base, total_idr - price, rule.percent, reduced=part != whole)


def _nearest(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)
