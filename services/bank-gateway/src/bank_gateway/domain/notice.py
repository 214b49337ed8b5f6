"""What the bank tells of a payment, and whether it agrees with itself and with us (C4, C6, M8)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from bni_protocol.fields import BillingType


class Contradiction(StrEnum):
    """Why a message that decodes is not believed; kept with the quarantined message."""

    FIELD = "field"
    CUMULATIVE = "cumulative_below_payment"
    AMOUNT_ZERO = "amount_zero"
    ACCOUNT = "other_account"
    BILLING = "other_billing"
    BILLED = "other_billed_amount"
    TYPE = "amount_not_legal_for_type"
    OVERLAP = "overlaps_another_payment"
    KEY = "same_key_other_content"
    EXPIRED = "paid_after_expiry"
    CLOSED = "account_closed"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a message came from."""

    client_id: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One payment as the bank tells of it, whatever protocol the message came by.

    Attributes:
        billed_idr: what the billing asks for; not necessarily what was paid.
        amount_idr: what was paid this time.
        cumulative_idr: the billing's running total after it; None where the message does not say.
        payment_ntb: the bank's journal number.
        request_id: what the bank calls this payment in every message about it; only messages
            that it signed have one.
    """

    origin: Origin
    trx_id: str
    virtual_account: str
    payer_name: str
    billed_idr: int
    amount_idr: int
    cumulative_idr: int | None
    payment_ntb: str
    paid_at: datetime
    request_id: str | None = None

    @property
    def total_idr(self) -> int:
        """Give the running total; a payment whose total nobody told counts as the first one."""
        return self.amount_idr if self.cumulative_idr is None else self.cumulative_idr


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A billing as we registered it: its account, every amount we ever asked for, whose it is."""

    account_id: UUID
    virtual_account: str
    billing_type: BillingType
    amounts_idr: Collection[int]
    holder_name: str
    customer_id: UUID
    invoice_id: UUID | None
    plan_id: UUID | None


def contradiction(notice: Notice, registered: Registered | None) -> Contradiction | None:
    """Find why a notice is not believed; of an unknown billing only it itself can tell (C5)."""
    if notice.amount_idr <= 0:
        return Contradiction.AMOUNT_ZERO
    if notice.total_idr < notice.amount_idr:
        return Contradiction.CUMULATIVE
    return None if registered is None else _disagreement(notice, registered)


def _disagreement(notice: Notice, registered: Registered) -> Contradiction | None:
    """Find what disagrees with our record of the billing (C4)."""
    if notice.virtual_account != registered.virtual_account:
        return Contradiction.ACCOUNT
    if notice.billed_idr not in registered.amounts_idr:
        return Contradiction.BILLED
    if not _legal(registered.billing_type, notice):
        return Contradiction.TYPE
    return None


def same_payer(payer_name: str, registered: Registered) -> bool:
    """Tell whether the account is in the payer's name; another one is a warning only (C4)."""
    return payer_name.casefold() == registered.holder_name.casefold()


def _legal(kind: BillingType, notice: Notice) -> bool:
    billed, amount, total = notice.billed_idr, notice.amount_idr, notice.total_idr
    return {
        BillingType.FIXED: amount == billed == total,
        BillingType.OPEN: billed == 0,
        BillingType.INSTALLMENT: total <= billed,
        BillingType.MINIMUM: amount >= billed and amount == total,
        BillingType.OPEN_MINIMUM: amount >= billed,
        BillingType.OPEN_MAXIMUM: amount <= billed,
    }[kind]
