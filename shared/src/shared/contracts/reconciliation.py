"""Events of reconciliation: which money paid what. Aggregates: payment, exception, bank line."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contracts.bank_gateway import Channel, Verification
from shared.events import Event
from shared.money import NonNegativeIdr, PositiveIdr


class AllocationPart(BaseModel):
    """What one invoice got of one payment."""

    model_config = ConfigDict(frozen=True)

    allocation_id: UUID
    invoice_id: UUID
    invoice_number: str
    amount_idr: PositiveIdr
    reversed: bool = False


class DisposalPart(BaseModel):
    """Money of one payment that left: returned to the payer, or written off.

    ``disposed_at`` is when a second person agreed; ``undone`` ones count no more.
    """

    model_config = ConfigDict(frozen=True)

    resolution_id: UUID
    action: Literal["return", "write_off"]
    amount_idr: PositiveIdr
    disposed_at: AwareDatetime
    undone: bool = False


class PostedState(Event):
    """The full state of one payment: allocated + disposed + unallocated = amount (M5).

    ``unallocated_idr`` is customer credit (titipan), or suspense while ``customer_id`` is None;
    ``disposed_idr`` was returned to the payer or written off, as ``disposals`` tell in parts.
    A payment that is split over several customers counts no more: it is ``reversed``, and each
    customer's part is a payment that names it in ``part_of``. Undone, it is ``posted`` again.
    """

    channel: Channel
    virtual_account: str | None
    bank_reference: str
    payer_name: str = ""
    customer_id: UUID | None
    amount_idr: PositiveIdr
    paid_at: AwareDatetime
    received_at: AwareDatetime
    status: Literal["posted", "allocated", "reversed"]
    verification: Verification
    allocations: list[AllocationPart]
    unallocated_idr: NonNegativeIdr
    disposed_idr: NonNegativeIdr = 0
    disposals: list[DisposalPart] = Field(default_factory=list)
    part_of: UUID | None = None


class PaymentPosted(PostedState):
    """The payment is in the ledger, or its state there changed (also: verification)."""

    TYPE: ClassVar[str] = "payment.posted"


class PaymentReconciled(PostedState):
    """The payment's live allocations changed; each invoice's paid follows from them."""

    TYPE: ClassVar[str] = "payment.reconciled"


class PaymentReversed(PostedState):
    """The payment was taken back by a reversing entry, or split; its allocations are reversed."""

    TYPE: ClassVar[str] = "payment.reversed"

    reason: str


ExceptionKind = Literal[
    "unknown_payer",
    "overpaid",
    "underpaid",
    "late",
    "duplicate",
    "missing_here",
    "missing_at_bank",
    "amount_differs",
    "disputed",
    "quarantined",
    "balance_differs",
]


class ExceptionState(Event):
    """Money or a message that nobody can explain yet: of a payment, a bank line or a notice."""

    kind: ExceptionKind
    payment_id: UUID | None
    bank_line_id: UUID | None = None
    notice_id: UUID | None = None
    customer_id: UUID | None
    owner_id: UUID | None = None
    amount_idr: NonNegativeIdr
    evidence: str


class ExceptionOpened(ExceptionState):
    """Something needs a person."""

    TYPE: ClassVar[str] = "exception.opened"


class ExceptionAsked(ExceptionState):
    """A Marketing, its owner from now on, is asked about it."""

    TYPE: ClassVar[str] = "exception.asked"

    owner_id: UUID
    question: str
    asked_by: str


class ExceptionClosed(ExceptionState):
    """It is explained."""

    TYPE: ClassVar[str] = "exception.closed"

    outcome: str


class LineUnvouched(Event):
    """A statement shows money at a virtual account of ours of which the bank did not tell so.

    Whoever talks to the bank asks it about the account (R3): its total says what the line is.
    """

    TYPE: ClassVar[str] = "bank_line.unvouched"

    virtual_account: str
    amount_idr: PositiveIdr
    day: date
