"""What needs a person: exceptions, decisions about them, and who may own the money."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from dashboard.domain.answers.base import Answer, Page
from dashboard.domain.answers.payments import Payment, PaymentCustomer


class Resolution(Answer):
    """One decision; it is proposed, done, refused or undone."""

    action: str
    state: str
    amount_idr: int = 0
    reason: str = ""
    proposed_by_id: UUID
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision: str | None = None
    undone_by: str | None = None
    undone_at: datetime | None = None
    undo_reason: str | None = None


class Matter(Answer):
    """Something that needs a person; ``actions`` are its ways out now.

    ``proposals`` are those of them that a second person has to agree to.
    """

    id: UUID
    kind: str
    customer: PaymentCustomer | None = None
    payer_name: str = ""
    amount_idr: int = 0
    evidence: str = ""
    supports: tuple[str, ...] = ()
    contradicts: tuple[str, ...] = ()
    facts: Mapping[str, Any] = Field(default_factory=dict)
    owner_id: UUID | None = None
    owner_name: str | None = None
    opened_at: datetime
    closed_at: datetime | None = None
    outcome: str | None = None
    actions: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()
    resolution: Resolution | None = None
    version: int = 1

    @property
    def said(self) -> str:
        """What the bank printed beside money of nobody known."""
        return str(self.facts.get("text", ""))

    @property
    def is_proposed(self) -> bool:
        """A second person has to agree."""
        return self.resolution is not None and self.resolution.state == "proposed"


class Note(Answer):
    """What somebody asked or answered."""

    author_name: str
    written_at: datetime
    text: str


class Detail(Matter):
    """An exception with its money, its history and what was said."""

    payment: Payment | None = None
    resolutions: tuple[Resolution, ...] = ()
    notes: tuple[Note, ...] = ()


class SuggestedBill(Answer):
    """What a bill would get of the money."""

    invoice_id: UUID
    number: str
    due_on: date
    outstanding_idr: int
    amount_idr: int


class Suggestion(Answer):
    """A customer whose money it may be; ``leads`` when nobody else is nearly as likely."""

    customer: PaymentCustomer
    score: int
    strength: str
    leads: bool = False
    supports: tuple[str, ...] = ()
    contradicts: tuple[str, ...] = ()
    bills: tuple[SuggestedBill, ...] = ()
    credit_idr: int = 0


class Suggestions(Answer):
    """Who is likely, the likeliest first."""

    items: tuple[Suggestion, ...] = ()


class Ages(Answer):
    """How many wait, by age."""

    new: int = 0
    week: int = 0
    old: int = 0


class ExceptionPage(Page[Matter]):
    """A page of exceptions with the figures of the inbox."""

    sum_idr: int = 0
    ages: Ages = Field(default_factory=Ages)
    unknown_idr: int | None = None
    suspense_idr: int | None = None
