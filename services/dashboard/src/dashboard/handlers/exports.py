"""Files of lists: asked for with the filter of the page, looked at until they are done."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from dashboard.domain.answers.exports import ExportJob
from dashboard.store.services import Reader

_OURS = {"csrf_token", "idempotency_key"}


async def request_export(reader: Reader, values: Mapping[str, str]) -> ExportJob:
    """Ask for a file; an empty filter is none.

    Raises:
        Refused: enough files of this person are under way.
    """
    body = {name: value for name, value in values.items() if value and name not in _OURS}
    return await reader.send("reporting", "POST", "/exports", body, ExportJob)


async def find_job(reader: Reader, job_id: UUID) -> ExportJob:
    """Read how far a file is; only its maker sees it."""
    return await reader.get("reporting", f"/jobs/{job_id}", ExportJob)
