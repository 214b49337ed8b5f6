"""Shares of a whole in tenths of a percent: whole numbers, so that they add up exactly."""

from __future__ import annotations

from collections.abc import Sequence

WHOLE = 1000


def shares(amounts: Sequence[int]) -> list[int]:
    """Divide 1000 tenths of a percent among amounts by the largest remainder.

    Every share is its exact value rounded down, or one more; what rounding left over goes to
    the largest remainders, the earlier amount first. The shares add up to 1000, or to 0 when
    there is nothing to share.

    Raises:
        ValueError: an amount is negative.
    """
    if any(amount < 0 for amount in amounts):
        raise ValueError(f"shares of a negative amount: {amounts!r}")
    total = sum(amounts)
    if not total:
        return [0] * len(amounts)
    floors = [amount * WHOLE // total for amount in amounts]
    remainders = [amount * WHOLE % total for amount in amounts]
    by_remainder = sorted(range(len(amounts)), key=lambda index: (-remainders[index], index))
    for index in by_remainder[: WHOLE - sum(floors)]:
        floors[index] += 1
    return floors


def ratio(part: int, whole: int) -> int:
    """Give a part of a whole in tenths of a percent, rounded down; 0 of nothing is 0.

    Rounding down keeps 100,0% for the day on which the last rupiah has come.
    """
    return part * WHOLE // whole if whole else 0
