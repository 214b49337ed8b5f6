"""Signatures over the raw body (protocol, sections 2 and 4).

A body is never parsed and written again for a signature: clients spell the same JSON in three
ways, and each signs its own bytes.
"""

import base64
import binascii
import hashlib
import hmac
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

RSA_BITS_MIN = 2048
_HMAC_BYTES = 64
# A string, kept whole (an unfinished one runs to the end), or the space between tokens. Nothing
# is tried twice, so a hostile body costs no more than an honest one.
_STRING_OR_SPACE = re.compile(rb'("[^"\\]*+(?:\\.[^"\\]*+)*+"?)|[ \t\r\n]++', re.DOTALL)
_HEX = re.compile(r"[0-9a-fA-F]+")


def minify(body: bytes) -> bytes:
    """Delete space, tab, CR and LF outside string literals; nothing else changes."""
    return _STRING_OR_SPACE.sub(rb"\1", body)


def body_hash(body: bytes) -> str:
    return hashlib.sha256(minify(body)).hexdigest()


def string_to_sign(
    method: str, path: str, body: bytes, timestamp: str, token: str | None = None
) -> bytes:
    """Join what a transaction's signature covers; a token makes it type 1, its absence type 2.

    Args:
        path: as called, query included, without scheme and host.
        timestamp: the very text of ``X-TIMESTAMP``.
    """
    parts = [method.upper(), path, body_hash(body), timestamp]
    if token is not None:
        parts.insert(2, token)
    return ":".join(parts).encode()


def token_string(client_key: str, timestamp: str) -> bytes:
    """Join what the signature of a token request covers."""
    return f"{client_key}|{timestamp}".encode()


def sign_symmetric(text: bytes, client_secret: str) -> str:
    """Sign type 1 in base64, as the bank's own programs do."""
    return base64.b64encode(_digest(text, client_secret)).decode()


def verify_symmetric(text: bytes, client_secret: str, signature: str) -> bool:
    """Check type 1 in constant time; base64 and hex are both read."""
    given = _decoded(signature, _HMAC_BYTES)
    return hmac.compare_digest(_digest(text, client_secret), given)


def sign_asymmetric(text: bytes, key: RSAPrivateKey) -> str:
    """Sign type 2, or a token request: RSA-SHA256, PKCS#1 v1.5, base64."""
    return base64.b64encode(key.sign(text, PKCS1v15(), hashes.SHA256())).decode()


def verify_asymmetric(text: bytes, key: RSAPublicKey, signature: str) -> bool:
    try:
        key.verify(_decoded(signature, key.key_size // 8), text, PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def private_key(pem: str) -> RSAPrivateKey:
    """Read a private key.

    Raises:
        ValueError: no RSA key, or one that is too short (P4).
    """
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, RSAPrivateKey) or key.key_size < RSA_BITS_MIN:
        raise ValueError(f"an RSA private key of {RSA_BITS_MIN} bits or more is needed")
    return key


def public_key(pem: str) -> RSAPublicKey:
    """Read a public key.

    Raises:
        ValueError: no RSA key, or one that is too short (P4).
    """
    key = serialization.load_pem_public_key(pem.encode())
    if not isinstance(key, RSAPublicKey) or key.key_size < RSA_BITS_MIN:
        raise ValueError(f"an RSA public key of {RSA_BITS_MIN} bits or more is needed")
    return key


def _digest(text: bytes, client_secret: str) -> bytes:
    return hmac.digest(client_secret.encode(), text, "sha512")


def _decoded(signature: str, size_bytes: int) -> bytes:
    """Read base64, with its padding or without, or hex; the length tells them apart."""
    if len(signature) == 2 * size_bytes and _HEX.fullmatch(signature):
        return bytes.fromhex(signature)
    try:
        return base64.b64decode(signature + "=" * (-len(signature) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""
