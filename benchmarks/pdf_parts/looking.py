"""Whether two PDFs say and show the same."""

from __future__ import annotations

import io
import subprocess
import tempfile
from pathlib import Path

import pypdf

_DOTS_PER_INCH = "72"


def same_look(one: bytes, other: bytes) -> list[str]:
    """Compare the text and the pictures of all pages; name what differs."""
    number = (pypdf.PdfReader(io.BytesIO(one)).metadata or {}).get("/Title", "?")
    differences = []
    if _text(one) != _text(other):
        differences.append(f"{number}: the text differs")
    if _pictures(one) != _pictures(other):
        differences.append(f"{number}: the pictures differ")
    return differences


def _text(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def _pictures(pdf: bytes) -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        paper = Path(folder) / "paper.pdf"
        paper.write_bytes(pdf)
        command = ["pdftoppm", "-r", _DOTS_PER_INCH, str(paper), str(Path(folder) / "page")]
        subprocess.run(command, check=True)
        return [page.read_bytes() for page in sorted(Path(folder).glob("page*.ppm"))]
