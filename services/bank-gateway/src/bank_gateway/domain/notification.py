"""Whether a bank notification agrees with itself and with what we registered (C4, C6, M8)."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from bni_protocol.fields import BillingType, Notification


class Contradiction(StrEnum):
    """Why a message that decodes is not believed; kept with the quarantined message."""

    FIELD = "field"
    CUMULATIVE = "cumulative_below_payment"
    AMOUNT_ZERO = "amount_zero"
    ACCOUNT = "other_account"
    BILLED = "other_billed_amount"
    TYPE = "amount_not_legal_for_type"
    OVERLAP = "overlaps_another_payment"
    KEY = "same_key_other_content"


@dataclass(frozen=True, slots=True)
class Registered:
    """A billing as we registered it: its account and every amount we ever asked for."""

    virtual_account: str
    billing_type: BillingType
    amounts_idr: Collection[int]


def own_contradiction(notice: Notification) -> Contradiction | None:
    """Find what is wrong without knowing the billing."""
    if notice.payment_amount_idr <= 0:
        return Contradiction.AMOUNT_ZERO
    if notice.cumulative_idr < notice.payment_amount_idr:
        return Contradiction.CUMULATIVE
    return None


def contradiction(notice: Notification, registered: Registered) -> Contradiction | None:
    """Find what disagrees with our record of the billing (C4)."""
    if notice.virtual_account != registered.virtual_account:
        return Contradiction.ACCOUNT
    if notice.trx_amount_idr not in registered.amounts_idr:
        return Contradiction.BILLED
    if not _legal(registered.billing_type, notice):
        return Contradiction.TYPE
    return None


def _legal(kind: BillingType, notice: Notification) -> bool:
    billed, amount, total = (
        notice.trx_amount_idr,
        notice.payment_amount_idr,
        notice.cumulative_idr,
    )
    return {
        BillingType.FIXED: amount == billed == total,
        BillingType.OPEN: billed == 0,
        BillingType.INSTALLMENT: total <= billed,
        BillingType.MINIMUM: amount >= billed and amount == total,
        BillingType.OPEN_MINIMUM: amount >= billed,
        BillingType.OPEN_MAXIMUM: amount <= billed,
    }[kind]
