"""Who is let in over SNAP: tokens, signatures and numbers, checked in the standard's order."""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from snap_protocol import signing
from snap_protocol.fields import InvalidToken, Unauthorized
from snap_protocol.receiving import Signed, TokenRequest

TOKEN_SECONDS = 900


@dataclass(frozen=True)
class Client:
    """The one client of the bank, as it is known for SNAP.

    Attributes:
        client_secrets, public_keys: two of each may be valid while one is changed (P4).
    """

    partner_id: str
    client_id: str
    client_secrets: tuple[str, ...]
    public_keys: tuple[RSAPublicKey, ...]


@dataclass
class Door:
    """Checks each caller. Tokens live in memory: a bank that restarts knows none of them."""

    client: Client
    _tokens: dict[str, datetime] = field(default_factory=dict)

    def issue(self, asked: TokenRequest, now: datetime) -> str:
        """Give a token to a client that proves his key.

        Raises:
            Unauthorized: he is not known, or it is not his signature.
        """
        text = signing.token_string(asked.client_id, asked.timestamp)
        known = hmac.compare_digest(asked.client_id.encode(), self.client.client_id.encode())
        if not known or not self._asymmetric(text, asked.signature):
            raise Unauthorized("X-SIGNATURE")
        self._tokens = {token: until for token, until in self._tokens.items() if until > now}
        token = secrets.token_urlsafe(48)
        self._tokens[token] = now + timedelta(seconds=TOKEN_SECONDS)
        return token

    def forget_tokens(self) -> None:
        """End every token at once, as a restart does."""
        self._tokens = {}

    def check(self, signed: Signed, now: datetime) -> None:
        """Check who sent a transaction; without a token it is signed with his private key.

        Raises:
            InvalidToken: the token is unknown, or it is over.
            Unauthorized: he is not known, or it is not his signature.
        """
        if signed.token is None:
            proved = self._asymmetric(signed.text, signed.signature)
        else:
            if self._tokens.get(signed.token, now) <= now:
                raise InvalidToken("Authorization")
            proved = self._symmetric(signed.text, signed.signature)
        if not proved or signed.partner_id != self.client.partner_id:
            raise Unauthorized("X-SIGNATURE")

    def _symmetric(self, text: bytes, signature: str) -> bool:
        keys = self.client.client_secrets
        return any(signing.verify_symmetric(text, key, signature) for key in keys)

    def _asymmetric(self, text: bytes, signature: str) -> bool:
        keys = self.client.public_keys
        return any(signing.verify_asymmetric(text, key, signature) for key in keys)
