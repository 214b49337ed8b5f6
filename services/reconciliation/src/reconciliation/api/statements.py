"""Bank statements over HTTP: a look first, then the import; lists and lines."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time
from typing import Annotated, Literal
from uuid import UUID

from fastapi import File, Form, Query, Request, UploadFile
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from reconciliation.domain.certificate import Balance, Figure
from reconciliation.domain.exception import ExceptionKind
from reconciliation.domain.outcome import Fate
from reconciliation.handlers import statements as handlers
from reconciliation.handlers.balances import balance_of
from reconciliation.handlers.comparing import outcome_of
from reconciliation.handlers.statements import Layout, Look, Upload
from reconciliation.parsers.columns import Role
from reconciliation.parsers.dates import Order
from reconciliation.settings import Settings
from reconciliation.store import statements as store
from shared.errors import Invalid
from shared.money import LARGEST_IDR, Rupiah
from shared.paging import ListQuery, Page, decode_instant, encode_instant
from shared.text import clean
from shared.web import ServiceRouter, Transaction

router = ServiceRouter()

LINES_SHOWN = 50
_COLUMNS = TypeAdapter(dict[Role, Annotated[int, Field(ge=0, le=199)]])


class ColumnsUnclear(Invalid):
    """The columns were not named as a JSON object of roles and places."""

    detail = "Pencocokan kolom belum benar. Tulis sebagai objek JSON, misalnya {example}."


class StatementView(BaseModel):
    """One imported file; ``added_count`` of its lines were new."""

    id: UUID
    account: str
    format: Literal["mt940", "csv"]
    file_name: str
    opens_on: date
    closes_on: date
    opening_idr: int
    closing_idr: int
    credits_idr: int
    debits_idr: int
    lines_count: int
    added_count: int
    imported_at: datetime
    imported_by: str


class OutcomeView(BaseModel):
    """What an import did to the books so far; the sums of ``lines`` are without sign.

    ``lines`` counts each new line under one fate; ``open`` is what needs a person, by kind.
    """

    compared: bool
    lines: dict[Fate, Figure]
    open: dict[ExceptionKind, Figure]


class StatementDetail(StatementView):
    """A statement with what became of it, and its last whole day's balance beside the ledger's.

    ``balance`` is None while lines are compared, and while another expected account has no
    statement of that day.
    """

    outcome: OutcomeView
    balance: Balance | None


class BankLineView(BaseModel):
    """One row of the account; a credit is positive."""

    id: UUID
    line_no: int
    day: date
    value_day: date
    at: time | None
    amount_idr: int
    reference: str
    description: str
    ordinal: int


class ColumnView(BaseModel):
    """One column of a table, with the first values of it."""

    place: int
    heading: str
    role: Role | None
    samples: list[str]


class LookLineView(BaseModel):
    """One line of a looked-at file; ``known`` when an earlier import brought it."""

    line_no: int
    day: date
    amount_idr: int
    reference: str
    description: str
    known: bool


class LookView(BaseModel):
    """What a file says and does; ``id`` is null while the file was not imported.

    ``lines`` are the first 50; ``layout`` says who decided the columns, null where there are none.
    """

    id: UUID | None
    dry_run: bool
    format: Literal["mt940", "csv"]
    account: str
    opens_on: date
    closes_on: date
    opening_idr: int
    closing_idr: int
    credits_idr: int
    debits_idr: int
    lines_count: int
    new_count: int
    known_count: int
    warnings: list[str]
    lines: list[LookLineView]
    layout: Layout | None
    columns: list[ColumnView]


class StatementQuery(ListQuery):
    """The query of a list of statements."""

    account: str | None = Field(default=None, max_length=40)


class LineQuery(BaseModel):
    """One page of lines; ``after`` is the last line number of the page before."""

    after: int = Field(default=0, ge=0, le=10_000_000)
    limit: int = Field(default=100, ge=1, le=200)


class LinePage(BaseModel):
    """Lines in the order of the file; ``next_after`` asks for the following page."""

    items: list[BankLineView]
    next_after: int | None
    total: int


@router.post("/api/v1/statements", status_code=201)
async def take_statement(
    request: Request,
    session: Transaction,
    *,
    file: Annotated[UploadFile, File()],
    dry_run: Annotated[bool, Form()] = True,
    columns: Annotated[str, Form(max_length=2_000)] = "",
    account: Annotated[str, Form(pattern=r"^[0-9]{0,34}$")] = "",
    opening_idr: Annotated[int | None, Form(ge=-LARGEST_IDR, le=LARGEST_IDR)] = None,
    date_order: Annotated[Order | None, Form()] = None,
) -> LookView:
    """Look at a statement file; with ``dry_run=false``, import it whole or not at all.

    ``columns``, ``account``, ``opening_idr`` and ``date_order`` say of a table what it does not.
    """
    settings: Settings = request.app.state.service.settings
    name = clean(file.filename or "mutasi")[:200]
    opening = None if opening_idr is None else Rupiah(opening_idr)
    content = await file.read()
    upload = Upload(name, content, _columns(columns), account, opening, date_order)
    act = handlers.look_at if dry_run else handlers.import_statement
    return _look(await act(session, upload, settings.bank_accounts), dry_run=dry_run)


@router.get("/api/v1/statements")
async def list_statements(
    session: Transaction, query: Annotated[StatementQuery, Query()]
) -> Page[StatementView]:
    """List imported statements, newest first."""
    after = decode_instant(query.cursor)
    rows, total = await store.list_statements(
        session, query.account, query.search, after, query.limit + 1
    )
    page = rows[: query.limit]
    last = page[-1] if len(rows) > query.limit else None
    return Page[StatementView](
        items=[StatementView(**row.model_dump()) for row in page],
        next_cursor=last and encode_instant(last.imported_at, last.id),
        total=total,
    )


@router.get("/api/v1/statements/{statement_id}")
async def get_statement(
    request: Request, statement_id: UUID, session: Transaction
) -> StatementDetail:
    """Show one statement with what became of its lines, also while they are still compared."""
    statement = await store.get_statement(session, statement_id)
    outcome = await outcome_of(session, statement)
    accounts = request.app.state.service.settings.bank_accounts
    return StatementDetail(
        outcome=OutcomeView(**asdict(outcome)),
        balance=await balance_of(session, accounts, statement) if outcome.compared else None,
        **statement.model_dump(),
    )


@router.get("/api/v1/statements/{statement_id}/lines")
async def list_lines(
    statement_id: UUID, session: Transaction, query: Annotated[LineQuery, Query()]
) -> LinePage:
    """List the lines that this statement brought first."""
    statement = await store.get_statement(session, statement_id)
    rows = await store.lines_of(session, statement, query.after, query.limit + 1)
    page = rows[: query.limit]
    more = len(rows) > query.limit
    return LinePage(
        items=[BankLineView(**row.model_dump()) for row in page],
        next_after=page[-1].line_no if more else None,
        total=statement.added_count,
    )


def _columns(text: str) -> dict[Role, int] | None:
    if not text:
        return None
    try:
        return _COLUMNS.validate_json(text)
    except ValidationError as error:
        example = '{"day": 0, "description": 4, "debit": 5, "credit": 6}'
        raise ColumnsUnclear(field="columns", example=example) from error


def _look(look: Look, *, dry_run: bool) -> LookView:
    statement, reading = look.statement, look.reading
    columns = look.file.described(reading.said.columns)
    return LookView(
        id=look.id,
        dry_run=dry_run,
        format=look.file.format,
        account=statement.account,
        opens_on=statement.opens_on,
        closes_on=statement.closes_on,
        opening_idr=statement.opening.amount,
        closing_idr=statement.closing.amount,
        credits_idr=statement.credits.amount,
        debits_idr=statement.debits.amount,
        lines_count=len(statement.lines),
        new_count=look.new_count,
        known_count=look.known_count,
        warnings=list(look.warnings),
        lines=_compared(look),
        layout=reading.layout,
        columns=[ColumnView(**asdict(column)) for column in columns],
    )


def _compared(look: Look) -> list[LookLineView]:
    new = {line.no for line in look.new}
    return [
        LookLineView(
            line_no=line.no,
            day=line.day,
            amount_idr=line.amount.amount,
            reference=line.reference,
            description=line.description,
            known=line.no not in new,
        )
        for line in look.statement.lines[:LINES_SHOWN]
    ]
