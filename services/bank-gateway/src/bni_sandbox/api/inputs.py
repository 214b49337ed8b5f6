"""What comes in from outside, and its bounds (B4, B5)."""

from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, StringConstraints

from bni_protocol.moments import YEAR_FIRST, YEAR_LAST

SEARCH_LENGTH = 40


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("hanya huruf, angka dan tanda yang dapat dicetak")
    return text


def _plausible(moment: AwareDatetime) -> AwareDatetime:
    if not YEAR_FIRST < moment.year < YEAR_LAST:
        raise ValueError(f"tahun di luar {YEAR_FIRST + 1} sampai {YEAR_LAST - 1}")
    return moment


AccountNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,16}$")]
Moment = Annotated[AwareDatetime, AfterValidator(_plausible)]
Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=100),
    AfterValidator(_printable),
]


def searchable(text: str) -> str:
    """Keep of a search what may be in a record."""
    return "".join(sign for sign in text.strip()[:SEARCH_LENGTH] if sign.isprintable())
