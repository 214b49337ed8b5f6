"""The audit log, and whether it is whole."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from dashboard.domain.answers.base import Answer, Page


class AuditRow(Answer):
    """Who did what to which object; ``source`` is how a person came in."""

    id: UUID
    at: datetime
    actor_id: UUID
    actor_name: str
    actor_role: str
    action: str
    object_type: str
    object_id: UUID
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    reason: str | None = None
    source: str | None = None
    service: str = ""


class AuditPage(Page[AuditRow]):
    """One page; ``unavailable`` names services that could not be asked."""

    unavailable: tuple[str, ...] = ()


class Chain(Answer):
    """How one service's chain was last found."""

    service: str
    checked_at: datetime | None = None
    seals: int = 0
    broken_no: int | None = None
    unsealed: int = 0


class Chains(Answer):
    """The chains of all services."""

    items: tuple[Chain, ...] = ()
    unavailable: tuple[str, ...] = ()
