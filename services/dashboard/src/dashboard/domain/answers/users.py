"""What the gateway says about those who may sign in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dashboard.domain.answers.base import Answer


class User(Answer):
    """A user as Admin sees him; ``link_until`` is until when a link of his is good."""

    id: UUID
    username: str
    name: str
    role: str
    phone: str | None = None
    disabled: bool = False
    version: int = 1
    created_at: datetime | None = None
    has_password: bool = True
    signed_in_at: datetime | None = None
    sessions: int = 0
    second_factor: bool = False
    link_until: datetime | None = None


class PasswordLink(Answer):
    """A link by which somebody sets his password; told once."""

    path: str
    purpose: str
    expires_at: datetime


class LinkOwner(Answer):
    """Whose link it is."""

    username: str
    name: str
    purpose: str
    expires_at: datetime
