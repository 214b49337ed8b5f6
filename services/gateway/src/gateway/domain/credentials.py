"""The secrets that stand for a signed-in person: 256 random bits, kept only as a hash (W1)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=8)
CONFIRMED_FOR = timedelta(minutes=10)
"""How long a given password allows sensitive acts (A8); signing in gives it too."""
CONFIRM_TRIES = 5
"""After so many wrong passwords in a row the credential ends, and its holder signs in anew."""
TOUCH_EVERY = timedelta(minutes=1)
"""Use is noted at most this often, so that reading a page does not always write."""


class Kind(StrEnum):
    """A browser's session, a program's token, or a sign-in whose second factor is still missing."""

    SESSION = "session"
    TOKEN = "token"  # noqa: S105 - the name of a kind
    HALF = "half"


def new_secret() -> str:
    """Make a secret that nobody guesses."""
    return secrets.token_urlsafe(32)


def secret_hash(secret: str) -> bytes:
    """Give what is stored of a secret; it has full entropy, so a plain hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def is_recent(confirmed_at: datetime, now: datetime) -> bool:
    """Tell whether a password given then still allows sensitive acts."""
    return now - confirmed_at < CONFIRMED_FOR


def end_of(kind: Kind, seen_at: datetime, expires_at: datetime) -> datetime:
    """Give the instant at which a credential ends if it is not used again (W1)."""
    return min(expires_at, seen_at + IDLE) if kind is Kind.SESSION else expires_at


def oldest_use(kind: Kind, now: datetime) -> datetime:
    """Give the instant since which a credential must have been used to be alive at ``now``."""
    return now - (IDLE if kind is Kind.SESSION else ABSOLUTE)
