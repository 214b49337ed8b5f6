"""Pages of imports: choose a file, match columns, look, run, result (A44)."""

from __future__ import annotations

from uuid import UUID

from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import UploadFile

from dashboard.api.pages import PageRouter, Typed, Visit, Visiting
from dashboard.domain import imports as words
from dashboard.domain.answers.imports import ImportDetail
from dashboard.domain.facts import value
from dashboard.domain.files import BYTES_MAX, File
from dashboard.domain.forms import Form, number, refused
from dashboard.domain.refusals import Refused
from dashboard.handlers import imports as handlers

router = PageRouter()


@router.get("/imports")
async def list_imports(visit: Visiting) -> HTMLResponse:
    """Show what was imported."""
    shown = await handlers.list_imports(visit.reader, visit.query)
    return await visit.show("imports/list.html", words=words, **shown)


@router.get("/imports/new")
async def choose_file(visit: Visiting) -> HTMLResponse:
    """Show the first step."""
    kind = visit.query.get("kind", "customers")
    return await _first_step(visit, Form({"kind": kind if kind in words.KINDS else "customers"}))


@router.post("/imports/new")
async def take_file(visit: Visiting) -> Response:
    """Have the file staged, then show what its columns are taken for."""
    async with visit.request.form() as form:
        chosen = form.get("file")
        file = await _file(chosen) if isinstance(chosen, UploadFile) else None
        values = Typed((name, text) for name, text in form.items() if isinstance(text, str))
    if file is None:
        fault = {"file": "Pilih berkas yang berisi, paling besar 5 MiB."}
        return await _first_step(visit, Form(values, fault), 422)
    kind = values["kind"] if values["kind"] in words.KINDS else "customers"
    marketing_id = values["marketing_id"] if kind == "customers" else ""
    key = values["idempotency_key"] or Form().key
    try:
        found = await handlers.upload(visit.reader, file, kind, marketing_id, key)
    except Refused as refusal:
        fields = {"file", "kind", "marketing_id"}
        return await _first_step(visit, refused(values, refusal, fields), 422)
    return visit.go(f"/imports/{found.id}", step="columns")


@router.get("/imports/{import_id}")
async def show_import(visit: Visiting, import_id: UUID) -> HTMLResponse:
    """Show an import at its step."""
    return await _page(visit, await handlers.find(visit.reader, import_id))


@router.post("/imports/{import_id}/columns")
async def match_columns(visit: Visiting, import_id: UUID) -> Response:
    """Say which column is which, then look at the rows."""
    values = await visit.values()
    columns, fault = words.columns_said(values)
    try:
        if fault:
            raise Refused(fault)
        await handlers.match(visit.reader, import_id, columns, values["marketing_id"])
    except Refused as refusal:
        found = await handlers.find(visit.reader, import_id)
        return await _page(visit, found, refusal=str(refusal), step="columns")
    return visit.go(f"/imports/{import_id}")


@router.post("/imports/{import_id}/rows")
async def mend_row(visit: Visiting, import_id: UUID) -> Response:
    """Type over cells of one row, then look again."""
    values = await visit.values()
    texts = words.texts_said(values)
    try:
        await handlers.mend(visit.reader, import_id, number(values["row_no"]) or 0, texts)
    except Refused as refusal:
        found = await handlers.find(visit.reader, import_id)
        return await _page(visit, found, refusal=str(refusal))
    return visit.go(f"/imports/{import_id}", said="mended")


@router.post("/imports/{import_id}/run")
async def run_import(visit: Visiting, import_id: UUID) -> Response:
    """Let the import be written."""
    values = await visit.values()
    return await _act(visit, import_id, "run", {"whole": values["whole"] != "no"})


@router.post("/imports/{import_id}/check")
async def check_again(visit: Visiting, import_id: UUID) -> Response:
    """Compare the rows with what is known now."""
    return await _act(visit, import_id, "check", {})


@router.post("/imports/{import_id}/undo")
async def undo_import(visit: Visiting, import_id: UUID) -> Response:
    """Take an import back."""
    return await _act(visit, import_id, "undo", {})


async def _act(visit: Visit, import_id: UUID, what: str, body: dict[str, bool]) -> Response:
    try:
        await handlers.act(visit.reader, import_id, what, body)
    except Refused as refusal:
        found = await handlers.find(visit.reader, import_id)
        return await _page(visit, found, refusal=str(refusal))
    return visit.go(f"/imports/{import_id}")


async def _file(chosen: UploadFile) -> File | None:
    content = await chosen.read(BYTES_MAX + 1)
    name = (chosen.filename or "berkas")[:200]
    return File(name, content) if content and len(content) <= BYTES_MAX else None


async def _first_step(visit: Visit, form: Form, code: int = 200) -> HTMLResponse:
    choices = await handlers.choices(visit.reader)
    kinds = list(words.KINDS.items())
    return await visit.show("imports/new.html", code, form=form, kinds=kinds, choices=choices)


async def _page(
    visit: Visit, found: ImportDetail, *, refusal: str = "", step: str = ""
) -> HTMLResponse:
    at = words.step_of(found, step or visit.query.get("step", ""))
    shown = {"it": found, "words": words, "spell": value, "refusal": refusal, "step": at}
    code = 422 if refusal else 200
    if at == 2:
        choices = await handlers.choices(visit.reader)
        return await visit.show("imports/columns.html", code, choices=choices, **shown)
    if at == 3:
        looked = await handlers.look(visit.reader, found, visit.query)
        return await visit.show("imports/check.html", code, **shown, **looked)
    left_out = await handlers.troubles(visit.reader, found)
    return await visit.show("imports/result.html", code, left_out=left_out.items, **shown)
