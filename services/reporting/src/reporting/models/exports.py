"""Files made of lists: the job, and the file in pieces until it expires."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from reporting.domain.exports.job import Status
from reporting.models.base import Table, big
from shared.ids import new_id
from shared.principal import Principal
from shared.tables import instant


class Export(Table, table=True):
    """One file that somebody asked for.

    Attributes:
        marketing_id: whose customers the file may hold; None when its maker sees everybody.
        attempts: how often a worker took it; the number of the present one is its token (K3).
        leased_until: until when the present worker has it; afterwards another may begin anew.
    """

    __tablename__ = "exports"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    maker_id: UUID
    maker_name: str
    maker_role: str
    marketing_id: UUID | None = None
    list_name: str
    format: str
    filters: dict[str, Any] = Field(sa_type=JSONB)
    columns: list[str] = Field(sa_type=JSONB)
    file_name: str
    status: str = Status.QUEUED
    rows_done: int = big(default=0)
    rows_total: int | None = big(default=None)
    size_bytes: int | None = big(default=None)
    sha256: str | None = None
    trouble: str | None = None
    attempts: int = 0
    leased_until: datetime | None = instant(default=None)
    correlation_id: str
    created_at: datetime = instant()
    started_at: datetime | None = instant(default=None)
    finished_at: datetime | None = instant(default=None)
    expires_at: datetime = instant()

    @property
    def maker(self) -> Principal:
        """Act as the one who asked, in the scope he had; his rights were checked then."""
        return Principal(self.maker_id, self.maker_name, self.maker_role, self.marketing_id)


class ExportPiece(Table, table=True):
    """One piece of a finished file, so that nobody ever holds the whole of it."""

    __tablename__ = "export_pieces"

    export_id: UUID = Field(primary_key=True)
    no: int = Field(primary_key=True)
    body: bytes
