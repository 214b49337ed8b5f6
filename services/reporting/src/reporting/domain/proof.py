"""The short code under the QR: it binds a number to its amount, day and revision."""

from __future__ import annotations

import hashlib
import hmac
from datetime import date


def proof_code(key: bytes, number: str, amount_idr: int, day: date, revision: int) -> str:
    """Make the code ``4F7A-2C91``: eight letters of a keyed hash.

    It tells that a record of ours says the same; it is not an electronic signature.
    """
    content = f"{number}\n{amount_idr}\n{day.isoformat()}\n{revision}".encode()
    code = hmac.new(key, content, hashlib.sha256).hexdigest()[:8].upper()
    return f"{code[:4]}-{code[4:]}"
