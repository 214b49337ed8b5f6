"""Sealing: what makes two states of a paper the same, and what proves it was not changed."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

LINK_LIFETIME = timedelta(days=30)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


def digest(facts: Mapping[str, Any]) -> str:
    """Hash JSON-like facts; the order of their keys does not matter."""
    plain = json.dumps(facts, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


def new_token() -> str:
    """Make a link's token: 128 random bits."""
    return secrets.token_urlsafe(16)


def is_token(text: str) -> bool:
    """Tell whether a text could be a token at all."""
    return _TOKEN.fullmatch(text) is not None
