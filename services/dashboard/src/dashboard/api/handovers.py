"""Pages of handing customers over in bulk (P10)."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from fastapi.responses import HTMLResponse, Response

from dashboard.api.pages import PageRouter, Visit, Visiting
from dashboard.domain.forms import Form, refused
from dashboard.domain.lists import CUSTOMERS
from dashboard.domain.refusals import Refused
from dashboard.handlers import handovers as handlers
from shared.errors import ConfirmationNeeded

router = PageRouter()


@router.get("/customers/move")
async def choose(visit: Visiting) -> HTMLResponse:
    """Show whom can be handed over, and to whom."""
    chosen = visit.request.query_params.getlist("customer")
    return await _choose(visit, visit.query.get("from", ""), chosen, Form())


@router.post("/customers/move/choose")
async def choose_picked(visit: Visiting) -> HTMLResponse:
    """The same for those who were picked in the list, or all of its filter."""
    values, form = await visit.values(), await visit.request.form()
    picked = [text for text in form.getlist("id") if isinstance(text, str)]
    if values["every"] == "yes":
        listing = CUSTOMERS.read(parse_qsl(urlsplit(values["address"]).query))
        picked = await handlers.all_of(visit.reader, listing)
    return await _choose(visit, "", picked, Form())


@router.post("/customers/move")
async def draft(visit: Visiting) -> Response:
    """Keep the choice and show what it would do."""
    values = await visit.values()
    form = await visit.request.form()
    chosen = [text for text in form.getlist("customer") if isinstance(text, str)]
    try:
        made = await handlers.draft(visit.reader, values, chosen)
    except Refused as refusal:
        again = refused(values, refusal, handlers.FIELDS)
        return await _choose(visit, values["from"], chosen, again, 422)
    return visit.go(f"/customers/moves/{made.id}")


@router.get("/customers/moves/{handover_id}")
async def show(visit: Visiting, handover_id: UUID) -> HTMLResponse:
    """Show what would happen, how far it is, or what happened."""
    return await _show(visit, handover_id)


@router.post("/customers/moves/{handover_id}/{act}")
async def run(visit: Visiting, handover_id: UUID, act: str) -> Response:
    """Begin, or give everybody back; without the password lately the page asks for it."""
    wanted = "undo" if act == "undo" else "run"
    try:
        await handlers.run(visit.reader, handover_id, wanted)
    except ConfirmationNeeded:
        return visit.go(f"/customers/moves/{handover_id}")
    except Refused as refusal:
        return await _show(visit, handover_id, str(refusal), 422)
    return visit.go(f"/customers/moves/{handover_id}")


async def _choose(
    visit: Visit, owner: str, chosen: Sequence[str], form: Form, code: int = 200
) -> HTMLResponse:
    whole = form.values.get("whole") == "yes"
    shown = await handlers.choose(visit.reader, owner, [] if owner else chosen)
    return await visit.show(
        "handovers/choose.html", code, form=form, chosen=set(chosen), whole=whole, **shown
    )


async def _show(
    visit: Visit, handover_id: UUID, trouble: str = "", code: int = 200
) -> HTMLResponse:
    shown = await handlers.show(visit.reader, handover_id, visit.query)
    return await visit.show(
        "handovers/page.html",
        code,
        trouble=trouble,
        confirmed=visit.principal.confirmed,
        password_refused=visit.query.get("failed") == "1",
        **shown,
    )
