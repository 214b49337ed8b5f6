"""Bytes of a statement to text; what is another kind of file is named and refused (B8)."""

from __future__ import annotations

from reconciliation.domain.statement import Fault, StatementRefused
from shared.sheets import text
from shared.sheets.text import Unreadable

_SIGNATURES = {
    b"PK\x03\x04": "Ini berkas Excel (.xlsx) atau arsip. Simpan sebagai CSV lebih dulu.",
    b"\xd0\xcf\x11\xe0": "Ini berkas Excel lama (.xls). Simpan sebagai CSV lebih dulu.",
    b"%PDF": "Ini berkas PDF. Unduh mutasi sebagai CSV atau MT940.",
    b"\xff\xfe": "Berkas memakai UTF-16. Simpan sebagai CSV UTF-8.",
    b"\xfe\xff": "Berkas memakai UTF-16. Simpan sebagai CSV UTF-8.",
}
_BINARY = "Berkas ini bukan teks, jadi bukan mutasi rekening."


def decode(content: bytes) -> str:
    """Give the text of a statement file.

    Raises:
        StatementRefused: it is empty or no text.
    """
    for signature, reason in _SIGNATURES.items():
        if content.startswith(signature):
            raise refused(reason)
    try:
        return text.decode(content, _BINARY)
    except Unreadable as error:
        raise StatementRefused([Fault(error.line_no, str(error))]) from error


def refused(reason: str) -> StatementRefused:
    """Make the refusal of a file as a whole."""
    return StatementRefused([Fault(0, reason)])
