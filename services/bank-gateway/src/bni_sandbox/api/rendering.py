"""How the sandbox's pages are made: filters, frame, headers."""

from datetime import datetime
from pathlib import Path
from typing import Any

from babel.dates import format_datetime
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bni_protocol.codes import MESSAGES
from bni_sandbox.api.context import sandbox
from shared.clock import WIB
from shared.money import Rupiah

LIVE_SECONDS = "5"


def _when(moment: datetime) -> str:
    return format_datetime(moment.astimezone(WIB), "d MMM y HH.mm.ss 'WIB'", locale="id_ID")


def _until(moment: datetime) -> str:
    return format_datetime(moment.astimezone(WIB), "d MMM y HH.mm 'WIB'", locale="id_ID")


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split()[:2]).upper()


def _grouped(number: str) -> str:
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))


def _percent(rate: float) -> str:
    return f"{rate * 100:g}"


_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters |= {
    "rupiah": lambda amount: str(Rupiah(amount)),
    "when": _when,
    "until": _until,
    "initials": _initials,
    "va": _grouped,
    "percent": _percent,
}
_templates.globals["codes"] = MESSAGES


def page(
    template: str, request: Request, *, status: int = 200, live: bool = False, **facts: Any
) -> HTMLResponse:
    """Render a page; a live one asks for itself again, because its reader wished so."""
    bank = sandbox(request)
    text = _templates.get_template(template).render(
        merchant=bank.merchant_name, callback_url=bank.callback_url, live=live, **facts
    )
    headers = {"Cache-Control": "no-store"}
    if live:
        headers["Refresh"] = LIVE_SECONDS
    return HTMLResponse(text, status, headers=headers)
