"""What people decided about exceptions, and what they said of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field

from reconciliation.domain.resolution import Action, ResolutionState
from reconciliation.models.base import ReconciliationTable
from shared.ids import new_id
from shared.money import Rupiah
from shared.tables import instant


class Resolution(ReconciliationTable, table=True):
    """One decision; only its state moves, and what it says of money never changes (M3).

    ``customer_id`` is whose money it becomes, or whose it was before it left. With
    ``attributes`` the payment had no owner and gets this one: triggers keep the payment's
    ``customer_id`` and ``disposed_idr`` in step with the state.
    """

    __tablename__ = "resolutions"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    exception_id: UUID
    action: str
    state: str
    payment_id: UUID | None = None
    customer_id: UUID | None = None
    attributes: bool = False
    amount_idr: int = Field(sa_type=BigInteger)
    reason: str
    proposed_by_id: UUID
    proposed_by: str
    proposed_at: datetime = instant()
    decided_by_id: UUID | None = None
    decided_by: str | None = None
    decided_at: datetime | None = instant(default=None)
    decision: str | None = None
    undone_by: str | None = None
    undone_at: datetime | None = instant(default=None)
    undo_reason: str | None = None

    @property
    def act(self) -> Action:
        return Action(self.action)

    @property
    def amount(self) -> Rupiah:
        return Rupiah(self.amount_idr)

    @property
    def is_proposed(self) -> bool:
        return self.state == ResolutionState.PROPOSED


class ExceptionNote(ReconciliationTable, table=True):
    """A question or an answer about an exception; insert-only."""

    __tablename__ = "exception_notes"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    exception_id: UUID
    author_id: UUID
    author_name: str
    written_at: datetime = instant()
    text: str
