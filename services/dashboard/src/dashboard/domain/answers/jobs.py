"""Acts on many bills: what would be done, and how far it is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from dashboard.domain.answers.base import Answer

WORDS = {"waiting": "Belum dikerjakan", "skipped": "Dilewati", "failed": "Gagal"}
TITLES = {"cancel": "Batalkan tagihan"}


class JobLine(Answer):
    """One bill that was not done."""

    invoice_id: UUID
    number: str
    amount_idr: int
    status: str
    why: str = ""

    @property
    def word(self) -> str:
        """Its state for a reader."""
        return WORDS.get(self.status, "Lainnya")


class JobLines(Answer):
    """Bills of a job."""

    items: tuple[JobLine, ...] = ()


class Preview(Answer):
    """What would be done, and what skipped."""

    ready: int
    ready_idr: int
    skipped: tuple[JobLine, ...] = ()


class Job(Answer):
    """One job and how far it is."""

    id: UUID
    action: str
    reason: str = ""
    status: str
    total: int
    done: int
    ok: int
    skipped: int
    failed: int
    amounts: dict[str, int] = Field(default_factory=dict)
    asked_at: datetime
    ended_at: datetime | None = None

    @property
    def title(self) -> str:
        """What is done."""
        return TITLES.get(self.action, "Proses")

    @property
    def running(self) -> bool:
        """Tell whether it still moves."""
        return self.ended_at is None

    @property
    def left(self) -> int:
        """How many were neither done nor skipped: failed, or not reached before it was stopped."""
        return self.failed + (self.total - self.done)

    def pace(self, now: datetime) -> float:
        """How many it does in a second."""
        seconds = ((self.ended_at or now) - self.asked_at).total_seconds()
        return self.done / seconds if seconds > 0 else 0.0

    def seconds_left(self, now: datetime) -> int | None:
        """How long it takes still at this pace; None while nothing can be said."""
        pace = self.pace(now)
        return round((self.total - self.done) / pace) if pace and self.running else None


class Jobs(Answer):
    """His jobs that have not ended."""

    items: tuple[Job, ...] = ()
