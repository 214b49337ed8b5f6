"""What is kept of a message beside its sealed body: the business fields, never a name (C9)."""

from collections.abc import Mapping
from datetime import datetime

from bni_protocol.fields import Billing, BillingState
from snap_protocol.merchant import Bill
from snap_protocol.messages import PaymentRequest

Facts = dict[str, object]
"""``billed_idr``, ``paid_idr`` (of one payment), ``total_paid_idr``, ``expires_at``, ``active``,
``reference``, ``paid_at``, ``bank_trx_id`` (where the bank calls it otherwise than we do): those
that the message held, ready for JSON."""

CALLBACK, SNAP_PAYMENT, SNAP_INQUIRY = "callback", "snap-payment", "snap-inquiry"
RECEIVED = frozenset({CALLBACK, SNAP_PAYMENT})
"""The bank tells of a payment."""
FROM_THE_BANK = RECEIVED | {SNAP_INQUIRY}
"""Operations of the bank's; all others are ours."""

_MEMBERS = {
    "billed_idr": "trx_amount",
    "paid_idr": "payment_amount",
    "total_paid_idr": "cumulative_payment_amount",
}
_DIGITS_MAX = 14


def of_call(billing: Billing | None, state: BillingState | None) -> Facts:
    """Keep what we asked for, or what the bank said of its own record."""
    if state is not None:
        return _without_none(
            billed_idr=state.trx_amount_idr,
            total_paid_idr=state.paid_idr,
            expires_at=_iso(state.expires_at),
            active=state.active,
            reference=state.payment_ntb,
            paid_at=_iso(state.paid_at),
        )
    if billing is None:
        return {}
    return {"billed_idr": billing.trx_amount_idr, "expires_at": billing.expires_at.isoformat()}


def of_callback(members: Mapping[str, object]) -> Facts:
    """Keep the amounts and the journal number of a notification, as far as they are what they
    should be: a contradicting one is looked at, too."""
    amounts: Facts = {name: _amount(members.get(member)) for name, member in _MEMBERS.items()}
    reference = members.get("payment_ntb")
    short = isinstance(reference, str) and len(reference) <= 20 and reference.isprintable()
    return _without_none(**amounts, reference=reference if short else None)


def of_snap_payment(told: PaymentRequest, bank_trx_id: str | None = None) -> Facts:
    """Keep the amounts and the journal number of a signed message."""
    return _without_none(
        billed_idr=told.billed_idr,
        paid_idr=told.paid_idr,
        total_paid_idr=told.cumulative_idr,
        reference=told.journal_no or told.reference_no or None,
        paid_at=_iso(told.paid_at),
        bank_trx_id=bank_trx_id,
    )


def of_snap_inquiry(bill: Bill | None) -> Facts:
    """Keep what a payer was asked for, if he was not turned away."""
    return {} if bill is None else {"billed_idr": bill.open_idr}


def _amount(value: object) -> int | None:
    text = value if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX else None


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _without_none(**facts: object) -> Facts:
    return {name: value for name, value in facts.items() if value is not None}
