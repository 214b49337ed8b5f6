"""Who is asking: the signed, short-lived token that the gateway sends inward (A5).

EdDSA on Ed25519 only (RFC 9864 names it so), audience checked, at most 60 s old.
A service acts on nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from shared.errors import Unauthenticated

HEADER = "X-Lunas-Principal"
LIFETIME = timedelta(seconds=60)
_ALGORITHM = "Ed25519"
_LEEWAY = timedelta(seconds=5)
SYSTEM_ID = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts, and how far he sees.

    Attributes:
        marketing_id: the Marketing whose customers he sees; None means everything.
        permissions: the operations his role has, as ``customers.read`` and the like.
        confirmed: whether he gave his password within the last minutes (A8); the same person
            either way.
        viewing: through whose eyes an Admin looks, who may only read meanwhile.
        via: ``web`` when a browser's session speaks for him, ``api`` for a token (P1).
    """

    user_id: UUID
    name: str
    role: str
    marketing_id: UUID | None
    permissions: frozenset[str] = field(default_factory=frozenset)
    confirmed: bool = field(default=False, compare=False)
    via: str = field(default="", compare=False)
    viewing: str = ""

    @property
    def scope(self) -> str:
        """Give ``all`` or ``marketing:<id>``."""
        return "all" if self.marketing_id is None else f"marketing:{self.marketing_id}"

    @classmethod
    def system(cls, service: str) -> Principal:
        """The service itself: consumers and workers act as this and see everything."""
        return cls(SYSTEM_ID, f"sistem:{service}", "system", None)


def generate_keys() -> tuple[str, str]:
    """Make a key pair: (private, public), both PEM text."""
    key = OKPKey.generate_key("Ed25519")
    return key.as_pem(private=True).decode(), key.as_pem(private=False).decode()


def sign(principal: Principal, private_pem: str, audience: list[str], now: datetime) -> str:
    """Make the token for one request."""
    claims = {
        "sub": str(principal.user_id),
        "name": principal.name,
        "role": principal.role,
        "scope": principal.scope,
        "permissions": sorted(principal.permissions),
        "confirmed": principal.confirmed,
        "via": principal.via,
        "viewing": principal.viewing,
        "aud": audience,
        "iat": int(now.timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
    }
    key = _signing_key(private_pem)
    return jwt.encode({"alg": _ALGORITHM}, claims, key, algorithms=[_ALGORITHM])


@lru_cache(maxsize=4)
def _signing_key(private_pem: str) -> OKPKey:
    return OKPKey.import_key(private_pem)


class PrincipalVerifier:
    """Checks tokens for one service; the key is read once."""

    def __init__(self, public_pem: str, service: str) -> None:
        self._key = OKPKey.import_key(public_pem)
        self._service = service

    def verify(self, token: str, now: datetime) -> Principal:
        """Read a token.

        Raises:
            Unauthenticated: the signature, the audience or the time is wrong.
        """
        try:
            claims = jwt.decode(token, self._key, algorithms=[_ALGORITHM]).claims
            return self._principal(claims, now)
        except (JoseError, KeyError, ValueError, TypeError) as error:
            raise Unauthenticated from error

    def _principal(self, claims: dict[str, Any], now: datetime) -> Principal:
        issued, expires = int(claims["iat"]), int(claims["exp"])
        moment = now.timestamp()
        fresh = issued - _LEEWAY.total_seconds() <= moment <= expires
        if not fresh or expires - issued > LIFETIME.total_seconds():
            raise Unauthenticated
        if self._service not in claims["aud"]:
            raise Unauthenticated
        kind, _, owner = str(claims["scope"]).partition(":")
        if kind not in {"all", "marketing"} or (kind == "marketing") != bool(owner):
            raise Unauthenticated
        return Principal(
            UUID(claims["sub"]),
            str(claims["name"]),
            str(claims["role"]),
            UUID(owner) if owner else None,
            frozenset(claims["permissions"]),
            claims["confirmed"] is True,
            str(claims.get("via", "")),
            str(claims.get("viewing", "")),
        )
