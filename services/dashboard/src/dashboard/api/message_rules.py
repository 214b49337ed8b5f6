"""The page of the rules of writing to customers."""

from __future__ import annotations

from fastapi.responses import HTMLResponse, Response

from dashboard.api.pages import PageRouter, Visit, Visiting
from dashboard.domain.forms import Form, refused
from dashboard.domain.refusals import Outdated, Refused
from dashboard.handlers import message_rules as handlers

router = PageRouter()


@router.get("/settings/messages/rules")
async def show_rules(visit: Visiting) -> HTMLResponse:
    """Show when the system writes to customers, and every version of that."""
    return await _page(visit)


@router.post("/settings/messages/rules")
async def save_rules(visit: Visiting) -> Response:
    """Save other rules, or bring earlier ones back."""
    values = await visit.values()
    if found := handlers.faults(values):
        return await _page(visit, Form(values, found), 422)
    try:
        await handlers.save(visit.reader, values)
    except Outdated as outdated:
        newest = (await handlers.show(visit.reader))["rules"].version
        form = Form(values | {"version": str(newest)}, {"": str(outdated)})
        return await _page(visit, form, 412)
    except Refused as refusal:
        return await _page(visit, refused(values, refusal, handlers.FIELDS), 422)
    return visit.go("/settings/messages/rules", said="rules")


async def _page(visit: Visit, form: Form | None = None, code: int = 200) -> HTMLResponse:
    return await visit.show("messages/rules.html", code, **await handlers.show(visit.reader, form))
