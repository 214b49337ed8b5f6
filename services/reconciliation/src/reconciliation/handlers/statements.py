"""Importing a bank statement: looked at first, then kept whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Literal
from uuid import UUID

from reconciliation.domain.continuity import Period, joints
from reconciliation.domain.statement import Fault, Line, Statement, StatementRefused
from reconciliation.models import BankStatement, StatementLayout
from reconciliation.parsers.bni_csv import Said
from reconciliation.parsers.columns import Columns, Role
from reconciliation.parsers.dates import Order
from reconciliation.parsers.files import File, open_file, read
from reconciliation.parsers.table import Table
from reconciliation.store import statements as store
from shared import audit
from shared.database import Session
from shared.errors import Conflict, Invalid
from shared.money import Rupiah

Layout = Literal["named", "remembered", "guessed"]
"""Who decided the columns: the person now, a person at an earlier file, or the words of the head"""


class WrongAccount(Invalid):
    """The statement of an account that is not ours."""

    detail = (
        "Mutasi ini milik rekening {account}, bukan rekening perusahaan ({known})."
        " Tidak ada yang disimpan. Unggah mutasi rekening yang benar."
    )


class StatementContradicts(Conflict):
    """It covers days that are known, and lacks lines that earlier statements had of them."""

    detail = (
        "Mutasi periode ini sudah pernah diimpor dengan isi yang berbeda: {count} baris yang"
        " dikenal tidak ada di berkas ini, misalnya {amount} pada {day:%d/%m/%Y}, {description}."
        " Tidak ada yang disimpan. Unggah berkas yang memuat hari-hari itu secara lengkap, dari"
        " sumber yang sama."
    )


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as a person sent it, with what he said about it."""

    name: str
    content: bytes
    columns: Columns | None = None
    account: str = ""
    opening: Rupiah | None = None
    order: Order | None = None

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a table, and who said so; other formats need nothing."""

    said: Said = field(default_factory=Said)
    layout: Layout | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What a file says, and what importing it would do or did; ``id`` where it is kept."""

    file: File
    statement: Statement
    reading: Reading
    new: Sequence[Line]
    warnings: Sequence[str]
    id: UUID | None = None

    @property
    def new_count(self) -> int:
        return len(self.new)

    @property
    def known_count(self) -> int:
        return len(self.statement.lines) - self.new_count


async def look_at(session: Session, upload: Upload, accounts: Sequence[str]) -> Look:
    """Read and prove a file, and compare it with what is known; nothing is written.

    Raises:
        StatementRefused: it cannot be read, or its balances do not follow from its lines; the
            columns of a table go along, so that a person can name them.
        WrongAccount: it is not of one of ``accounts`` (or, when none are set, of the known one).
        StatementContradicts: days that are known had lines that the file lacks.
    """
    file = open_file(upload.content)
    reading = await _reading(session, file, upload)
    statement = _read(file, reading)
    await store.lock_account(session, statement.account)
    await _check_account(session, statement.account, accounts)
    await _check_opening(session, file, reading, statement)
    same = await store.find_file(session, statement.account, upload.hash)
    new = [] if same is not None else await _new_lines(session, statement)
    past = [_period(kept) for kept in await store.statements_of(session, statement.account)]
    own = Period(statement.opens_on, statement.closes_on, statement.opening, statement.closing)
    known_as = None if same is None else same.id
    return Look(file, statement, reading, new, joints(own, past), known_as)


async def import_statement(session: Session, upload: Upload, accounts: Sequence[str]) -> Look:
    """Keep a statement and its new lines; the same file again is nothing.

    Raises:
        StatementRefused, WrongAccount, StatementContradicts: as ``look_at``.
    """
    look = await look_at(session, upload, accounts)
    if look.id is not None:
        return look
    kept = _kept(session, upload, look)
    session.add(kept)
    await session.flush()
    await store.add_lines(session, kept, look.new)
    await _remember(session, upload, look)
    audit.record(
        session,
        action="statement.imported",
        object_type="bank_statement",
        object_id=kept.id,
        after=kept.model_dump(mode="json", exclude={"id", "imported_at", "imported_by"}),
    )
    return replace(look, id=kept.id)


async def _remember(session: Session, upload: Upload, look: Look) -> None:
    """Keep what a person said about tables with this head, until he says otherwise."""
    table, said = look.file.table, look.reading.said
    if table is None or (upload.columns is None and upload.order is None):
        return
    facts = {
        "columns": {str(role): place for role, place in said.columns.items()},
        "account": look.statement.account,
        "date_order": said.order or "",
    }
    await store.remember_layout(session, table.head.key, facts)


async def _reading(session: Session, file: File, upload: Upload) -> Reading:
    """Take what was said now, else what was said of this head before, else guess."""
    if file.table is None:
        return Reading()
    kept = await store.find_layout(session, file.table.head.key)
    account = upload.account or (kept.account if kept else "")
    order = upload.order or (Order(kept.date_order) if kept and kept.date_order else None)
    columns, layout = _columns(file.table, upload, kept)
    return Reading(Said(columns, account, upload.opening, order), layout)


def _columns(table: Table, upload: Upload, kept: StatementLayout | None) -> tuple[Columns, Layout]:
    if upload.columns is not None:
        return upload.columns, "named"
    if kept is not None:
        return {Role(role): place for role, place in kept.columns.items()}, "remembered"
    return table.guessed, "guessed"


def _read(file: File, reading: Reading) -> Statement:
    try:
        return read(file, reading.said)
    except StatementRefused as refused:
        raise _explained(file, reading, refused) from None


def _explained(file: File, reading: Reading, refused: StatementRefused) -> StatementRefused:
    """Let the columns of a table go along with its refusal, so that a person can name them."""
    described = file.described(reading.said.columns)
    refused.fields["columns"] = [asdict(each) for each in described]
    return refused


async def _check_opening(
    session: Session, file: File, reading: Reading, statement: Statement
) -> None:
    """Prove the first line where no opening is told: what is known before has to close with it."""
    if statement.opening_is_told:
        return
    account, opens_on = statement.account, statement.opens_on
    if await store.balance_before(session, account, opens_on) == statement.opening.amount:
        return
    reason = (
        "Saldo awal tidak tertulis di berkas dan tidak menyambung dengan mutasi yang sudah diimpor,"
        f" jadi baris pertamanya belum terbukti. Isi saldo awal {opens_on:%d/%m/%Y} menurut bank."
    )
    raise _explained(file, reading, StatementRefused([Fault(0, reason)]))


async def _check_account(session: Session, account: str, accounts: Sequence[str]) -> None:
    known = accounts or await store.known_accounts(session)
    if known and account not in known:
        raise WrongAccount(account=account, known=", ".join(known), field="file")


async def _new_lines(session: Session, statement: Statement) -> list[Line]:
    """Give what no import has brought yet; all that is known of the period has to be there too."""
    known = await store.known_keys(session, statement)
    omitted = known - {line.key for line in statement.lines}
    if omitted:
        line = await store.first_of(session, statement.account, omitted)
        raise StatementContradicts(
            count=len(omitted),
            amount=Rupiah(line.amount_idr),
            day=line.day,
            description=line.description or "tanpa keterangan",
        )
    return [line for line in statement.lines if line.key not in known]


def _period(kept: BankStatement) -> Period:
    opening, closing = Rupiah(kept.opening_idr), Rupiah(kept.closing_idr)
    return Period(kept.opens_on, kept.closes_on, opening, closing)


def _kept(session: Session, upload: Upload, look: Look) -> BankStatement:
    statement = look.statement
    return BankStatement(
        account=statement.account,
        format=look.file.format,
        file_name=upload.name,
        file_hash=upload.hash,
        opens_on=statement.opens_on,
        closes_on=statement.closes_on,
        opening_idr=statement.opening.amount,
        closing_idr=statement.closing.amount,
        credits_idr=statement.credits.amount,
        debits_idr=statement.debits.amount,
        lines_count=len(statement.lines),
        added_count=look.new_count,
        imported_at=session.clock.now(),
        imported_by=session.principal.name,
    )
