"""One paper to one PDF: the same data gives the same bytes, and nothing is fetched (B7)."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import cssselect2
import pydyf
import segno
import weasyprint
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint.text.fonts import FontConfiguration

from reporting.domain.spelling import figure, money
from reporting.paper import style_cache
from reporting.paper.worker import PAGES_MAX

FOLDER = Path(__file__).parent
_CONTROLS = (*range(9), 11, 12, *range(14, 32), *range(127, 160))
_DIRECTIONS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFFFE, 0xFFFF)
_SURROGATES = tuple(range(0xD800, 0xE000))
_DROPPED = dict.fromkeys((*_CONTROLS, *_DIRECTIONS, *_SURROGATES))
"""Control letters would break the markup, direction overrides would turn names around."""


class TooManyPages(Exception):
    """A paper that would be longer than anybody reads."""


class BundledOnly(weasyprint.urls.URLFetcher):  # type: ignore[misc]
    """Gives WeasyPrint the files of this folder and embedded images, and refuses the rest."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        """Fetch a bundled asset.

        Raises:
            ValueError: the address leads anywhere else.
        """
        fonts = (FOLDER / "fonts").as_uri()
        bundled = url.startswith(f"{fonts}/") and ".." not in url and "%" not in url
        if not bundled and not url.startswith("data:image/png;base64,"):
            raise ValueError("only bundled assets may be fetched")
        return super().fetch(url, headers)


class Sheet(weasyprint.HTML):  # type: ignore[misc]
    """Our own well-formed markup, read by expat instead of the HTML parser; no built-in sheet."""

    def __init__(self, markup: str) -> None:
        root = Xml.fromstring(markup)  # noqa: S314 - our own template, all values escaped
        self.base_url = None
        self.url_fetcher = BundledOnly()
        self.media_type = "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> list[Any]:  # noqa: ARG002
        return []


class Press:
    """Templates, stylesheet and fonts, read once and kept warm."""

    def __init__(self, pages_max: int = PAGES_MAX) -> None:
        self.pages_max = pages_max
        style_cache.install()
        logging.getLogger("fontTools").setLevel(logging.ERROR)
        self._fonts = FontConfiguration()
        self._sheet = weasyprint.CSS(
            filename=FOLDER / "print.css", font_config=self._fonts, url_fetcher=BundledOnly()
        )
        self._templates = Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=printable,
        )
        self._templates.filters |= {"rp": _money, "rpz": figure, "qr": qr_image}

    def markup(self, paper: dict[str, Any]) -> str:
        """Fill the paper's template."""
        return self._templates.get_template(f"{paper['template']}.html").render(d=paper)

    def print(self, paper: dict[str, Any]) -> bytes:
        """Make an archivable PDF (PDF/A-3a, tagged).

        Raises:
            TooManyPages: more pages than one paper may have.
        """
        options = {
            "stylesheets": [self._sheet],
            "pdf_variant": "pdf/a-3a",
            "pdf_identifier": str(paper["number"]).encode(),
        }
        document = Sheet(self.markup(paper)).render(font_config=self._fonts, **options)
        if len(document.pages) > self.pages_max:
            raise TooManyPages(f"{len(document.pages)} pages")
        pdf: bytes = document.write_pdf(finisher=_serialise_once, **options)
        return pdf


class _Serialised(pydyf.Stream):  # type: ignore[misc]
    """A stream that is written once; pydyf reads each twice, the second time for a hash."""

    _made: bytes | None = None

    @property
    def data(self) -> bytes:
        if self._made is None:
            self._made = super().data
        return self._made


def _serialise_once(_: weasyprint.Document, pdf: pydyf.PDF) -> None:
    """Spare a fourteenth of a bill's time; the bytes stay the same."""
    for entry in pdf.objects:
        if type(entry) is pydyf.Stream:
            entry.__class__ = _Serialised


def printable(value: Any) -> Any:
    """Drop the letters that must not reach paper."""
    return value.translate(_DROPPED) if type(value) is str else value


def qr_image(text: str) -> str:
    """Draw a QR code, level M with its quiet zone; a fixed mask saves scoring all eight."""
    code = segno.make(text, error="m", micro=False, mask=3)
    image: str = code.png_data_uri(scale=4, border=4)
    return image


def _money(amount_idr: int | None) -> str:
    return "" if amount_idr is None else money(amount_idr)
