"""Acts on many rows of a list: which rows are meant, what would happen, and how far it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from uuid import UUID

from dashboard.domain.answers.base import Answer, Page
from dashboard.domain.answers.jobs import Job, JobLine, JobLines, Jobs, Preview
from dashboard.domain.forms import identity
from dashboard.domain.listing import Listing
from dashboard.domain.refusals import Refused
from dashboard.store.services import Reader
from shared.errors import NotFound, Unavailable

ROWS_MOST = 5_000
_AT_ONCE = 200
SOURCES = {"invoices": ("invoicing", "/invoices")}


class Row(Answer):
    """A row of any list."""

    id: UUID


async def chosen(
    reader: Reader, listing: Listing, ids: Sequence[str], *, every: bool
) -> list[UUID]:
    """Give the rows that are meant: those that were ticked, or all of the filter.

    Raises:
        Refused: none is, or more than one job takes.
    """
    found = await _all(reader, listing) if every else [identity(text) for text in ids]
    if not found:
        raise Refused("Belum ada baris yang dipilih. Centang baris di daftar, lalu coba lagi.")
    if len(found) > ROWS_MOST:
        raise Refused("Lebih dari 5.000 baris dipilih. Persempit saringannya, lalu coba lagi.")
    return list(dict.fromkeys(found))


async def preview(reader: Reader, act: str, ids: Sequence[UUID]) -> Preview:
    """Ask what would be done and what skipped."""
    body = {"action": act, "invoice_ids": [str(each) for each in ids]}
    return await reader.send("invoicing", "POST", "/bulk-jobs/preview", body, Preview)


async def start(reader: Reader, act: str, ids: Sequence[UUID], reason: str, key: str) -> Job:
    """Ask for it."""
    body = {"action": act, "invoice_ids": [str(each) for each in ids], "reason": reason}
    return await reader.send("invoicing", "POST", "/bulk-jobs", body, Job, key=key)


async def find(reader: Reader, job_id: UUID) -> Job:
    """Read how far it is; only who asked for it sees it."""
    return await reader.get("invoicing", f"/bulk-jobs/{job_id}", Job)


async def lines(reader: Reader, job_id: UUID) -> tuple[JobLine, ...]:
    """Read what was not done, and why."""
    path = f"/bulk-jobs/{job_id}/items"
    found = await reader.get("invoicing", path, JobLines)
    return tuple(line for line in found.items if line.status != "ok")


async def under_way(reader: Reader) -> tuple[Job, ...]:
    """List his jobs that have not ended; a page does without when they cannot be had."""
    try:
        return (await reader.get("invoicing", "/bulk-jobs", Jobs)).items
    except (NotFound, Unavailable):
        return ()


async def act(reader: Reader, job_id: UUID, step: str, key: str) -> Job:
    """Stop it, or try again what failed or was left."""
    return await reader.send("invoicing", "POST", f"/bulk-jobs/{job_id}/{step}", {}, Job, key=key)


def written(lines: Sequence[JobLine]) -> str:
    """Write what was not done as a file that spreadsheets here open right."""
    text = io.StringIO("\ufeff", newline="")
    text.read()
    sheet = csv.writer(text, delimiter=";")
    sheet.writerow(("Tagihan", "Jumlah", "Keadaan", "Sebab"))
    sheet.writerows((line.number, line.amount_idr, line.word, line.why) for line in lines)
    return text.getvalue()


async def _all(reader: Reader, listing: Listing) -> list[UUID]:
    service, path = SOURCES[listing.kind.key]
    found: list[UUID] = []
    cursor = ""
    while len(found) <= ROWS_MOST:
        asked = {**listing.filter, "sort": listing.sort, "cursor": cursor, "limit": _AT_ONCE}
        page = await reader.get(service, path, Page[Row], **asked)
        found += [row.id for row in page.items]
        if not page.next_cursor:
            break
        cursor = page.next_cursor
    return found
