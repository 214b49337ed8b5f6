"""The headers of a request that we send, signed; the mirror of ``receiving`` (sections 2 to 4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from bni_protocol import moments
from snap_protocol import signing

SAFETY = timedelta(seconds=60)
TOKEN_REFUSED = frozenset({(401, 1), (401, 3)})
"""The other side does not know our token any more; the same request goes again under a new one."""

_TOKEN_LENGTH_MAX = 2048
_RANDOM_DIGITS = 22  # with the ten of the time, 32 of the 36 that are allowed
_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """How we prove ourselves to the other side.

    Attributes:
        client_id: sent as X-CLIENT-KEY.
        partner_id: sent as X-PARTNER-ID.
        client_secret: signs our requests; the private key signs the request for a token.
    """

    client_id: str
    partner_id: str
    channel_id: str
    client_secret: str
    private_key: RSAPrivateKey

    def token_headers(self, now: datetime) -> dict[str, str]:
        timestamp = moments.iso(now)
        text = signing.token_string(self.client_id, timestamp)
        return _JSON | {
            "X-TIMESTAMP": timestamp,
            "X-CLIENT-KEY": self.client_id,
            "X-SIGNATURE": signing.sign_asymmetric(text, self.private_key),
        }

    def headers(self, request: "Request", token: str, number: str) -> dict[str, str]:
        """Sign a transaction; ``number`` is its X-EXTERNAL-ID."""
        timestamp = moments.iso(request.at)
        text = signing.string_to_sign(
            request.method, request.target, request.body, timestamp, token
        )
        return _JSON | {
            "Authorization": f"Bearer {token}",
            "X-TIMESTAMP": timestamp,
            "X-SIGNATURE": signing.sign_symmetric(text, self.client_secret),
            "X-PARTNER-ID": self.partner_id,
            "X-EXTERNAL-ID": number,
            "CHANNEL-ID": self.channel_id,
        }


@dataclass(frozen=True, slots=True)
class Request:
    """What the signature of a transaction covers; ``target`` is the path as it is called."""

    method: str
    target: str
    body: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class Token:
    """An access token, and until when it is used."""

    text: str
    until: datetime

    @classmethod
    def read(cls, members: Mapping[str, object], now: datetime) -> "Token | None":
        """Read an answer of the token service; the life comes as text, as a number from some."""
        text, life = members.get("accessToken"), str(members.get("expiresIn", ""))
        if not isinstance(text, str) or not 0 < len(text) <= _TOKEN_LENGTH_MAX:
            return None
        if not (text.isascii() and text.isprintable() and life.isascii() and life.isdigit()):
            return None
        lasts = timedelta(seconds=min(int(life), 86_400))
        return cls(text, now + max(lasts - SAFETY, lasts / 2))


def external_id(now: datetime, chance: Random) -> str:
    """Make a number that we give once a day, in every process and for every try."""
    random = chance.randrange(10**_RANDOM_DIGITS)
    return f"{int(now.timestamp())}{random:0{_RANDOM_DIGITS}d}"
