"""A payment as SNAP BI tells of it, read as a notice of ours (C4, M8; SNAP BI, 5.5)."""

from collections.abc import Collection
from datetime import datetime

from bank_gateway.domain.account import VaStatus
from bank_gateway.domain.notice import Contradiction
from bni_protocol.fields import BillingType

_OVER = frozenset({VaStatus.CANCELLED, VaStatus.FAILED})


def billed_idr(
    kind: BillingType, told_idr: int | None, paid_idr: int, amounts_idr: Collection[int]
) -> int:
    """Say which of the amounts that we registered a payment is for.

    The bank need not tell, and where parts are paid it may tell what was left of it.

    Args:
        told_idr: ``totalAmount``, if there was one.
        amounts_idr: every amount that we ever asked for.
    """
    highest = max(amounts_idr)
    if kind is BillingType.OPEN:
        return 0
    if kind is BillingType.INSTALLMENT:
        return told_idr if told_idr is not None and told_idr > highest else highest
    if told_idr is not None:
        return told_idr
    fitting = [amount for amount in amounts_idr if amount <= paid_idr]
    return max(fitting, default=highest)


def too_late(status: VaStatus, expires_at: datetime, paid_at: datetime) -> Contradiction | None:
    """Find why money can no longer be taken on an account, by when it was paid (S)."""
    if paid_at > expires_at:
        return Contradiction.EXPIRED
    return Contradiction.CLOSED if status in _OVER else None
