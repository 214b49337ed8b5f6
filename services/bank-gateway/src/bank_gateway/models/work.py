"""What there is to do at the bank, and the messages exchanged with it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from bank_gateway.models.base import BankTable
from shared.ids import new_id
from shared.tables import instant


class Exchange(BankTable, table=True):
    """A message to or from the bank, sealed (C9); deleted after 30 days.

    ``facts`` are its business fields; ``milliseconds`` is how long the bank took, where we asked.
    """

    __tablename__ = "exchanges"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    at: datetime = instant()
    operation: str
    trx_id: str
    status: str
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    milliseconds: int | None = None
    sealed_sent: bytes
    sealed_received: bytes


class WorkKind(StrEnum):
    """What there is to do at the bank."""

    OPEN = "open"
    UPDATE = "update"
    DEACTIVATE = "deactivate"
    VERIFY = "verify"
    WATCH = "watch"


class Call(StrEnum):
    """The bank's operation that a piece of work needs next."""

    CREATE = "create"
    UPDATE = "update"
    DEACTIVATE = "deactivate"
    INQUIRE = "inquire"


class Work(BankTable, table=True):
    """One piece of work for the bank; at most one of a kind per subject (K3).

    Attributes:
        subject_id: the payment for ``verify``, else the virtual account.
        due_at: None once only a person can help.
        failures: calls in a row that got no usable answer.
        answers: how often the bank has answered a question about the matter.
        numbers_tried: how many account numbers it said were in use.
    """

    __tablename__ = "work"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: str
    subject_id: UUID
    call: str
    due_at: datetime | None = instant()
    leased_until: datetime | None = instant(default=None)
    failures: int = 0
    answers: int = 0
    numbers_tried: int = 0
    correlation_id: str
    created_at: datetime = instant()
