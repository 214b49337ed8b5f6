"""A file on its way through a form of two steps: it rides in the form, nothing is kept of it."""

from __future__ import annotations

import binascii
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

BYTES_MAX = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class File:
    """A file as a person chose it."""

    name: str
    content: bytes

    @property
    def packed(self) -> str:
        """Spell the content for a hidden field."""
        return urlsafe_b64encode(zlib.compress(self.content)).decode()


def unpack(name: str, packed: str) -> File | None:
    """Read what ``packed`` spelled; None when it is anything else, or too large (B4)."""
    try:
        squeezed = urlsafe_b64decode(packed.encode())
        content = zlib.decompressobj().decompress(squeezed, BYTES_MAX + 1)
    except (ValueError, binascii.Error, zlib.error):
        return None
    return File(name, content) if content and len(content) <= BYTES_MAX else None
