"""The short code under the QR: it binds a number to its amount, day and revision."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import date

_CODE = re.compile(r"([0-9A-F]{4})-?([0-9A-F]{4})")


def proof_code(key: bytes, number: str, amount_idr: int, day: date, revision: int) -> str:
    """Make the code ``4F7A-2C91``: eight letters of a keyed hash.

    It tells that a record of ours says the same; it is not an electronic signature.
    """
    content = f"{number}\n{amount_idr}\n{day.isoformat()}\n{revision}".encode()
    code = hmac.new(key, content, hashlib.sha256).hexdigest()[:8].upper()
    return f"{code[:4]}-{code[4:]}"


def mark(number: str, code: str) -> str:
    """Join number and code as they stand on a paper; a code may be typed in any way.

    What is no code at all stays what it is: it marks nothing.
    """
    typed = _CODE.fullmatch(code.strip().upper().replace(" ", ""))
    plain = "-".join(typed.groups()) if typed else code
    return f"{number.strip().upper()} {plain}"


def masked_name(name: str) -> str:
    """``M***** S*******``: the owner recognises it, a stranger learns nothing."""
    return " ".join(word[0] + "*" * (len(word) - 1) for word in name.split())
