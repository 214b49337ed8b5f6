"""Change requests."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from dashboard.domain.answers.base import Answer, Named


class Subject(Answer):
    """What a request speaks of."""

    kind: str
    id: UUID
    number: str


class Requested(Named):
    """The customer whose matter it is."""

    number: str = ""


class ChangeRequest(Answer):
    """One request; ``before`` and ``after`` once it is carried out."""

    id: UUID
    status: str
    customer: Requested
    about: Subject
    changes: dict[str, Any] = Field(default_factory=dict)
    reason: str
    asked_by: Named
    asked_at: datetime
    decided_by: Named | None = None
    decided_at: datetime | None = None
    words: str | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
