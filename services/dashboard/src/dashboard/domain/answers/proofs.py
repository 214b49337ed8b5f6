"""What reporting answers to a stranger who holds a paper."""

from __future__ import annotations

from datetime import date

from dashboard.domain.answers.base import Answer


class Verification(Answer):
    """Whether a number and its code are ours, and then what they prove."""

    genuine: bool
    kind: str | None = None
    number: str | None = None
    name: str | None = None
    dated_on: date | None = None
    amount_idr: int | None = None
    state: str | None = None
    revision: int | None = None
    newest_revision: int | None = None
