"""The life of a billing: active -> settled | expired | inactive, and what may be paid."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from bni_protocol import moments
from bni_protocol.fields import BillingType
from bni_sandbox.domain.refusal import Refused

ACCOUNT_DIGITS = 16
STEMS_TRIED = 1000
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class BillingStatus(StrEnum):
    """Where a billing stands at the bank."""

    ACTIVE = "active"
    SETTLED = "settled"
    EXPIRED = "expired"
    INACTIVE = "inactive"


T = BillingType
ONCE = frozenset({T.FIXED, T.MINIMUM})


def check_payment(kind: BillingType, billed_idr: int, paid_idr: int, amount_idr: int) -> None:
    """Refuse an amount that the paying channel would not pass (protocol, section 5).

    Raises:
        Refused: with 011, the nearest of the bank's words for a wrong amount.
    """
    rest_idr = billed_idr - paid_idr
    allowed = {
        T.FIXED: amount_idr == billed_idr,
        T.OPEN: True,
        T.INSTALLMENT: amount_idr <= rest_idr,
        T.MINIMUM: amount_idr >= billed_idr,
        T.OPEN_MINIMUM: amount_idr >= billed_idr,
        T.OPEN_MAXIMUM: amount_idr <= billed_idr,
    }[kind]
    if amount_idr <= 0 or not allowed:
        raise Refused("011")


def is_settled(kind: BillingType, billed_idr: int, paid_idr: int) -> bool:
    """Tell whether the payments so far close the account."""
    if kind in ONCE:
        return paid_idr > 0
    return kind is T.INSTALLMENT and paid_idr >= billed_idr


_WITHOUT_SUM = frozenset({T.OPEN, T.OPEN_MINIMUM, T.OPEN_MAXIMUM})


def check_open(status: BillingStatus) -> None:
    """Refuse a change or a payment of a billing that is over."""
    if status is BillingStatus.SETTLED:
        raise Refused("100")
    if status is not BillingStatus.ACTIVE:
        raise Refused("103")


def check_change(
    kind: BillingType, status: BillingStatus, paid_idr: int, amount_idr: int
) -> BillingStatus:
    """Decide an update (protocol, section 4.2) and give the status after it.

    A paid-up installment billing that is raised is payable again. What has no sum to be paid up to
    has none to sink below: such a billing can be given another name or end however much was paid.
    """
    reopens = kind is T.INSTALLMENT and status is BillingStatus.SETTLED and amount_idr > paid_idr
    if not reopens:
        check_open(status)
    if amount_idr < paid_idr and kind not in _WITHOUT_SUM:
        raise Refused("107")
    if (kind is T.OPEN) != (amount_idr == 0):
        raise Refused("011")
    settled = is_settled(kind, amount_idr, paid_idr)
    return BillingStatus.SETTLED if settled else BillingStatus.ACTIVE


def check_account(number: str, prefix: str, client_id: str) -> None:
    """Refuse a number that is not 16 digits under our prefix and client id."""
    whole = len(number) == ACCOUNT_DIGITS and number.isascii() and number.isdigit()
    if not whole or not number.startswith(prefix + client_id):
        raise Refused("006")


def account_stems(prefix: str, client_id: str, now: datetime) -> Iterator[str]:
    """Give the first 14 digits of the bank's own numbers: this minute or day, then the next.

    Twelve free digits hold the WIB time to the minute, fewer only the day.
    """
    head = prefix + client_id
    by_minute = ACCOUNT_DIGITS - len(head) >= 12
    spelling, step = ("%y%m%d%H%M", MINUTE) if by_minute else ("%y%m%d", DAY)
    local = now.astimezone(moments.WIB)
    for ahead in range(STEMS_TRIED):
        stem = head + (local + ahead * step).strftime(spelling)
        yield stem.ljust(ACCOUNT_DIGITS - 2, "0")[: ACCOUNT_DIGITS - 2]
