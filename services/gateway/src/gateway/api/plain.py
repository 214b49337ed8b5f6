"""The few pages the gateway makes itself: without style or script, so any policy allows them."""

from __future__ import annotations

from html import escape
from typing import Any

from gateway.domain.paths import HOME

_TITLES = {413: "Kiriman terlalu besar"}


def page(title: str, body: str) -> str:
    """Wrap escaped HTML into a page."""
    return (
        '<!doctype html><html lang="id"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · Lunas</title></head>"
        f"<body><h1>{escape(title)}</h1>{body}</body></html>"
    )


def refusal(status: int, detail: str, code: str, back: str = HOME) -> str:
    """Tell a person why a page does not come, and lead him back to where he was."""
    ways = [("Kembali", back)] if back != HOME else []
    links = " · ".join(
        f'<a href="{escape(address)}">{word}</a>' for word, address in [*ways, ("Ke beranda", HOME)]
    )
    title = _TITLES.get(status, "Halaman tidak dapat ditampilkan")
    said = f"<p>{escape(detail)}</p><p>{links}</p>"
    return page(title, f"{said}<p><small>{status} · {escape(code)}</small></p>")


def catalogue(document: dict[str, Any]) -> str:
    """List every operation of the merged document."""
    rows = "".join(
        _row(method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    )
    head = "<tr><th>Metode</th><th>Alamat</th><th>Kegunaan</th><th>Hak</th><th>Layanan</th></tr>"
    intro = '<p>Rincian: <a href="/api/v1/openapi.json">openapi.json</a></p>'
    return page("API Lunas", f"{intro}<table>{head}{rows}</table>")


def _row(method: str, path: str, operation: dict[str, Any]) -> str:
    cells = (
        method.upper(),
        path,
        operation.get("description") or operation["summary"],
        operation["x-permission"],
        operation["tags"][0],
    )
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
