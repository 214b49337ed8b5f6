"""Bytes to text: UTF-8 with or without BOM, else Windows-1252; anything binary is refused (B8)."""

from __future__ import annotations

import unicodedata

from reconciliation.domain.statement import Fault, StatementRefused

_SIGNATURES = {
    b"PK\x03\x04": "Ini berkas Excel (.xlsx) atau arsip. Simpan sebagai CSV lebih dulu.",
    b"\xd0\xcf\x11\xe0": "Ini berkas Excel lama (.xls). Simpan sebagai CSV lebih dulu.",
    b"%PDF": "Ini berkas PDF. Unduh mutasi sebagai CSV atau MT940.",
    b"\xff\xfe": "Berkas memakai UTF-16. Simpan sebagai CSV UTF-8.",
    b"\xfe\xff": "Berkas memakai UTF-16. Simpan sebagai CSV UTF-8.",
}
_KEPT = {"\n", "\r", "\t"}


def decode(content: bytes) -> str:
    """Give the text of a statement file.

    Raises:
        StatementRefused: it is empty or no text.
    """
    for signature, reason in _SIGNATURES.items():
        if content.startswith(signature):
            raise refused(reason)
    text = _decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise refused("Berkas kosong.")
    for no, line in enumerate(text.split("\n"), start=1):
        if any(unicodedata.category(c) == "Cc" and c not in _KEPT for c in line):
            raise StatementRefused([Fault(no, "memuat karakter yang bukan teks.")])
    return text


def refused(reason: str) -> StatementRefused:
    """Make the refusal of a file as a whole."""
    return StatementRefused([Fault(0, reason)])


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        raise refused("Berkas ini bukan teks, jadi bukan mutasi rekening.") from None
