"""The page behind a paper's QR: open to all, light, without script."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse

from dashboard.api.desk import desk_of
from dashboard.api.pages import PRIVATE, PageRouter
from dashboard.domain.answers.proofs import Verification
from dashboard.domain.proof_page import proven

router = PageRouter()

Code = Annotated[str, Query(alias="k")]


@router.get("/v")
async def ask(request: Request, number: str = "", code: Code = "") -> HTMLResponse:
    """Show the form for a number and its code, or what they prove."""
    return await _answer(request, number, code)


@router.get("/v/{number:path}")
async def scan(request: Request, number: str, code: Code = "") -> HTMLResponse:
    """Show what a scanned paper proves."""
    return await _answer(request, number, code)


async def _answer(request: Request, number: str, code: str) -> HTMLResponse:
    """Answer alike to a wrong code and to a number that does not exist."""
    desk, asked = desk_of(request), bool(number and code)
    paper = None
    if asked:
        given = {"number": number[:60], "code": code[:20]}
        reader = desk.services.stranger()
        paper = proven(await reader.get("reporting", "/verifications", Verification, **given))
    html = desk.templates.render(
        "proof.html",
        company=desk.settings.company,
        paper=paper,
        asked=asked,
        number="" if asked else number[:60],
    )
    headers = PRIVATE | {"X-Robots-Tag": "noindex, nofollow"}
    return HTMLResponse(html, 404 if asked and not paper else 200, headers=headers)
