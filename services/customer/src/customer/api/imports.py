"""``/api/v1/imports``: spreadsheets that are taken over (A44)."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import File, Form, Query, UploadFile
from fastapi.responses import Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt

from customer.api import import_files
from customer.api.import_views import (
    ImportDetail,
    ImportView,
    RowPage,
    detail_of,
    row_view,
    view_of,
)
from customer.domain.imports.life import ImportKind, Verdict
from customer.handlers.imports import staging
from customer.handlers.imports.staging import Upload
from customer.models import Import
from customer.store import imports as store
from customer.store.imports import ImportQuery
from shared.database import Session
from shared.paging import Page
from shared.sheets.reading import CELL_LENGTH_MAX
from shared.sheets.writer import MEDIA
from shared.text import storable
from shared.web import ServiceRouter, Transaction

router = ServiceRouter()

Format = Literal["csv", "xlsx"]
Text = Annotated[str, Field(max_length=CELL_LENGTH_MAX), AfterValidator(storable)]
_SAMPLE_ROWS = 20


class ImportMatch(BaseModel):
    """Which column is which, by field; and who gets new customers of rows that name nobody."""

    model_config = ConfigDict(extra="forbid")

    columns: dict[str, Annotated[StrictInt, Field(ge=0, le=199)]]
    marketing_id: UUID | None = None


class RowMend(BaseModel):
    """What is typed over a row, by field; an empty text stands for an empty cell."""

    model_config = ConfigDict(extra="forbid")

    texts: Annotated[dict[str, Text], Field(min_length=1, max_length=20)]


class RunImport(BaseModel):
    """``whole``: all rows or none; otherwise rejected rows are left out."""

    model_config = ConfigDict(extra="forbid")

    whole: StrictBool = True


class RowQuery(BaseModel):
    """One page of rows; ``after`` is the last row number of the page before."""

    model_config = ConfigDict(extra="forbid")

    verdict: Verdict | None = None
    after: int = Field(default=0, ge=0, le=10_000_000)
    limit: int = Field(default=50, ge=1, le=200)


@router.get("/api/v1/imports")
async def list_imports(
    wanted: Annotated[ImportQuery, Query()], session: Transaction
) -> Page[ImportView]:
    """List imports, newest first."""
    found = await store.find(session, wanted)
    counts = await store.counts(session, [row.id for row in found.rows])
    return found.page(lambda row: view_of(row, counts[row.id]))


@router.post("/api/v1/imports", status_code=201)
async def upload_import(
    session: Transaction,
    file: Annotated[UploadFile, File()],
    kind: Annotated[ImportKind, Form()],
    marketing_id: Annotated[UUID | None, Form()] = None,
) -> ImportDetail:
    """Stage a spreadsheet (CSV or XLSX) and look at it; nothing else is written."""
    content = await file.read()
    upload = Upload(kind, file.filename or "berkas", content, marketing_id)
    return await _detail(session, await staging.stage(session, upload))


@router.get("/api/v1/imports/template")
async def download_template(
    kind: ImportKind,
    session: Transaction,  # noqa: ARG001 - every route is a transaction
    format: Format = "xlsx",  # noqa: A002 - the name in the address
) -> Response:
    """Download an example file with the headings that are recognised."""
    return _file(import_files.template(kind, format), f"contoh-{kind}.{format}", format)


@router.get("/api/v1/imports/{import_id}")
async def read_import(import_id: UUID, session: Transaction) -> ImportDetail:
    """Read one import: its columns with first values, and what its rows do."""
    return await _detail(session, await store.get(session, import_id))


@router.get("/api/v1/imports/{import_id}/rows")
async def list_rows(
    import_id: UUID, session: Transaction, wanted: Annotated[RowQuery, Query()]
) -> RowPage:
    """List rows in the order of the file."""
    staged = await store.get(session, import_id)
    rows = await store.some_rows(session, import_id, wanted.verdict, wanted.after, wanted.limit + 1)
    page = rows[: wanted.limit]
    return RowPage(
        items=[row_view(staged, row) for row in page],
        next_after=page[-1].row_no if len(rows) > wanted.limit else None,
    )


@router.get("/api/v1/imports/{import_id}/problems")
async def download_problems(
    import_id: UUID,
    session: Transaction,
    format: Format = "xlsx",  # noqa: A002 - the name in the address
) -> Response:
    """Download the rows with something wrong, to mend and to upload again."""
    staged = await store.get(session, import_id)
    rows = await store.troubled(session, import_id)
    content = import_files.problems(staged, rows, format)
    return _file(content, f"baris-bermasalah.{format}", format)


@router.patch("/api/v1/imports/{import_id}")
async def match_import(import_id: UUID, body: ImportMatch, session: Transaction) -> ImportDetail:
    """Say which column is which, then look again."""
    staged = await staging.match_columns(session, import_id, body.columns, body.marketing_id)
    return await _detail(session, staged)


@router.patch("/api/v1/imports/{import_id}/rows/{row_no}")
async def mend_row(
    import_id: UUID, row_no: int, body: RowMend, session: Transaction
) -> ImportDetail:
    """Type over cells of one row, then look again."""
    return await _detail(session, await staging.mend_row(session, import_id, row_no, body.texts))


@router.post("/api/v1/imports/{import_id}/check")
async def check_import(import_id: UUID, session: Transaction) -> ImportDetail:
    """Compare every row with what is known now."""
    return await _detail(session, await staging.look_again(session, import_id))


@router.post("/api/v1/imports/{import_id}/run")
async def run_import(import_id: UUID, session: Transaction, body: RunImport) -> ImportView:
    """Let the import be written, once however often it is asked."""
    return await _view(session, await staging.run(session, import_id, whole=body.whole))


@router.post("/api/v1/imports/{import_id}/undo")
async def undo_import(import_id: UUID, session: Transaction) -> ImportView:
    """Take an import back, while nothing depends on what it brought."""
    return await _view(session, await staging.undo(session, import_id))


async def _view(session: Session, staged: Import) -> ImportView:
    return view_of(staged, (await store.counts(session, [staged.id]))[staged.id])


async def _detail(session: Session, staged: Import) -> ImportDetail:
    await session.flush()
    counts = (await store.counts(session, [staged.id]))[staged.id]
    first = await store.some_rows(session, staged.id, None, 0, _SAMPLE_ROWS)
    return detail_of(staged, counts, [row.cells for row in first])


def _file(content: bytes, name: str, kind: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=MEDIA[kind], headers=headers)
