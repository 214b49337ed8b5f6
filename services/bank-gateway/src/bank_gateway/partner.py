"""The bank as a client of ours in SNAP BI: its keys, and the tokens we give it (C10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from bank_gateway.vault import Vault
from snap_protocol import signing
from snap_protocol.fields import InvalidToken, Unauthorized
from snap_protocol.receiving import Signed, TokenRequest

_ALGORITHM = "HS256"
_AUDIENCE = "snap"
_PURPOSE = b"snap tokens"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Access tokens that carry their own proof, so that a restart or a replica knows them.

    The first key signs, all are accepted: they follow the vault's keys and change with them.
    """

    keys: Sequence[OctKey]
    lifetime: timedelta

    @classmethod
    def of(cls, vault: Vault, lifetime: timedelta) -> "Tokens":
        return cls([OctKey.import_key(key) for key in vault.derive(_PURPOSE)], lifetime)

    def issue(self, client_id: str, now: datetime) -> str:
        expires = int((now + self.lifetime).timestamp())
        claims = {"sub": client_id, "aud": _AUDIENCE, "exp": expires}
        return jwt.encode({"alg": _ALGORITHM}, claims, self.keys[0], algorithms=[_ALGORITHM])

    def is_valid(self, token: str, client_id: str, now: datetime) -> bool:
        return any(self._fits(token, key, client_id, now) for key in self.keys)

    def _fits(self, token: str, key: OctKey, client_id: str, now: datetime) -> bool:
        try:
            claims = jwt.decode(token, key, algorithms=[_ALGORITHM]).claims
            ours = (claims["sub"], claims["aud"]) == (client_id, _AUDIENCE)
            return ours and now.timestamp() < int(claims["exp"])
        except (JoseError, KeyError, ValueError, TypeError):
            return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """What proves that the bank is speaking.

    Attributes:
        client_id: the name under which the bank asks for tokens.
        partner_id: what it sends as X-PARTNER-ID: whom of its partners it means.
        secrets, public_keys: the present one, then the one that is being replaced (P4).
        prefix: what a proxy takes off the path that the bank calls, and signs.
    """

    client_id: str
    partner_id: str
    secrets: Sequence[str]
    public_keys: Sequence[RSAPublicKey]
    tokens: Tokens
    prefix: str = ""

    def check_token_request(self, asked: TokenRequest) -> None:
        """Check who asks for a token.

        Raises:
            Unauthorized: another client, or not signed with the bank's key.
        """
        if asked.client_id != self.client_id:
            raise Unauthorized("X-CLIENT-KEY")
        text = signing.token_string(asked.client_id, asked.timestamp)
        self._check_asymmetric(text, asked.signature)

    def check(self, signed: Signed, now: datetime) -> None:
        """Check a signature over the raw body: with a token by our secret, without by its key.

        The partner is compared last: it is not under the signature, and only the bank may be told
        that it means somebody else.

        Raises:
            InvalidToken: the token is not ours, or it is over.
            Unauthorized: not signed by the bank, or meant for another partner of its.
        """
        if signed.token is None:
            self._check_asymmetric(signed.text, signed.signature)
        else:
            self._check_symmetric(signed, signed.token, now)
        if signed.partner_id != self.partner_id:
            raise Unauthorized("X-PARTNER-ID")

    def _check_symmetric(self, signed: Signed, token: str, now: datetime) -> None:
        if not self.tokens.is_valid(token, self.client_id, now):
            raise InvalidToken("Authorization")
        text = signed.text
        fits = [signing.verify_symmetric(text, key, signed.signature) for key in self.secrets]
        if not any(fits):
            raise Unauthorized("X-SIGNATURE")

    def _check_asymmetric(self, text: bytes, signature: str) -> None:
        fits = [signing.verify_asymmetric(text, key, signature) for key in self.public_keys]
        if not any(fits):
            raise Unauthorized("X-SIGNATURE")
