"""Writes imports, piece by piece, as the person who ran them; restart-safe.

A piece is one transaction: its rows, their objects, events and audit rows. A worker that dies
leaves whole pieces behind, and the next one goes on with the rows that still wait. An import of
all or nothing is a single piece, and so is taking one back.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
)

from customer.domain.imports.cells import Fault
from customer.domain.imports.life import ImportState, RowState, Verdict
from customer.handlers.imports.kinds import KINDS, Kind
from customer.handlers.imports.staging import refuse_if_used
from customer.models import Facts, Import, ImportRow
from customer.store import imports
from shared import audit, context
from shared.database import Session, Sessions, may_succeed_again
from shared.errors import DomainError
from shared.ids import new_id
from shared.logs import logger
from shared.operations import ROLES
from shared.principal import Principal
from shared.sheets.reading import ROWS_MAX

CHANNEL = "lunas_imports"
PIECE = 100
FORGET_EVERY = timedelta(hours=1)
DRAFTS_KEPT = timedelta(days=30)
ROWS_KEPT = timedelta(days=180)
_OUTAGE = (OperationalError, InterfaceError, OSError, TimeoutError)
_REFUSED = "data ini tidak dapat disimpan. Perbaiki barisnya, atau keluarkan dari berkas."
_DEFECT = (
    "Impor berhenti karena kesalahan sistem. Bagian yang sedang ditulis dibatalkan seluruhnya."
    " Periksa ulang, lalu jalankan lagi; bila berhenti lagi, hubungi pengelola sistem."
)


class RowFailed(Exception):
    """A row of an import of all or nothing could not be written; nothing of it is."""

    def __init__(self, row_no: int, why: str) -> None:
        super().__init__(f"Baris {row_no}: {why}")


@dataclass(frozen=True)
class Importer:
    """One worker on imports."""

    sessions: Sessions
    service: str

    async def step(self) -> timedelta | None:
        """Do one piece; tell when to come again."""
        async with self.sessions.begin(Principal.system(self.service)) as session:
            job = await imports.at_work(session)
        if job is None:
            return None
        with context.bound(str(new_id())):
            await self._piece(job)
        return timedelta()

    async def forget_step(self) -> timedelta | None:
        """Delete what is not needed any more (P3)."""
        async with self.sessions.begin(Principal.system(self.service)) as session:
            now = session.clock.now()
            await imports.forget(session, now - DRAFTS_KEPT, now - ROWS_KEPT)
        return FORGET_EVERY

    async def _piece(self, job: Import) -> None:
        try:
            async with self.sessions.begin(_maker(job)) as session:
                staged = await imports.claim(session, job.id)
                if staged is None:
                    return
                await imports.write_alone(session)
                if staged.state is ImportState.RUNNING:
                    await _write(session, staged)
                else:
                    await _take_back(session, staged)
        except (RowFailed, DomainError) as error:
            await self._give_back(job, str(error))
        except Exception as error:  # one import that cannot go on must not hold up the others
            if _passes(error):
                raise
            logger(self.service).error("import stopped", import_id=str(job.id), exc_info=error)
            await self._give_back(job, _DEFECT)

    async def _give_back(self, job: Import, note: str) -> None:
        """Nothing of the piece was written: the import stands where it stood before."""
        async with self.sessions.begin(_maker(job)) as session:
            staged = await imports.claim(session, job.id)
            if staged is None:
                return
            if staged.state is ImportState.RUNNING:
                stamps: Facts = {"note": note, "started_at": None}
                await imports.move_to(session, staged, ImportState.DRAFT, **stamps)
            else:
                await imports.move_to(session, staged, ImportState.DONE, note=note)
            _record(session, "stopped", staged)


async def _write(session: Session, staged: Import) -> None:
    kind = KINDS[staged.kind]
    limit = ROWS_MAX if staged.whole else PIECE
    rows = await imports.to_do(session, staged.id, RowState.WAITING, limit)
    for row in rows:
        await _write_row(session, staged, kind, row)
    if len(rows) < limit or staged.whole:
        now = session.clock.now()
        await imports.move_to(session, staged, ImportState.DONE, finished_at=now)
        _record(session, "done", staged)


async def _write_row(session: Session, staged: Import, kind: Kind, row: ImportRow) -> None:
    try:
        async with session.begin_nested():
            if row.verdict is Verdict.NEW:
                made = await kind.add(session, row.fields)
            else:
                assert row.object_id is not None
                assert row.object_version is not None
                reason = f"Impor {staged.file_name}"[:200]
                wanted = {key: pair[1] for key, pair in row.changes.items()}
                seen = row.object_version
                version = await kind.change(session, row.object_id, wanted, seen, reason)
                made = (row.object_id, version)
            await session.flush()
    except (DomainError, IntegrityError, DataError) as error:
        why = str(error) if isinstance(error, DomainError) else _REFUSED
        if staged.whole:
            raise RowFailed(row.row_no, why) from error
        row.state = RowState.FAILED
        row.faults = [asdict(Fault("", why))]
        return
    row.object_id, row.object_version = made
    row.state = RowState.WRITTEN


async def _take_back(session: Session, staged: Import) -> None:
    """Put changed fields back, and new objects out of use: nothing is deleted."""
    kind = KINDS[staged.kind]
    await kind.lock(session, staged.id)
    await refuse_if_used(session, staged)
    reason = f"Pembatalan impor {staged.file_name}"[:200]
    for row in await imports.to_do(session, staged.id, RowState.WRITTEN, ROWS_MAX):
        assert row.object_id is not None
        assert row.object_version is not None
        before = {key: pair[0] for key, pair in row.changes.items()}
        wanted = kind.retire if row.verdict is Verdict.NEW else before
        row.object_version = await kind.change(
            session, row.object_id, wanted, row.object_version, reason
        )
        row.state = RowState.UNDONE
    await session.flush()
    await imports.move_to(session, staged, ImportState.UNDONE, finished_at=session.clock.now())
    _record(session, "undone", staged)


def _passes(error: Exception) -> bool:
    """Tell whether the same piece may succeed when it is tried again."""
    if isinstance(error, DBAPIError) and (error.connection_invalidated or may_succeed_again(error)):
        return True
    return isinstance(error, _OUTAGE)


def _maker(job: Import) -> Principal:
    """The person who pressed, with what his role may do."""
    permissions = ROLES[job.acting_role].permissions
    return Principal(job.acting_id, job.acting_name, job.acting_role, None, permissions)


def _record(session: Session, act: str, staged: Import) -> None:
    audit.record(
        session,
        action=f"import.{act}",
        object_type="import",
        object_id=staged.id,
        after=staged.facts(),
    )
