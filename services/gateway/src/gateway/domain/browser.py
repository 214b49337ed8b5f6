"""What tells our own pages from somebody else's (W4)."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlsplit


def is_same_origin(host: str, origin: str | None, fetch_site: str | None) -> bool:
    """Tell whether a browser says that the request comes from a page of this very host.

    At least one of the two headers must be there, and none may disagree.
    """
    if origin is None and fetch_site is None:
        return False
    if fetch_site is not None and fetch_site != "same-origin":
        return False
    return origin is None or _authority(origin) == _without_default_port(host)


def _authority(origin: str) -> str | None:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"}:
        return None
    return _without_default_port(parts.netloc)


def _without_default_port(authority: str) -> str:
    return authority.lower().removesuffix(":80").removesuffix(":443")


def csrf_token(secret: str, credential_hash: bytes) -> str:
    """Give the token that binds a form to one session; nobody can make it without the secret."""
    return hmac.new(secret.encode(), b"csrf\n" + credential_hash, hashlib.sha256).hexdigest()


def is_same_token(expected: str, given: str | None) -> bool:
    """Compare in constant time."""
    return given is not None and hmac.compare_digest(expected.encode(), given.encode())
