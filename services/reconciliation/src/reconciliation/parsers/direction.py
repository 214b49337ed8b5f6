"""Which way money went, where a table says so beside an amount: D or K, DB or CR."""

from __future__ import annotations

from collections.abc import Iterable

from shared.money import Rupiah
from shared.sheets.rupiah import AmountUnclear

_OUT = frozenset({"D", "DB", "DR", "DBT", "DEBIT", "DEBET", "KELUAR"})
_IN = frozenset({"K", "C", "CR", "KR", "CRE", "CREDIT", "KREDIT", "MASUK"})


def are_directions(texts: Iterable[str]) -> bool:
    """Tell whether a column says of every line which way its money went."""
    words = [_plain(text) for text in texts]
    return bool(words) and all(word in _OUT or word in _IN for word in words)


def directed(amount: Rupiah, text: str) -> Rupiah:
    """Give an amount the sign of its direction; money that left is negative.

    Raises:
        AmountUnclear: the text is no direction, or the amount is signed against it.
    """
    word = _plain(text)
    if word not in _OUT and word not in _IN:
        raise AmountUnclear(f"“{text[:20]}” bukan arah uang (tulis D atau K).")
    if word in _OUT:
        return amount if amount < Rupiah(0) else -amount
    if amount < Rupiah(0):
        raise AmountUnclear(f"jumlahnya bertanda minus, tetapi arahnya “{text[:20]}”.")
    return amount


def _plain(text: str) -> str:
    return text.strip(" .()").upper()
