"""Amounts in Indonesian words (terbilang), as they stand on receipts."""

from __future__ import annotations

LARGEST = 10**15 - 1
_UNITS = (
    *("nol", "satu", "dua", "tiga", "empat", "lima", "enam"),
    *("tujuh", "delapan", "sembilan", "sepuluh", "sebelas"),
)
_SCALES = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (10**3, "ribu"))


def spell(number: int) -> str:
    """Spell a whole number: 1_001_000 is ``satu juta seribu``.

    Raises:
        ValueError: the number is negative or above 999 triliun.
    """
    if not 0 <= number <= LARGEST:
        raise ValueError(f"cannot spell {number}")
    if number < 1000:
        return " ".join(_below_thousand(number)) or _UNITS[0]
    words: list[str] = []
    for size, name in _SCALES:
        count, number = divmod(number, size)
        if count == 1 and size == 1000:
            words.append("seribu")
        elif count:
            words += [*_below_thousand(count), name]
    return " ".join(words + _below_thousand(number))


def rupiah_in_words(amount_idr: int) -> str:
    """Spell an amount with its currency."""
    return f"{spell(amount_idr)} rupiah"


def _below_thousand(number: int) -> list[str]:
    hundreds, rest = divmod(number, 100)
    words = ["seratus"] if hundreds == 1 else [_UNITS[hundreds], "ratus"] if hundreds else []
    return words + _below_hundred(rest)


def _below_hundred(number: int) -> list[str]:
    if number < 12:
        return [_UNITS[number]] if number else []
    if number < 20:
        return [_UNITS[number - 10], "belas"]
    tens, units = divmod(number, 10)
    return [_UNITS[tens], "puluh", *([_UNITS[units]] if units else [])]
