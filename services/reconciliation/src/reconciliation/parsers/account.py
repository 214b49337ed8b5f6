"""The number of an account, out of what a bank prints around it."""

from __future__ import annotations

import re

DIGITS_MIN = 5


class AccountUnclear(ValueError):
    """A text that holds no account number, or more than one; the message says so in Indonesian."""


def account_number(text: str) -> str:
    """Give the digits of an account, of the part that holds them: ``BNINIDJA/0123456789``.

    A bank code of numbers (``009/...``) is shorter than an account, and a BIC has none.

    Raises:
        AccountUnclear: fewer than five digits, or two parts that could be an account.
    """
    parts = {re.sub(r"[^0-9]", "", part) for part in text.split("/")}
    numbers = [part for part in parts if len(part) >= DIGITS_MIN]
    if not numbers:
        raise AccountUnclear(
            f"“{text[:40]}” tidak memuat nomor rekening (paling sedikit {DIGITS_MIN} angka)."
        )
    if len(numbers) > 1:
        raise AccountUnclear(f"“{text[:40]}” memuat lebih dari satu nomor rekening.")
    return numbers[0]
