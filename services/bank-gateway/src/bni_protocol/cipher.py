"""The eCollection cipher: a repeating-key shift modulo 128 around a reversed timestamp.

It gives no integrity and no proof of origin; a message that decodes is a hint, not evidence.

Both keys only ever add to a byte, so their sum is one key stream. The whole text is shifted in
one big-integer addition: each byte is a lane that cannot carry, because both sides stay below
128 and 256 respectively. That is some fifty times faster than a loop over the bytes.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import cycle, islice
from math import lcm

WINDOW_SECONDS = 480
_TIME_DIGITS_MAX = 12
_ALPHABET = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_DIGITS = re.compile(rb"[0-9]{1,%d}" % _TIME_DIGITS_MAX)
_STREAM_MIN = 1024


class Refusal(StrEnum):
    """Why a text is no message; the words of a counter, never of an answer."""

    ALPHABET = "alphabet"
    FRAME = "frame"
    WINDOW = "window"
    JSON = "json"


class Undecodable(ValueError):
    """The text is no message under this key at this time."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Key:
    """A client id with its secret. The secret is text: its hexadecimal is never decoded."""

    client_id: str
    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        if not (self.client_id and self.client_id.isascii()):
            raise ValueError("client id must be non-empty ASCII")
        if not (self.secret and self.secret.isascii()):
            raise ValueError("secret must be non-empty ASCII")


def encrypt(text: str, key: Key, at_unix: int) -> str:
    """Frame JSON text with the sender's time and shift it.

    Raises:
        ValueError: the text is not ASCII; its high bits would be lost without a trace.
    """
    if not text.isascii():
        raise ValueError("only ASCII survives this cipher")
    framed = f"{str(at_unix)[::-1]}.{text}".encode("ascii")
    shifted = _shift(framed, key, forward=True)
    return base64.urlsafe_b64encode(shifted).rstrip(b"=").decode("ascii")


def encrypt_members(members: Mapping[str, object], key: Key, at_unix: int) -> str:
    """Write an object as ASCII-only JSON and encrypt it."""
    text = json.dumps(members, ensure_ascii=True, separators=(",", ":"))
    return encrypt(text, key, at_unix)


def decrypt(
    text: str, key: Key, now_unix: int, window_seconds: int = WINDOW_SECONDS
) -> dict[str, object]:
    """Read the object inside a message.

    Raises:
        Undecodable: for every way in which the text is no message; nothing else escapes.
    """
    at_unix, body = _unframe(text, key)
    if abs(now_unix - at_unix) > window_seconds:
        raise Undecodable(Refusal.WINDOW)
    return _parse(body)


def sent_at(text: str, key: Key) -> int:
    """Read the sender's time alone, whether or not the window still takes it.

    Raises:
        Undecodable: the text is no message under this key.
    """
    at_unix, body = _unframe(text, key)
    _parse(body)
    return at_unix


def _unframe(text: str, key: Key) -> tuple[int, bytes]:
    framed = _shift(_from_base64(text), key, forward=False)
    digits, dot, body = framed.partition(b".")
    if not dot or not _DIGITS.fullmatch(digits):
        raise Undecodable(Refusal.FRAME)
    return int(digits[::-1]), body


def _parse(body: bytes) -> dict[str, object]:
    try:
        members = json.loads(body.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise Undecodable(Refusal.JSON) from error
    if members == []:  # how PHP writes an object without members
        return {}
    if not isinstance(members, dict):
        raise Undecodable(Refusal.JSON)
    return members


def _from_base64(text: str) -> bytes:
    """Accept both alphabets, with or without padding, and nothing else."""
    if not _ALPHABET.fullmatch(text):
        raise Undecodable(Refusal.ALPHABET)
    bare = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except binascii.Error as error:
        raise Undecodable(Refusal.ALPHABET) from error


def _shift(text: bytes, key: Key, *, forward: bool) -> bytes:
    length = len(text)
    stream = int.from_bytes(_stream(key, forward, _stream_length(length))[:length], "big")
    mask = int.from_bytes(b"\x7f" * length, "big")
    lanes = (int.from_bytes(text, "big") & mask) + stream
    return (lanes & mask).to_bytes(length, "big")


def _stream_length(length: int) -> int:
    """Round up to a power of two, so that few streams per key are kept."""
    return max(_STREAM_MIN, 1 << (length - 1).bit_length())


@lru_cache(maxsize=64)
def _stream(key: Key, forward: bool, length: int) -> bytes:
    """Sum both keys; position 0 takes the last byte of each, position 1 the first."""
    client, secret = key.client_id.encode("ascii"), key.secret.encode("ascii")
    sign = 1 if forward else -1
    period = lcm(len(client), len(secret))
    shifts = bytes(
        sign * (client[(i - 1) % len(client)] + secret[(i - 1) % len(secret)]) % 128
        for i in range(period)
    )
    return bytes(islice(cycle(shifts), length))
