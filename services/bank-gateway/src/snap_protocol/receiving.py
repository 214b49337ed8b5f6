"""The headers of a request that we receive, in the order in which they are checked (section 7)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bni_protocol import moments
from snap_protocol import fields, signing
from snap_protocol.fields import (
    EXTERNAL_ID_MAX,
    InvalidToken,
    MissingField,
    SnapProblem,
    Unauthorized,
)

TOLERANCE = timedelta(minutes=5)
PARTNER_ID_MAX, CHANNEL_ID_MAX = 36, 5
_SIGNATURE_MAX, _TOKEN_MAX = 1024, 2048
_BEARER = "bearer "

Header = Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRequest:
    """Somebody asks for an access token; nothing of it is proved yet."""

    client_id: str
    timestamp: str
    signature: str

    @classmethod
    def read(cls, header: Header, now: datetime) -> "TokenRequest":
        """Read the headers of a token request.

        Raises:
            SnapProblem: one is missing, ill-formed or out of its time.
        """
        request = cls(
            client_id=_required(header, "X-CLIENT-KEY", 255),
            timestamp=_required(header, "X-TIMESTAMP", 25),
            signature=_required(header, "X-SIGNATURE", _SIGNATURE_MAX),
        )
        check_time(request.timestamp, now)
        return request


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A transaction request as its headers tell it; nothing of it is proved yet.

    Attributes:
        target: the path as it was called, query included, without scheme and host.
        token: None for a request that is signed with the sender's private key (type 2).
    """

    method: str
    target: str
    body: bytes
    timestamp: str
    signature: str
    token: str | None
    partner_id: str
    external_id: str

    @classmethod
    def read(cls, method: str, target: str, body: bytes, header: Header, now: datetime) -> "Signed":
        """Read the headers of a transaction.

        Raises:
            SnapProblem: one is missing, ill-formed or out of its time.
        """
        signed = cls(
            method=method,
            target=target,
            body=body,
            timestamp=_required(header, "X-TIMESTAMP", 25),
            signature=_required(header, "X-SIGNATURE", _SIGNATURE_MAX),
            token=_bearer(header("Authorization")),
            partner_id=_required(header, "X-PARTNER-ID", PARTNER_ID_MAX),
            external_id=fields.external_id(_required(header, "X-EXTERNAL-ID", EXTERNAL_ID_MAX)),
        )
        _required(header, "CHANNEL-ID", CHANNEL_ID_MAX)
        check_time(signed.timestamp, now)
        return signed

    @property
    def day(self) -> date:
        """Give the WIB day in which its external id is unique: by the time that was signed."""
        return self.signed_at.astimezone(moments.WIB).date()

    @property
    def signed_at(self) -> datetime:
        return moments.parse_iso(self.timestamp)

    @property
    def text(self) -> bytes:
        """What the signature must cover: the raw body, never one that was parsed."""
        return signing.string_to_sign(
            self.method, self.target, self.body, self.timestamp, self.token
        )


def check_time(timestamp: str, now: datetime) -> None:
    """Check that a request was signed just now.

    Raises:
        SnapProblem: no instant with an offset.
        Unauthorized: too old, or ahead of its time.
    """
    try:
        moment = moments.parse_iso(timestamp)
    except ValueError:
        raise SnapProblem("X-TIMESTAMP") from None
    if abs(now - moment) > TOLERANCE:
        raise Unauthorized("X-TIMESTAMP")


def _required(header: Header, name: str, length_max: int) -> str:
    value = (header(name) or "").strip()
    if not value:
        raise MissingField(name)
    if len(value) > length_max:
        raise SnapProblem(name)
    return value


def _bearer(authorization: str | None) -> str | None:
    if not authorization:
        return None
    if not authorization.lower().startswith(_BEARER) or len(authorization) > _TOKEN_MAX:
        raise InvalidToken("Authorization")
    return authorization[len(_BEARER) :].strip()
