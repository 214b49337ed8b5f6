"""Events of the bank-gateway: what the bank says. Aggregates: virtual account, payment, notice."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime

from shared.contracts.customer import VaMode
from shared.events import Event
from shared.money import NonNegativeIdr, PositiveIdr

VaStatus = Literal["requested", "unknown", "active", "paid", "expired", "cancelled", "failed"]
Verification = Literal["unverified", "verified", "disputed"]
Channel = Literal["bni_va", "bank_transfer"]
Source = Literal["callback", "inquiry"]
BillingType = Literal["c", "o", "i", "m", "n", "x"]
NoticeOutcome = Literal["genuine_came", "bank_agrees_with_us"]


class VaState(Event):
    """The full state of one virtual account; ``number`` once the bank has given it.

    It serves the bill ``invoice_id``, or every bill of ``plan_id`` in mode ``contract``, or every
    bill of the customer that has mode ``customer``. ``billing_type`` is the bank's letter;
    ``amount_idr`` is the bank's billed amount: 0 when any amount may be paid, and in mode
    ``contract`` the sum of what was paid to the account and what is open. ``extended_at`` is when
    the bank last agreed to a later end, which ``expires_at`` is then.
    """

    invoice_id: UUID | None
    customer_id: UUID
    trx_id: str
    number: str | None
    holder_name: str
    status: VaStatus
    amount_idr: NonNegativeIdr
    expires_at: AwareDatetime | None
    trouble: str | None = None
    mode: VaMode = "invoice"
    plan_id: UUID | None = None
    billing_type: BillingType = "c"
    extended_at: AwareDatetime | None = None

    @property
    def va_owner_id(self) -> UUID:
        """Say whose bills are paid to it; bills name the same id."""
        return self.invoice_id or self.plan_id or self.customer_id


class VaCreated(VaState):
    """The bank opened the virtual account."""

    TYPE: ClassVar[str] = "va.created"


class VaChanged(VaState):
    """Amount, expiry or status changed (also: the outcome at the bank is not known yet)."""

    TYPE: ClassVar[str] = "va.changed"


class VaClosed(VaState):
    """Paid, expired or cancelled: nobody can pay it any more."""

    TYPE: ClassVar[str] = "va.closed"


class VaFailed(VaState):
    """The bank refused, or did not answer; ``trouble`` says why, in Indonesian."""

    TYPE: ClassVar[str] = "va.failed"


class VaInquired(Event):
    """The bank's own record of one billing, as an inquiry found it.

    ``bank_paid_idr`` is the bank's running total at ``asked_at``; ``known_paid_idr`` what
    notices and inquiries had told the bank-gateway by then. Newest by ``asked_at``.
    """

    TYPE: ClassVar[str] = "va.inquired"

    trx_id: str
    virtual_account: str
    customer_id: UUID
    invoice_id: UUID | None
    billed_idr: NonNegativeIdr
    bank_paid_idr: NonNegativeIdr
    known_paid_idr: NonNegativeIdr
    last_reference: str | None
    last_paid_at: AwareDatetime | None
    state: Literal["active", "inactive"]
    asked_at: AwareDatetime


class PaymentState(Event):
    """One payment as the bank reported it. ``customer_id`` is None when nobody is known (C5).

    ``cumulative_idr`` is the bank's running total of the billing after this payment (M8).
    ``invoice_id`` and ``plan_id`` say what it was paid for, where the account tells. The source
    is ``inquiry`` when no callback told of it, but the bank did when it was asked.
    """

    channel: Channel
    virtual_account: str
    trx_id: str
    invoice_id: UUID | None
    customer_id: UUID | None
    amount_idr: PositiveIdr
    cumulative_idr: PositiveIdr
    bank_reference: str
    payer_name: str
    paid_at: AwareDatetime
    received_at: AwareDatetime
    verification: Verification
    source: Source = "callback"
    plan_id: UUID | None = None


class PaymentReceived(PaymentState):
    """The bank says that money came; unverified until an inquiry confirms it (C11)."""

    TYPE: ClassVar[str] = "payment.received"


class PaymentVerified(PaymentState):
    """An inquiry to the bank confirmed the payment."""

    TYPE: ClassVar[str] = "payment.verified"


class PaymentDisputed(PaymentState):
    """The bank's own record contradicts the callback; the payment is frozen (C11)."""

    TYPE: ClassVar[str] = "payment.disputed"

    trouble: str


class NoticeState(Event):
    """A message of the bank that is not believed (C6), or is about no billing of ours (C5).

    ``amount_idr`` is what it claims, 0 where that cannot be read; ``trouble`` says in Indonesian
    why it is not believed, ``contradiction`` in one word.
    """

    trx_id: str
    virtual_account: str
    customer_id: UUID | None
    invoice_id: UUID | None
    amount_idr: NonNegativeIdr
    contradiction: str
    trouble: str
    first_seen_at: AwareDatetime


class NoticeQuarantined(NoticeState):
    """It is kept, moves no money, and needs a person unless the bank settles it."""

    TYPE: ClassVar[str] = "notice.quarantined"


class NoticeSettled(NoticeState):
    """The genuine message came, or the bank's own record agrees with ours without it."""

    TYPE: ClassVar[str] = "notice.settled"

    outcome: NoticeOutcome
