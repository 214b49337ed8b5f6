"""Sealing what the bank and we wrote to each other, for storage at rest (C9)."""

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NAME_BYTES, _NONCE_BYTES, _KEY_BYTES = 4, 12, 32


class NotOurs(ValueError):
    """None of our keys opens this."""


class Vault:
    """AES-256-GCM under named keys: the first seals, all open, so a key can be rotated."""

    def __init__(self, keys: list[bytes]) -> None:
        if not keys or any(len(key) != _KEY_BYTES for key in keys):
            raise ValueError("a vault key has 32 bytes")
        self._keys = keys
        self._ciphers = {_name(key): AESGCM(key) for key in keys}
        self._sealing = _name(keys[0])

    @classmethod
    def parse(cls, text: str) -> "Vault":
        """Read keys written in base64, separated by commas."""
        return cls([base64.b64decode(part, validate=True) for part in text.split(",")])

    def derive(self, purpose: bytes) -> list[bytes]:
        """Make a key for another purpose of each of ours, in their order."""
        return [hmac.digest(key, b"lunas " + purpose, "sha256") for key in self._keys]

    def seal(self, content: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return self._sealing + nonce + self._ciphers[self._sealing].encrypt(nonce, content, None)

    def open(self, sealed: bytes) -> bytes:
        """Open what any of our keys sealed.

        Raises:
            NotOurs: no key fits, or a bit was changed.
        """
        name, rest = sealed[:_NAME_BYTES], sealed[_NAME_BYTES:]
        try:
            cipher = self._ciphers[name]
            return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], None)
        except (KeyError, InvalidTag, ValueError) as error:
            raise NotOurs from error


def _name(key: bytes) -> bytes:
    return hashlib.sha256(b"lunas vault" + key).digest()[:_NAME_BYTES]
