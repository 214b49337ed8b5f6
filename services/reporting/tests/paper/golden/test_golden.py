"""What papers say and how they look, kept page by page.

A case whose file under ``expected/`` is missing is written there and fails once: delete what shall
change, run the tests, look at the pictures, and keep them.
"""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageFilter, ImageStat

EXPECTED = Path(__file__).parent / "expected"
DOTS_PER_INCH = 30
CASES = (
    *("one_line", "long_name", "one_rupiah", "largest_amount", "partial", "credit_used_and_late"),
    *("vat", "void", "paid", "old_copy", "draft", "receipt_with_meterai", "provisional_receipt"),
    *("reversed_receipt", "letter_of_reversal", "statement_of_120", "marketing_recap"),
    "period_recap",
)
UNPROVEN = {"draft", "marketing_recap", "period_recap"}

Printed = Callable[[str], bytes]


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def pictures_of(pdf: bytes, folder: Path, dots: int = DOTS_PER_INCH) -> list[Path]:
    (folder / "paper.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-r", str(dots), "-gray", "-png", "paper.pdf", "page"]
    subprocess.run(command, cwd=folder, check=True)
    return sorted(folder.glob("page*.png"))


def kept(name: str, content: bytes) -> bytes:
    """Give what is kept under a name; a new one is written and must be looked at."""
    path = EXPECTED / name
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        pytest.fail(f"{name} is new: look at it, then keep it")
    return path.read_bytes()


def difference(one: Image.Image, other: Image.Image) -> float:
    """How far the worst spot of a page is off, 0 to 255; a letter moved by a hair is nothing."""
    soft = [image.convert("L").filter(ImageFilter.GaussianBlur(2)) for image in (one, other)]
    return float(ImageStat.Stat(ImageChops.difference(*soft)).extrema[0][1])


@pytest.mark.parametrize("name", CASES)
class TestEveryPaper:
    def test_it_says_what_it_said(self, printed: Printed, name: str) -> None:
        text = "\f\n".join(pages_of(printed(name))) + "\n"

        assert text.splitlines() == kept(f"{name}.txt", text.encode()).decode().splitlines()

    def test_it_looks_as_it_looked(self, printed: Printed, name: str, tmp_path: Path) -> None:
        pictures = pictures_of(printed(name), tmp_path)

        for number, path in enumerate(pictures, start=1):
            before = kept(f"{name}-{number}.png", path.read_bytes())
            with Image.open(io.BytesIO(before)) as old, Image.open(path) as new:
                assert old.size == new.size
                assert difference(old, new) < 60
        assert not (EXPECTED / f"{name}-{len(pictures) + 1}.png").exists()

    def test_it_is_archivable_and_read_aloud_from_top_to_bottom(
        self, printed: Printed, name: str
    ) -> None:
        pdf = pypdf.PdfReader(io.BytesIO(printed(name)))
        root = pdf.trailer["/Root"]

        assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("id", True)
        assert pdf.metadata.title
        assert pdf.metadata.author == "PT Kavling Pakuan Asri"
        metadata = root["/Metadata"].get_object().get_data()
        assert b'pdfaid:part="3" pdfaid:conformance="A"' in metadata
        tops = tops_of_blocks(pdf)
        assert len(tops) > 3
        assert tops == sorted(tops)


def tops_of_blocks(pdf: pypdf.PdfReader) -> list[tuple[int, float]]:
    """Where the blocks of a paper begin, page and way down, in the order they are read aloud."""
    places = {page.indirect_reference.idnum: _places(page, no) for no, page in enumerate(pdf.pages)}
    document = pdf.trailer["/Root"]["/StructTreeRoot"]["/K"][0].get_object()
    blocks = [_marks(block, None) for block in document["/K"]]
    found = [
        [places[page][mark] for page, mark in block if mark in places[page]] for block in blocks
    ]
    return [min(block) for block in found if block]


def _places(page: pypdf.PageObject, number: int) -> dict[int, tuple[int, float]]:
    """Where each marked piece of text of a page stands."""
    found: dict[int, tuple[int, float]] = {}
    marks: list[Any] = [None]

    def look(operator: bytes, operands: Any, matrix: list[float], text: list[float]) -> None:
        if operator == b"BDC":
            marks[0] = operands[1].get("/MCID")
        elif operator in {b"BMC", b"EMC"}:
            marks[0] = None
        elif operator in {b"Tj", b"TJ"} and marks[0] is not None:
            height = text[4] * matrix[1] + text[5] * matrix[3] + matrix[5]
            found.setdefault(marks[0], (number, -height))

    page.extract_text(visitor_operand_before=look)
    return found


def _marks(node: Any, page: int | None) -> list[tuple[int, int]]:
    """The pieces of one block: the number of the page's object, and the mark on it."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, int):
        return [(page or 0, node)]
    if isinstance(node, list):
        return [mark for child in node for mark in _marks(child, page)]
    here = node.raw_get("/Pg").idnum if "/Pg" in node else page
    inner = node["/MCID"] if node.get("/Type") == "/MCR" else node.get("/K", [])
    return _marks(inner, here)


@pytest.mark.parametrize("name", ["one_line", "receipt_with_meterai"])
def test_the_qr_of_the_picture_leads_to_the_proof(
    printed: Printed, written: Callable[[str], dict[str, Any]], name: str, tmp_path: Path
) -> None:
    last = pictures_of(printed(name), tmp_path, 110)[-1]

    with Image.open(last) as page:
        codes = [code.text for code in zxingcpp.read_barcodes(page)]

    assert codes == [written(name)["proof"]["url"]]
