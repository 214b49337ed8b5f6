"""The page of one's own account."""

from __future__ import annotations

from fastapi.responses import HTMLResponse, Response

from dashboard.api.pages import PageRouter, Visiting
from dashboard.api.session import RULES
from dashboard.domain import status
from dashboard.handlers import profile as handlers
from dashboard.store.services import CREDENTIAL

router = PageRouter()
_FAULTS = RULES | {"present": "Kata sandi Anda sekarang salah. Belum ada yang berubah."}


@router.get("/profile")
async def profile(visit: Visiting, rule: str = "") -> HTMLResponse:
    """Show who is signed in and where, how the pages look, and the way out."""
    credential = visit.request.headers.get(CREDENTIAL, "")
    return await visit.show(
        "profile.html",
        sessions=await handlers.sessions(visit.reader, credential),
        factor=await handlers.factor(visit.reader),
        on=status.FACTOR_ON,
        fault=_FAULTS.get(rule, ""),
    )


@router.post("/profile/sessions")
async def end_others(visit: Visiting) -> Response:
    """Leave all other devices."""
    await handlers.end_others(visit.reader, visit.request.headers.get(CREDENTIAL, ""))
    return visit.go("/profile", said="others_out")
