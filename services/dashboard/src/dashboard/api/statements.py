"""Pages of bank statements (P16): choose a file, look, import; what was imported."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData, UploadFile

from dashboard.api.pages import PageRouter, Visit, Visiting
from dashboard.domain.answers.statements import Column, Look
from dashboard.domain.files import BYTES_MAX, File, unpack
from dashboard.domain.forms import Form
from dashboard.domain.refusals import Refused
from dashboard.domain.statement_draft import LAYOUTS, ORDERS, ROLES, Draft, draft_of, said_by_line
from dashboard.handlers import statements as handlers

router = PageRouter()


@router.get("/bank/import")
async def choose_file(visit: Visiting) -> HTMLResponse:
    """Show the first step, and what was imported before."""
    return await _first_step(visit, Form())


@router.post("/bank/import")
async def take_file(visit: Visiting) -> Response:
    """Look at the file; with ``act=import`` import it. The file rides in the form until then."""
    async with visit.request.form() as form:
        file = await _file(form)
        values = {name: text for name, text in form.items() if isinstance(text, str)}
    if file is None:
        fault = "Pilih berkas mutasi yang berisi, paling besar 5 MiB."
        return await _first_step(visit, Form({}, {"file": fault}), 422)
    draft = draft_of(file, values)
    try:
        return await _act(visit, draft, values)
    except Refused as refusal:
        return await _refused(visit, draft, refusal, handlers.columns_of(refusal))


@router.get("/bank/statements/{statement_id}")
async def show_statement(visit: Visiting, statement_id: UUID) -> HTMLResponse:
    """Show what was imported."""
    shown = await handlers.show_statement(visit.reader, statement_id, visit.query)
    return await visit.show("statements/page.html", **shown)


async def _act(visit: Visit, draft: Draft, values: dict[str, str]) -> Response:
    if draft.fault:
        columns = await handlers.find_columns(visit.reader, draft)
        return await _refused(visit, draft, Refused(draft.fault), columns)
    if values.get("act") != "import":
        return await _second_step(visit, draft, await handlers.look_at(visit.reader, draft))
    key = values.get("idempotency_key", "")
    done = await handlers.import_statement(visit.reader, draft, key)
    said = "statement_known" if done.changes_nothing else "statement"
    return visit.go(f"/bank/statements/{done.id}", said=said)


async def _file(form: FormData) -> File | None:
    chosen = form.get("file")
    if isinstance(chosen, UploadFile):
        content = await chosen.read(BYTES_MAX + 1)
        name = chosen.filename or "mutasi"
        return File(name, content) if content and len(content) <= BYTES_MAX else None
    return unpack(str(form.get("file_name", "mutasi")), str(form.get("packed", "")))


async def _first_step(visit: Visit, form: Form, code: int = 200) -> HTMLResponse:
    shown = await handlers.list_statements(visit.reader, visit.query)
    return await visit.show("statements/import.html", code, form=form, **shown)


async def _second_step(visit: Visit, draft: Draft, look: Look) -> HTMLResponse:
    return await visit.show(
        "statements/review.html",
        draft=draft,
        look=look,
        columns=look.columns,
        layout=LAYOUTS.get(look.layout or "", ""),
        roles=ROLES,
        orders=ORDERS,
        key=Form().key,
    )


async def _refused(
    visit: Visit, draft: Draft, refusal: Refused, columns: Sequence[Column]
) -> HTMLResponse:
    return await visit.show(
        "statements/refused.html",
        422,
        draft=draft,
        refusal=refusal,
        lines=said_by_line(refusal),
        columns=draft.shown(columns),
        layout="",
        roles=ROLES,
        orders=ORDERS,
        key=Form().key,
    )
