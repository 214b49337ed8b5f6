"""What routes need besides the session: the desk and the printer, and how a PDF leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from reporting.handlers.desk import Desk
from reporting.handlers.papers import Sheet
from reporting.paper.printer import Printer

_PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_UNLISTED = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}


@dataclass(frozen=True)
class Office:
    """Where papers are issued and printed; made once in ``main``."""

    desk: Desk
    printer: Printer


def _office(request: Request) -> Office:
    office: Office = request.app.state.office
    return office


Desks = Annotated[Office, Depends(_office)]


class PdfResponse(Response):
    """Prints after the transaction has ended, so that no connection waits for a renderer."""

    media_type = "application/pdf"

    def __init__(
        self, sheet: Sheet, printer: Printer, *, unlisted: bool = False, status_code: int = 200
    ) -> None:
        super().__init__(
            status_code=status_code, headers=_PRIVATE | (_UNLISTED if unlisted else {})
        )
        self._sheet = sheet
        self._printer = printer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        pdf = await self._printer.print(self._sheet.paper)
        headers = dict(self.headers) | {"Content-Disposition": _disposition(self._sheet)}
        headers.pop("content-length", None)
        await Response(pdf, media_type=self.media_type, headers=headers)(scope, receive, send)


def _disposition(sheet: Sheet) -> str:
    full = quote(f"{sheet.paper['title']}.pdf".replace("/", "-"), safe="")
    return f"inline; filename=\"{sheet.file_name}\"; filename*=UTF-8''{full}"
