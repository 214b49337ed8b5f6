"""The life of a virtual account, and the terms under which it is opened."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from bni_protocol.fields import BillingType
from bni_protocol.text import CUSTOMER_NAME_MAX, printable_ascii
from shared.clock import end_of_day
from shared.errors import InvalidTransition

ACCOUNT_DIGITS = 16
NAMELESS = "PELANGGAN"
SHORTEST_LIFE = timedelta(days=7)


class VaMode(StrEnum):
    """Whose virtual account a bill is paid to: its own, its contract's, or the customer's."""

    INVOICE = "invoice"
    CONTRACT = "contract"
    CUSTOMER = "customer"


BILLING_TYPES = {
    VaMode.INVOICE: BillingType.FIXED,
    VaMode.CONTRACT: BillingType.INSTALLMENT,
    VaMode.CUSTOMER: BillingType.OPEN,
}
"""A bill is paid exactly and once; a contract in parts up to its sum; a customer as he likes."""

PAID_ONCE = frozenset({BillingType.FIXED, BillingType.MINIMUM})


class VaStatus(StrEnum):
    """Where a virtual account stands; ``unknown`` = the bank may or may not have it."""

    REQUESTED = "requested"
    UNKNOWN = "unknown"
    ACTIVE = "active"
    PAID = "paid"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    FAILED = "failed"


S = VaStatus
TRANSITIONS: dict[VaStatus, frozenset[VaStatus]] = {
    S.REQUESTED: frozenset({S.ACTIVE, S.FAILED, S.UNKNOWN}),
    S.UNKNOWN: frozenset({S.ACTIVE, S.FAILED}),
    S.ACTIVE: frozenset({S.ACTIVE, S.PAID, S.EXPIRED, S.CANCELLED}),
    S.PAID: frozenset(),
    S.EXPIRED: frozenset(),
    S.CANCELLED: frozenset(),
    S.FAILED: frozenset(),
}
UNCONFIRMED = frozenset({S.REQUESTED, S.UNKNOWN, S.FAILED})
OPEN = frozenset({S.REQUESTED, S.UNKNOWN, S.ACTIVE})
ENDED_UNPAID = frozenset({S.EXPIRED, S.CANCELLED, S.FAILED})


def move(current: VaStatus, target: VaStatus) -> VaStatus:
    """Check a move against the table (S).

    Raises:
        InvalidTransition: the table does not have it.
    """
    if target not in TRANSITIONS[current]:
        raise InvalidTransition(current=current, target=target)
    return target


@dataclass(frozen=True, slots=True)
class Terms:
    """What bills ask of their account: how much, and until when."""

    amount_idr: int
    expires_at: datetime


def bank_name(holder_name: str) -> str:
    """Spell a holder as the bank shows him to a payer."""
    return printable_ascii(holder_name.upper(), CUSTOMER_NAME_MAX) or NAMELESS


def closes_by_itself(kind: BillingType, amount_idr: int, paid_idr: int) -> bool:
    """Tell whether the payments so far make the bank close the billing (protocol, section 5)."""
    if kind in PAID_ONCE:
        return paid_idr > 0
    return kind is BillingType.INSTALLMENT and paid_idr >= amount_idr


def expiry(due_on: date, grace_days: int, now: datetime) -> datetime:
    """Give the last second in which the account may be paid.

    The WIB end of the due day plus the grace; never less than a week from now, because the
    bank refuses an expiry in the past and an overdue bill must stay payable.
    """
    due = end_of_day(due_on + timedelta(days=grace_days))
    return max(due, now.replace(microsecond=0) + SHORTEST_LIFE)


def trx_id(account_id: UUID) -> str:
    """Give our own billing id: at most 30 characters, unique for ever, made before the call."""
    return "L" + _base36(account_id.int)


def account_number(prefix: str, client_id: str, sequence: int) -> str:
    """Fill prefix + client id up to 16 digits with our own sequence.

    Raises:
        ValueError: the sequence no longer fits.
    """
    head = prefix + client_id
    width = ACCOUNT_DIGITS - len(head)
    digits = str(sequence).zfill(width)
    if width < 1 or len(digits) > width:
        raise ValueError(f"no 16-digit account number left under {head}")
    return head + digits


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest] + digits
    return digits or "0"
