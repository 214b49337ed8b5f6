"""Pages of change requests: Marketing asks, Admin decides with the old beside the new (A30)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from fastapi.responses import HTMLResponse, Response

from dashboard.api.pages import PageRouter, Visit, Visiting
from dashboard.domain.forms import Form, refused
from dashboard.domain.refusals import Outdated, Refused
from dashboard.handlers import change_requests as handlers
from dashboard.handlers.customers import form_of as form_of_customer

router = PageRouter()


@router.get("/change-requests")
async def list_requests(visit: Visiting) -> HTMLResponse:
    """List requests; those that wait first."""
    shown = await handlers.list_requests(visit.reader, visit.query)
    return await visit.show("change_requests/list.html", **shown)


@router.get("/change-requests/new")
async def new_request(visit: Visiting) -> HTMLResponse:
    """Show the form, filled with the present."""
    return await _form(visit, visit.query, None)


@router.post("/change-requests")
async def ask(visit: Visiting) -> Response:
    """Ask Admin."""
    values = await visit.values()
    subject = await handlers.subject_of(visit.reader, values)
    try:
        asked = await handlers.ask(visit.reader, subject, values)
    except Refused as refusal:
        form = refused(values, _plain(refusal), handlers.FIELDS)
        return await _form(visit, values, form, 422)
    return visit.go(f"/change-requests/{asked.id}", said="asked_change")


@router.get("/change-requests/{request_id}")
async def show_request(visit: Visiting, request_id: UUID) -> HTMLResponse:
    """Show one request."""
    return await _request(visit, request_id, None)


@router.post("/change-requests/{request_id}")
async def decide(visit: Visiting, request_id: UUID) -> Response:
    """Carry it out or refuse it; who is second learns what the first one decided."""
    values = await visit.values()
    request = await handlers.find(visit.reader, request_id)
    try:
        await handlers.decide(visit.reader, request, values)
    except Outdated as outdated:
        return await _request(visit, request_id, Form(values, {"": str(outdated)}), 412)
    except Refused as refusal:
        form = refused(values, _plain(refusal), handlers.FIELDS)
        return await _request(visit, request_id, form, 422)
    said = "change_applied" if values["act"] == "apply" else "change_refused"
    return visit.go(f"/change-requests/{request_id}", said=said)


async def _form(
    visit: Visit, given: Mapping[str, str], form: Form | None, code: int = 200
) -> HTMLResponse:
    subject = await handlers.subject_of(visit.reader, given)
    customer = subject["customer"]
    shown = form or Form({**form_of_customer(customer).values, "status": customer.status})
    return await visit.show("change_requests/new.html", code, form=shown, **subject)


async def _request(
    visit: Visit, request_id: UUID, form: Form | None, code: int = 200
) -> HTMLResponse:
    shown = await handlers.show_request(visit.reader, request_id)
    filled = handlers.form_of(shown["request"], form)
    return await visit.show("change_requests/page.html", code, form=filled, **shown)


def _plain(refusal: Refused) -> Refused:
    """Name the fields as the page does: the service nests them below ``changes``."""
    errors = {name.rpartition(".")[2]: text for name, text in refusal.errors.items()}
    return Refused(str(refusal), errors, refusal.problem)
