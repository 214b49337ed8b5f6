"""What the bank-gateway knows: accounts, what was said with the bank, how the link is doing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dashboard.domain.answers.base import Answer, Named, Page


class Bill(Answer):
    """The bill that an account is for."""

    id: UUID
    number: str


class AtTheBank(Answer):
    """What the bank said when it was asked last."""

    status: str
    paid_idr: int | None = None
    asked_at: datetime


class Account(Answer):
    """One virtual account."""

    id: UUID
    number: str | None
    status: str
    amount_idr: int
    expires_at: datetime
    extended_at: datetime | None = None
    trouble: str | None = None
    holder_name: str
    mode: str = "invoice"
    invoice: Bill | None = None
    customer: Named
    bank: AtTheBank | None = None
    created_at: datetime


class Facts(Answer):
    """The business fields that a message held."""

    billed_idr: int | None = None
    paid_idr: int | None = None
    total_paid_idr: int | None = None
    expires_at: datetime | None = None
    active: bool | None = None
    reference: str | None = None
    paid_at: datetime | None = None
    bank_trx_id: str | None = None


class Exchange(Answer):
    """One message to or from the bank; ``meaning`` is what its code says."""

    id: UUID
    at: datetime
    direction: str
    operation: str
    status: str
    answer: str
    meaning: str
    milliseconds: int | None = None
    facts: Facts = Facts()


class Work(Answer):
    """What is still to be done; without ``due_at`` only a person can help."""

    kind: str
    call: str
    due_at: datetime | None = None
    failures: int = 0


class Conversation(Page[Exchange]):
    """Messages, newest first, with what is still to be done."""

    work: tuple[Work, ...] = ()


class Breaker(Answer):
    """Whether calls to the bank are held back."""

    open: bool
    failures: int
    next_try_at: datetime | None = None


class Pause(Answer):
    """An operation that rests."""

    call: str
    until: datetime


class Turns(Answer):
    """Accounts about which the bank was asked as often as is allowed for now."""

    accounts: int = 0
    until: datetime | None = None


class Calls(Answer):
    """Calls of 24 hours with one status."""

    operation: str
    status: str
    answer: str
    meaning: str
    count: int
    last_at: datetime


class Callbacks(Answer):
    """What the bank told us in 24 hours."""

    accepted: int
    quarantined: int
    last_at: datetime | None = None
    refused_unread: int = 0


class Unverified(Answer):
    """Money that waits for the bank's confirmation."""

    count: int
    amount_idr: int
    oldest_at: datetime | None = None


class Queue(Answer):
    """Work for the bank."""

    due: int
    later: int
    given_up: int
    oldest_due_at: datetime | None = None


class Link(Answer):
    """The link to the bank at one moment."""

    protocol: str
    at: datetime
    breaker: Breaker
    pauses: tuple[Pause, ...] = ()
    turns: Turns = Turns()
    last_answer_at: datetime | None = None
    last_failure_at: datetime | None = None
    calls: tuple[Calls, ...] = ()
    callbacks: Callbacks
    quarantined_open: int
    unverified: Unverified
    queue: Queue
