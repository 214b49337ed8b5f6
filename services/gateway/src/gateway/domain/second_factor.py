"""Codes of an app (TOTP, RFC 6238) and the codes for when the phone is lost."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

STEP_SECONDS, DIGITS = 30, 6
SECRET_BYTES = 20
AROUND = (-1, 0, 1)
"""Clocks of phones are a little off: the step before and after count too."""

RECOVERY_CODES = 10
UNFINISHED_FOR = timedelta(minutes=15)
"""How long the picture to scan stays the same while somebody sets it up."""

HALF_FOR = timedelta(minutes=10)
"""How long somebody who gave his password has to give his code."""

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> bytes:
    """Make what the app and we share."""
    return secrets.token_bytes(SECRET_BYTES)


def spelled(secret: bytes) -> str:
    """Spell the secret for somebody who types it into his app."""
    return base64.b32encode(secret).decode()


def address_of(secret: bytes, username: str, issuer: str = "Lunas") -> str:
    """Give what the picture to scan says."""
    facts = {"secret": spelled(secret), "issuer": issuer, "digits": DIGITS, "period": STEP_SECONDS}
    return f"otpauth://totp/{quote(f'{issuer}:{username}', safe='')}?{urlencode(facts)}"


def code_at(secret: bytes, step: int) -> str:
    """Give the code of one step of time."""
    return HOTP(secret, DIGITS, SHA1()).generate(step).decode()  # noqa: S303 - as RFC 6238 has it


def step_at(now: datetime) -> int:
    """Give the step that an instant lies in."""
    return int(now.timestamp()) // STEP_SECONDS


def matching_step(secret: bytes, code: str, now: datetime, last_step: int) -> int | None:
    """Find the step whose code this is; none at or before the last one used, so none twice."""
    if not is_app_code(code):
        return None
    present = step_at(now)
    found = None
    for step in (present + offset for offset in AROUND):
        if hmac.compare_digest(code_at(secret, step), code) and step > last_step:
            found = step
    return found


def plain_code(typed: str) -> str:
    """Read what somebody typed: without blanks and hyphens, in small letters."""
    return re.sub(r"[\s-]", "", typed).lower()


def is_app_code(code: str) -> bool:
    """Tell a code of the app from one for recovery."""
    return re.fullmatch(r"[0-9]{6}", code) is not None


def new_recovery_codes() -> list[str]:
    """Make the codes that let somebody in without his phone, each once."""
    return [
        f"{half}-{other}" for half, other in ((_part(), _part()) for _ in range(RECOVERY_CODES))
    ]


def _part() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(5))
