"""The page of the words of messages."""

from __future__ import annotations

from fastapi.responses import HTMLResponse, Response

from dashboard.api.pages import PageRouter, Visit, Visiting
from dashboard.domain.forms import Form, refused
from dashboard.domain.refusals import Outdated, Refused
from dashboard.handlers import message_templates as handlers
from dashboard.handlers.message_templates import Choice

router = PageRouter()


@router.get("/settings/messages")
async def show_templates(visit: Visiting) -> HTMLResponse:
    """Show the words for one purpose, with a preview and every version."""
    return await _page(visit, Choice.of(visit.query))


@router.post("/settings/messages")
async def save_template(visit: Visiting) -> Response:
    """Save new words, or bring earlier ones back."""
    values = await visit.values()
    choice = Choice.of(values)
    try:
        await handlers.save(visit.reader, choice, values)
    except Outdated as outdated:
        newest = await handlers.show(visit.reader, choice)
        version = str(newest["words"].version)
        return await _page(
            visit, choice, Form(values | {"version": version}, {"": str(outdated)}), 412
        )
    except Refused as refusal:
        return await _page(visit, choice, refused(values, refusal, handlers.FIELDS), 422)
    return visit.go(
        "/settings/messages", purpose=choice.purpose, language=choice.language, said="words"
    )


@router.post("/settings/messages/preview")
async def preview_template(visit: Visiting) -> HTMLResponse:
    """Show what was typed with real data; nothing is saved."""
    values = await visit.values()
    return await _page(visit, Choice.of(values), Form(values))


async def _page(
    visit: Visit, choice: Choice, form: Form | None = None, code: int = 200
) -> HTMLResponse:
    shown = await handlers.show(visit.reader, choice, form)
    return await visit.show("messages/templates.html", code, **shown)
