"""What the bank's answer to an inquiry means for a payment we were told of (C11)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bank_gateway.domain.account import PAID_ONCE
from bni_protocol.fields import BillingState, BillingType

DISPUTE_AFTER_ANSWERS = 4


class Verdict(StrEnum):
    """The outcome of one question."""

    VERIFIED = "verified"
    DISPUTED = "disputed"
    ASK_AGAIN = "ask_again"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a notification claimed; the type is None for a billing we never registered.

    ``signed``: the message itself was proved to be the bank's, so the money is what is left to
    compare; it need not name the number and the time that another service of the bank tells.
    """

    virtual_account: str
    cumulative_idr: int
    billing_type: BillingType | None
    payment_ntb: str
    paid_at: datetime
    signed: bool = False


def judge(claim: Claim, state: BillingState | None, answers: int) -> Verdict:
    """Compare a claim with the bank's own record; None means the bank knows no such billing.

    A total below the claim may be the bank's lag, so it is asked again; after the fourth
    answer (about 15 minutes) it is a contradiction. Another account, or another payment of a
    billing that is paid once, cannot be lag.

    Args:
        answers: how many times the bank has answered about this payment, this time included.
    """
    if state is not None and state.virtual_account != claim.virtual_account:
        return Verdict.DISPUTED
    if state is not None and confirms(claim, state):
        return Verdict.VERIFIED
    if state is not None and state.paid_idr and claim.billing_type in PAID_ONCE:
        return Verdict.DISPUTED
    return Verdict.DISPUTED if answers >= DISPUTE_AFTER_ANSWERS else Verdict.ASK_AGAIN


def confirms(claim: Claim, state: BillingState) -> bool:
    """Tell whether the bank's record proves a claim, whichever payment it was asked about.

    Of many payments the bank tells the total and the last one only. What lies below its total has
    arrived (M8); a claim to be the last one must be that one, and so must one of its number and
    moment: below the total it is that payment damaged, and would keep its place from the true one.
    """
    if state.virtual_account != claim.virtual_account:
        return False
    is_last = (state.payment_ntb, state.paid_at) == (claim.payment_ntb, claim.paid_at)
    if claim.billing_type not in PAID_ONCE and state.paid_idr > claim.cumulative_idr:
        return claim.signed or not is_last
    if claim.signed:
        return state.paid_idr == claim.cumulative_idr
    return is_last and state.paid_idr == claim.cumulative_idr
