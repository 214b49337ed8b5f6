"""What happens to a ciphertext on its way: the cipher has no integrity, so much passes (C4)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from random import Random

_BITS = 7  # the cipher works modulo 128; the eighth bit is thrown away
_AMOUNT = '"payment_amount":"'
_SNAP_AMOUNT = b'"paidAmount":{"value":"'


def corrupted(ciphertext: str, text: str, dice: Random) -> str:
    """Flip one bit of whatever field, but not of the time.

    Args:
        text: the JSON inside; the time stands before it.
    """
    raw = _opened(ciphertext)
    place = dice.randrange(len(raw) - len(text), len(raw))
    raw[place] ^= 1 << dice.randrange(_BITS)
    return _closed(raw)


def tampered(ciphertext: str, text: str, dice: Random) -> str:
    """Change one digit of the amount without the key.

    Whoever knows where a digit stands shifts its byte, and the digit shifts with it.

    Args:
        text: the JSON inside; the time stands before it.
    """
    raw = _opened(ciphertext)
    start = text.index(_AMOUNT) + len(_AMOUNT)
    end = text.index('"', start)
    place = dice.randrange(start, end)
    old = int(text[place])
    new = dice.choice([digit for digit in range(1, 10) if digit != old])
    at = len(raw) - len(text) + place
    raw[at] = (raw[at] + new - old) % 128
    return _closed(raw)


def undecodable(ciphertext: str) -> str:
    """Cut the message in half, as a broken connection does."""
    return ciphertext[: len(ciphertext) // 8 * 4]  # whole groups, so that base64 itself is right


def other_amount(body: bytes, dice: Random) -> bytes:
    """Change one digit of the amount in a message that is signed already."""
    start = body.index(_SNAP_AMOUNT) + len(_SNAP_AMOUNT)
    place = dice.randrange(start, body.index(b".", start))
    new = dice.choice([digit for digit in b"123456789" if digit != body[place]])
    return body[:place] + bytes([new]) + body[place + 1 :]


def flipped(body: bytes, dice: Random) -> bytes:
    """Flip one bit in the second half of a message."""
    raw = bytearray(body)
    raw[dice.randrange(len(raw) // 2, len(raw))] ^= 1 << dice.randrange(_BITS)
    return bytes(raw)


def _opened(ciphertext: str) -> bytearray:
    return bytearray(urlsafe_b64decode(ciphertext + "=" * (-len(ciphertext) % 4)))


def _closed(raw: bytearray) -> str:
    return urlsafe_b64encode(bytes(raw)).rstrip(b"=").decode("ascii")
