"""Handovers of many customers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dashboard.domain.answers.base import Answer, Named
from dashboard.domain.answers.requests import Requested


class Part(Answer):
    """How many customers come from whom."""

    previous: Named
    customers: int


class Progress(Answer):
    """How far it is."""

    total: int
    waiting: int = 0
    moved: int = 0
    skipped: int = 0
    returned: int = 0


class Handover(Answer):
    """A handover as it stands."""

    id: UUID
    state: str
    marketing: Named
    reason: str
    parts: tuple[Part, ...] = ()
    progress: Progress
    made_by: Named
    made_at: datetime
    finished_at: datetime | None = None
    undone_at: datetime | None = None
    undo_until: datetime | None = None


class Row(Answer):
    """One customer of a handover."""

    customer: Requested
    previous: Named
    draft_bookings: int = 0
    state: str
    note: str | None = None
