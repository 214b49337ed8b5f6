"""Bytes to text: UTF-8 with or without BOM, else Windows-1252; anything binary is refused (B8)."""

from __future__ import annotations

import unicodedata

_KEPT = {"\n", "\r", "\t"}


class Unreadable(ValueError):
    """A file that is no table; the message says why in Indonesian.

    Attributes:
        line_no: where, as the file counts its lines from 1; 0 means the file as a whole.
    """

    def __init__(self, message: str, line_no: int = 0) -> None:
        super().__init__(message)
        self.line_no = line_no


def decode(content: bytes, binary: str) -> str:
    """Give the text of a file, its lines ended by line feeds.

    Args:
        binary: what is said of a file that is no text.

    Raises:
        Unreadable: it is empty or no text.
    """
    text = _decoded(content, binary).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise Unreadable("Berkas kosong.")
    for no, line in enumerate(text.split("\n"), start=1):
        if any(unicodedata.category(c) == "Cc" and c not in _KEPT for c in line):
            raise Unreadable("memuat karakter yang bukan teks.", no)
    return text


def _decoded(content: bytes, binary: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        raise Unreadable(binary) from None
