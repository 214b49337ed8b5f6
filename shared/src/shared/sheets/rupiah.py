"""Reading amounts as people and banks spell them, without ever guessing (M1).

Indonesian files write ``1.500.000,00``, English ones ``1,500,000.00``. Most spellings show which
they are; three digits behind a single mark (``1.500``) do not. So a file is looked at as a whole:
one amount that shows its style decides for all of them. Where none does, ``1.500`` is refused; a
second style in the same file is refused; so are sen other than 00. Nothing is rounded, and nothing
unreadable becomes zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum

from shared.money import LARGEST_IDR, Rupiah


class Style(Enum):
    """Which mark groups thousands and which one precedes the sen."""

    INDONESIAN = (".", ",")
    ENGLISH = (",", ".")

    @property
    def group(self) -> str:
        return self.value[0]

    @property
    def decimal(self) -> str:
        return self.value[1]


class AmountUnclear(ValueError):
    """A text that is no amount, or could be two; the message says so in Indonesian."""


_CLEANED = re.compile(r"(?P<minus>[-\u2212])?\s*(?:Rp\.?|IDR)?\s*(?P<number>[0-9][0-9.,]*)", re.I)
_PLAIN = re.compile(r"[0-9]{1,14}")
_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_SPELLED = {
    style: re.compile(
        rf"(?P<whole>[0-9]{{1,14}}|[1-9][0-9]{{0,2}}(?:\{style.group}[0-9]{{3}})+)"
        rf"(?:\{style.decimal}(?P<sen>[0-9]+))?"
    )
    for style in Style
}


def style_of(texts: Iterable[str]) -> Style | None:
    """Give the style that the amounts of a file show; None when none shows any.

    Texts that fit no style, and a second style, are left to ``rupiah`` to refuse in their place.
    """
    for text in texts:
        number = _number(text)
        if number is None or _PLAIN.fullmatch(number) or _AMBIGUOUS.fullmatch(number):
            continue
        for style in Style:
            match = _SPELLED[style].fullmatch(number)
            if match and (match["sen"] is None or len(match["sen"]) == 2):
                return style
    return None


def rupiah(text: str, style: Style | None) -> Rupiah:
    """Read one amount in the style of its file.

    Raises:
        AmountUnclear: it is none, could be two, has sen, or is written in the other style.
    """
    cleaned = _CLEANED.fullmatch(text.strip().replace("\u00a0", " "))
    if cleaned is None:
        raise AmountUnclear(f"“{text[:40]}” bukan jumlah rupiah.")
    number = cleaned["number"]
    whole = number if _PLAIN.fullmatch(number) else _whole(number, style)
    amount = int(whole)
    if amount > LARGEST_IDR:
        raise AmountUnclear(f"“{text[:40]}” melebihi batas jumlah.")
    return Rupiah(-amount if cleaned["minus"] else amount)


def _whole(number: str, style: Style | None) -> str:
    if style is None:
        raise AmountUnclear(
            f"“{number}” dapat dibaca dua cara, dan tidak ada jumlah lain di berkas ini yang"
            " menunjukkan cara menulisnya. Tulis lengkap, misalnya 1.500,00."
        )
    match = _SPELLED[style].fullmatch(number)
    if match is None:
        raise AmountUnclear(f"“{number[:40]}” ditulis berbeda dari jumlah lain di berkas ini.")
    if match["sen"] not in {None, "00"}:
        raise AmountUnclear(f"“{number}” memuat sen; hanya rupiah bulat yang diterima.")
    return match["whole"].replace(style.group, "")


def _number(text: str) -> str | None:
    cleaned = _CLEANED.fullmatch(text.strip().replace("\u00a0", " "))
    return cleaned["number"] if cleaned else None
