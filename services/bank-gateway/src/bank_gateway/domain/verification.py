"""What the bank's answer to an inquiry means for a payment we were told of (C11)."""

from dataclasses import dataclass
from enum import StrEnum

from bni_protocol.fields import BillingState, BillingType

DISPUTE_AFTER_QUESTIONS = 4


class Verdict(StrEnum):
    """The outcome of one question."""

    VERIFIED = "verified"
    DISPUTED = "disputed"
    ASK_AGAIN = "ask_again"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a notification claimed: an account, and a running total after the payment."""

    virtual_account: str
    cumulative_idr: int
    billing_type: BillingType | None


def judge(claim: Claim, state: BillingState | None, questions: int) -> Verdict:
    """Compare a claim with the bank's own record; None means the bank knows no such billing.

    A total below the claim may be the bank's lag, so it is asked again; after the fourth
    question (about 15 minutes) it is a contradiction. Another account, or another total of a
    billing that is paid once, cannot be lag.

    Args:
        questions: how many times the bank has answered about this payment, this time included.
    """
    if state is not None and state.virtual_account != claim.virtual_account:
        return Verdict.DISPUTED
    if state is not None and _confirms(claim, state):
        return Verdict.VERIFIED
    if state is not None and state.paid_idr and claim.billing_type is BillingType.FIXED:
        return Verdict.DISPUTED
    return Verdict.DISPUTED if questions >= DISPUTE_AFTER_QUESTIONS else Verdict.ASK_AGAIN


def _confirms(claim: Claim, state: BillingState) -> bool:
    if claim.billing_type is BillingType.FIXED:
        return state.paid_idr == claim.cumulative_idr
    return state.paid_idr >= claim.cumulative_idr
