"""What the bank printed beside an amount: the virtual account, the payer, whether it is a fee.

Only the text itself decides, never what is known at the time: the same line means the same
whether it comes before or after everything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from shared.money import Rupiah

_MARKED = re.compile(r"\b(?:VA|VIRTUAL ACCOUNT|NO VA)\b[ .:/-]*([0-9]{8,19})\b")
_BARE = re.compile(r"(?<![0-9])([89][0-9]{15})(?![0-9])")
_LEAD = re.compile(
    r"^(?:(?:TRF|TRANSFER|TRSF|SETORAN|PEMINDAHAN|KREDIT|CR|MASUK|TUNAI|DARI|FROM|DR"
    r"|VA|VIRTUAL ACCOUNT|E-?BANKING|IB|MB|BI-?FAST|RTGS|SKN)\b[ .:/-]*)+"
)
_NUMBER = re.compile(r"\b(?=[0-9A-Z]*[0-9])[0-9A-Z]{4,}\b")
_BLANKS = re.compile(r"\s+")


def account_in(*texts: str) -> str:
    """Give the virtual account that a line names; empty when it names none, or several."""
    said = " ".join(texts).upper()
    named = set(_MARKED.findall(said)) or set(_BARE.findall(said))
    return named.pop() if len(named) == 1 else ""


def payer_in(text: str) -> str:
    """Give what is left of a remark without its leading words, numbers and references."""
    said = _NUMBER.sub(" ", _LEAD.sub("", _BLANKS.sub(" ", text.upper()).strip()))
    return _BLANKS.sub(" ", said).strip(" .:/-")


def is_fee(text: str, amount: Rupiah, words: Iterable[str], most: Rupiah) -> bool:
    """Tell whether a debit is a charge of the bank: it begins with one of the words, and is small.

    Args:
        amount: what left the account, positive.
        most: a larger one needs a person, whatever it is called.
    """
    said = _BLANKS.sub(" ", text.upper()).strip()
    named = any(said == word or said.startswith(f"{word} ") for word in words)
    return named and amount <= most
