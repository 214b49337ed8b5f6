"""Text that people type: bounded, NFC, without control characters (B5)."""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

_KEPT_CONTROLS = {"\n", "\t"}


def clean(text: str) -> str:
    """Normalise to NFC, drop control characters, trim the ends.

    Raises:
        ValueError: the text holds NUL, which no honest program sends.
    """
    kept = (c for c in storable(text).replace("\r\n", "\n") if not _is_control(c))
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def storable(text: str) -> str:
    """Give back text that a database can hold.

    Raises:
        ValueError: it holds NUL or half a character.
    """
    if "\x00" in text:
        raise ValueError("NUL tidak diperbolehkan")
    if any(unicodedata.category(c) == "Cs" for c in text):
        raise ValueError("bukan teks yang benar")
    return text


def _is_control(character: str) -> bool:
    return character not in _KEPT_CONTROLS and unicodedata.category(character) == "Cc"


def _filled(text: str) -> str:
    if not text:
        raise ValueError("wajib diisi")
    return text


def _unbroken(text: str) -> str:
    return text.replace("\n", " ").replace("\t", " ")


Line = Annotated[
    str,
    StringConstraints(max_length=200),
    AfterValidator(clean),
    AfterValidator(_unbroken),
    AfterValidator(_filled),
]
"""One line of text that must not be empty: a name, a title."""

OptionalLine = Annotated[
    str, StringConstraints(max_length=200), AfterValidator(clean), AfterValidator(_unbroken)
]
"""One line of text that may be empty."""

Paragraph = Annotated[str, StringConstraints(max_length=4000), AfterValidator(clean)]
"""Free text of several lines that may be empty: notes, a description."""

Reason = Annotated[
    str, StringConstraints(max_length=500), AfterValidator(clean), AfterValidator(_filled)
]
"""Why somebody did something; never empty."""

Address = Annotated[
    str, StringConstraints(max_length=500), AfterValidator(clean), AfterValidator(_filled)
]
"""Where somebody lives, perhaps over several lines; never empty."""
