"""Pages of the inbox: the queue, one matter beside it, and what is done about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi.responses import HTMLResponse, Response

from dashboard.api.pages import PageRouter, Typed, Visit, Visiting
from dashboard.domain import inbox
from dashboard.domain.answers.exceptions import Detail
from dashboard.domain.dividing import Division
from dashboard.domain.forms import Form, refused
from dashboard.domain.refusals import Outdated, Refused
from dashboard.handlers import exceptions as handlers
from dashboard.handlers import people
from shared.errors import ConfirmationNeeded, NotFound

router = PageRouter()
_STAYS = {"take", "release", "ask", "notes", "refuse", "undo"}


@router.get("/exceptions")
async def list_exceptions(visit: Visiting) -> HTMLResponse:
    """Show the queue, on a desk with its first matter."""
    shown = await handlers.list_matters(visit.reader, visit.query, visit.clock.now())
    first = shown["found"].items[0] if shown["found"].items else None
    detail = await handlers.find(visit.reader, first.id) if first else None
    return await _show(visit, detail, shown, Form(), whole=True)


@router.get("/exceptions/{exception_id}")
async def show_exception(visit: Visiting, exception_id: UUID) -> HTMLResponse:
    """Show one matter beside the queue."""
    shown = await handlers.list_matters(visit.reader, visit.query, visit.clock.now())
    return await _show(visit, await handlers.find(visit.reader, exception_id), shown, Form())


@router.post("/exceptions/{exception_id}/notes")
async def comment(visit: Visiting, exception_id: UUID) -> Response:
    """Say something about a matter."""
    return await _act(visit, exception_id, "notes")


@router.post("/exceptions/{exception_id}/{act}")
async def act(visit: Visiting, exception_id: UUID, act: str) -> Response:
    """Do something about a matter, and go on to the next."""
    if act not in inbox.ACTS.keys() | _STAYS:
        raise NotFound
    return await _act(visit, exception_id, act)


async def _act(visit: Visit, exception_id: UUID, name: str) -> Response:
    values = await visit.values()
    if name == inbox.SPLIT.name and values["look"]:
        form = Form(values, key=values["idempotency_key"])
        return await _divide_further(visit, exception_id, form)
    here = f"/exceptions/{exception_id}"
    kept = {name: value for name, value in visit.query.items() if name in handlers.FILTERS}
    try:
        done = await handlers.act(visit.reader, exception_id, name, values)
    except ConfirmationNeeded:
        return visit.go(here, **kept, act=name)
    except Outdated:
        return visit.go(here, **kept, stale="1")
    except Refused as refusal:
        return await _again(visit, exception_id, name, values, refusal)
    if name in _STAYS or done.is_proposed:
        return visit.go(here, **kept)
    following = values["following"]
    goes_on = f"/exceptions/{following}" if following else "/exceptions"
    return visit.go(goes_on, **kept, done=str(exception_id))


async def _divide_further(visit: Visit, exception_id: UUID, form: Form) -> HTMLResponse:
    """Show the split again with whoever was looked for and what is left; nothing is decided."""
    shown = await handlers.list_matters(visit.reader, visit.query, visit.clock.now())
    detail = await handlers.find(visit.reader, exception_id)
    return await _show(visit, detail, shown, form, act=inbox.SPLIT.name)


async def _again(
    visit: Visit, exception_id: UUID, name: str, values: Typed, refusal: Refused
) -> HTMLResponse:
    shown = await handlers.list_matters(visit.reader, visit.query, visit.clock.now())
    detail = await handlers.find(visit.reader, exception_id)
    form = refused(values, refusal, {each for each in values if each != "csrf_token"})
    return await _show(visit, detail, shown, form, act=name, status_code=422)


async def _show(
    visit: Visit,
    detail: Detail | None,
    shown: dict[str, Any],
    form: Form,
    *,
    act: str = "",
    whole: bool = False,
    status_code: int = 200,
) -> HTMLResponse:
    query, decides = visit.query, visit.may("exceptions.resolve")
    context: dict[str, Any] = {"matter": None, "acts": [], "chosen": None}
    if detail is not None:
        viewer = str(visit.principal.user_id)
        acts = inbox.acts_of(detail, viewer, may_decide=decides)
        wanted = act or query.get("act", "")
        chosen = next((each for each in acts if each.name == wanted), None)
        division = Division(form.values) if chosen == inbox.SPLIT else None
        search = (division and division.search) or query.get("search", "")
        context = {"acts": acts, "chosen": chosen} | await handlers.show(
            visit.reader, detail, shown["found"].items, search if decides else "", division
        )
    return await visit.show(
        "exceptions/page.html",
        status_code,
        **shown,
        **context,
        form=form,
        whole=whole,
        decides=decides,
        viewer_id=visit.principal.user_id,
        confirmed=visit.principal.confirmed,
        password_refused=query.get("password") == "refused",
        stale="stale" in query,
        just_done=await _just_done(visit),
        sellers=await people.sellers_if_any(visit.reader, wanted=decides),
    )


async def _just_done(visit: Visit) -> Detail | None:
    """Load what was just decided, to say what was posted and offer the way back."""
    try:
        return await handlers.find(visit.reader, UUID(visit.query["done"]))
    except (KeyError, ValueError, NotFound):
        return None
