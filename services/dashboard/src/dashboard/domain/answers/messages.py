"""Messages, their words and their rules."""

from __future__ import annotations

from datetime import datetime

from dashboard.domain.answers.base import Answer


class Variable(Answer):
    """What may stand in braces."""

    name: str
    meaning: str
    required: bool = False


class Words(Answer):
    """One version of the words for a purpose; version 0 is built in."""

    purpose: str
    language: str
    version: int
    body: str
    whatsapp_name: str | None = None
    restores: int | None = None
    changed_by: str | None = None
    changed_at: datetime | None = None


class Template(Words):
    """The words in use, their variables, and every version, the newest first."""

    variables: tuple[Variable, ...] = ()
    history: tuple[Words, ...] = ()


class Preview(Answer):
    """Words filled with real data."""

    text: str
