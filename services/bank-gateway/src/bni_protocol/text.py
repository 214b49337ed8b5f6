"""Text for the bank: printable ASCII of bounded length."""

import re
import unicodedata

CUSTOMER_NAME_MAX = 255
DESCRIPTION_MAX = 100
TRX_ID_MAX = 30
AMOUNT_MAX_DIGITS = 14

_LOOKALIKES = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"',
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
        "\u00df": "ss", "\u00e6": "ae", "\u00c6": "AE", "\u00f8": "o", "\u00d8": "O",
        "\u0142": "l", "\u0141": "L", "\u0111": "d", "\u0110": "D", "\u00f0": "d", "\u00de": "Th",
        "\u00b7": ".", "\u2026": "...",
    }
)  # fmt: skip
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]+")
_SPACES = re.compile(r"\s+")


def printable_ascii(text: str, length_max: int) -> str:
    """Spell text in printable ASCII, at most ``length_max`` characters.

    Accents are dropped, typographic signs become their plain form, runs of space become one.
    What has no plain form is left out; the result may be empty.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_LOOKALIKES))
    stripped = "".join(sign for sign in plain if not unicodedata.combining(sign))
    spaced = _SPACES.sub(" ", stripped)
    return _SPACES.sub(" ", _UNPRINTABLE.sub("", spaced)).strip()[:length_max].rstrip()
