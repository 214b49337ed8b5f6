"""Makes files of lists: lease, read, write, keep. Restart-safe: a dead worker's job begins anew."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from typing import BinaryIO

from reporting.domain.exports.job import (
    BIG_AFTER,
    BIG_ROWS,
    GAVE_UP,
    ROWS_MAX,
    TRIES_MAX,
    ExportTooLarge,
    Status,
)
from reporting.domain.exports.lists import LISTS
from reporting.handlers import export_content
from reporting.handlers.export_content import Section
from reporting.models import Export
from reporting.store.exports import jobs
from shared import audit, context, outbox
from shared.contracts.reporting import ExportFinished
from shared.database import Session, Sessions
from shared.errors import DomainError
from shared.principal import Principal
from shared.sheets.writer import TABLES_MAX, WRITERS, Table, Writer

LEASE = timedelta(seconds=60)
CLEAN_EVERY = timedelta(hours=1)
PIECE = 256 * 1024
_EXPIRED_AT_ONCE = 100


class Superseded(Exception):
    """The job is not ours any more: its lease ran out, or it was taken back."""


@dataclass(frozen=True)
class Exporter:
    """One worker on the queue of files."""

    sessions: Sessions
    company: str
    renew_seconds: float = LEASE.total_seconds() / 3

    @property
    def principal(self) -> Principal:
        return Principal.system("reporting")

    async def step(self) -> timedelta | None:
        """Make one file; tell when to come again."""
        async with self.sessions.begin(self.principal) as session:
            job = await jobs.lease(session, LEASE)
            next_at = await jobs.next_due_at(session) if job is None else None
            if job is not None and job.attempts > TRIES_MAX:
                await self._fail(session, job, GAVE_UP)
                return timedelta()
        if job is None:
            return None if next_at is None else next_at - self.sessions.clock.now()
        with context.bound(job.correlation_id):
            await self._make(job)
        return timedelta()

    async def clean_step(self) -> timedelta | None:
        """Delete files whose days are over."""
        async with self.sessions.begin(self.principal) as session:
            deleted = await jobs.delete_expired(session, _EXPIRED_AT_ONCE)
        return timedelta() if deleted == _EXPIRED_AT_ONCE else CLEAN_EVERY

    async def _make(self, job: Export) -> None:
        try:
            with tempfile.TemporaryFile() as file:
                rows = await self._write(job, file)
                await self._keep(job, file, rows)
        except Superseded:
            return
        except DomainError as error:
            async with self.sessions.begin(self.principal) as session:
                await self._fail(session, job, str(error))

    async def _write(self, job: Export, file: BinaryIO) -> int:
        """Write the file as its maker sees the data, in one transaction."""
        async with self.sessions.begin(job.maker) as session:
            about = await export_content.statement(session, job, self.company)
            sections = await export_content.sections(session, job)
            total = sum(section.total for section in sections[:1])
            if total > ROWS_MAX:
                raise ExportTooLarge(rows=f"{ROWS_MAX:,}".replace(",", "."))
            await self._progress(job, 0, total)
            writer = WRITERS[job.format](file, about)
            try:
                counts = [
                    await self._section(job, writer, section, total)
                    for section in sections[: TABLES_MAX[job.format]]
                ]
            finally:  # also of a file that nobody will get, so that nothing of it stays open
                await self._pack(job, writer)
        return counts[0]

    async def _pack(self, job: Export, writer: Writer) -> None:
        """Let the writer finish; packing a very large file takes longer than a lease."""
        packing = asyncio.create_task(asyncio.to_thread(writer.finish))
        try:
            while not (await asyncio.wait({packing}, timeout=self.renew_seconds))[0]:
                await self._renew(job)
        finally:
            await packing

    async def _section(self, job: Export, writer: Writer, section: Section, total: int) -> int:
        writer.begin(Table(section.title, section.columns))
        rows = 0
        async for found in section.rows:
            await asyncio.to_thread(writer.add, found)
            rows += len(found)
            await self._progress(job, min(rows, total), total)
        return rows

    async def _progress(self, job: Export, done: int, total: int) -> None:
        """Show how far it is, and keep the lease."""
        await self._renew(job, rows_done=done, rows_total=total)

    async def _renew(self, job: Export, **news: object) -> None:
        async with self.sessions.begin(self.principal) as session:
            until = session.clock.now() + LEASE
            kept = await jobs.still_mine(session, job, leased_until=until, **news)
        if not kept:
            raise Superseded

    async def _keep(self, job: Export, file: BinaryIO, rows: int) -> None:
        """Store the file and finish the job, or nothing of both."""
        async with self.sessions.begin(self.principal) as session:
            await jobs.drop_pieces(session, job.id)
            sha256, size = await _store(session, job, file)
            now = session.clock.now()
            kept = await jobs.still_mine(
                session,
                job,
                status=Status.DONE,
                leased_until=None,
                rows_done=rows,
                rows_total=rows,
                size_bytes=size,
                sha256=sha256,
                finished_at=now,
            )
            if not kept:
                raise Superseded
            facts = {"rows": rows, "size_bytes": size, "sha256": sha256}
            _audit(session, job, "export.finished", facts)
            if rows > BIG_ROWS or now - job.created_at > BIG_AFTER:
                _announce(session, job, rows, None)

    async def _fail(self, session: Session, job: Export, trouble: str) -> None:
        kept = await jobs.still_mine(
            session,
            job,
            status=Status.FAILED,
            leased_until=None,
            trouble=trouble,
            finished_at=session.clock.now(),
        )
        if kept:
            _audit(session, job, "export.failed", {"trouble": trouble})
            _announce(session, job, 0, trouble)


async def _store(session: Session, job: Export, file: BinaryIO) -> tuple[str, int]:
    """Store the file in pieces; give its hash and its length."""
    sha256, size, no = hashlib.sha256(), 0, 0
    file.seek(0)
    while piece := file.read(PIECE):
        await jobs.keep_piece(session, job.id, no, piece)
        sha256.update(piece)
        size, no = size + len(piece), no + 1
    return sha256.hexdigest(), size


def _announce(session: Session, job: Export, rows: int, trouble: str | None) -> None:
    """Tell the bell: its maker has left the page by now."""
    event = ExportFinished.of(
        job.attempts,
        session.clock.now(),
        job.id,
        maker_id=job.maker_id,
        title=LISTS[job.list_name].title,
        file_name=job.file_name,
        rows=rows,
        trouble=trouble,
    )
    outbox.publish(session, event)


def _audit(session: Session, job: Export, action: str, facts: dict[str, object]) -> None:
    audit.record(session, action=action, object_type="export", object_id=job.id, after=facts)
