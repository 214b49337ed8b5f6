"""Pages of one's own second factor, and the one that asks for its code."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from dashboard.api.desk import desk_of
from dashboard.api.pages import PRIVATE, PageRouter, Visit, Visiting
from dashboard.api.session import page_after, wait_of
from dashboard.domain import status
from dashboard.domain.forms import Form
from dashboard.domain.refusals import Refused
from dashboard.handlers import second_factor as handlers
from shared.errors import ConfirmationNeeded, NotFound

router = PageRouter()
HERE = "/profile/second-factor"


@router.get("/login/code")
async def ask_code(request: Request) -> HTMLResponse:
    """Ask for the code; the gateway takes it."""
    desk = desk_of(request)
    html = desk.templates.render(
        "code.html",
        company=desk.settings.company,
        failed="error" in request.query_params,
        wait=wait_of(request),
        next=page_after(request),
    )
    return HTMLResponse(html, headers=PRIVATE)


@router.get("/profile/second-factor")
async def show(visit: Visiting) -> HTMLResponse:
    """Show how it stands."""
    return await _page(visit)


@router.post("/profile/second-factor")
async def begin(visit: Visiting) -> Response:
    """Show the picture to scan."""
    try:
        return await _page(visit, setup=await handlers.begin(visit.reader))
    except (ConfirmationNeeded, Refused):
        return visit.go(HERE)


@router.post("/profile/second-factor/{act}")
async def do(visit: Visiting, act: str) -> Response:
    """Finish setting it up, replace the recovery codes, or switch it off."""
    try:
        if act == "enable":
            return await _enable(visit, (await visit.values())["code"])
        if act == "recovery-codes":
            return await _page(visit, codes=await handlers.renew_codes(visit.reader))
        if act == "disable":
            await handlers.remove(visit.reader)
            return visit.go(HERE, said="factor_off")
    except (ConfirmationNeeded, Refused):
        return visit.go(HERE)
    raise NotFound


async def _enable(visit: Visit, code: str) -> Response:
    try:
        codes = await handlers.enable(visit.reader, code)
    except Refused as refusal:
        form = Form({}, {"code": str(refusal)})
        return await _page(visit, 422, setup=await handlers.begin(visit.reader), form=form)
    return await _page(visit, codes=codes)


async def _page(visit: Visit, status_code: int = 200, **shown: Any) -> HTMLResponse:
    context = {"setup": None, "codes": (), "form": Form(), **shown}
    return await visit.show(
        "second_factor.html",
        status_code,
        state=await handlers.state(visit.reader),
        on=status.FACTOR_ON,
        confirmed=visit.principal.confirmed,
        password_refused=visit.query.get("password") == "refused",
        **context,
    )
