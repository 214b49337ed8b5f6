"""What needs a person: opened when money cannot be explained, closed when it can."""

from __future__ import annotations

from reconciliation.handlers import states
from reconciliation.models import MoneyException, Payment
from reconciliation.store import exceptions as store
from shared import audit
from shared.contracts.reconciliation import ExceptionClosed, ExceptionOpened
from shared.database import Session

UNKNOWN_PAYER, OVERPAID, DISPUTED = "unknown_payer", "overpaid", "disputed"


async def follow_leftover(session: Session, payment: Payment) -> None:
    """Keep one open exception while money of the payment explains no bill."""
    kind = UNKNOWN_PAYER if payment.customer_id is None else OVERPAID
    left = payment.unallocated
    known = await store.find_open(session, payment.id, kind)
    if left and known is None:
        evidence = f"{left} dari {_described(payment)} belum membayar tagihan mana pun."
        await open_exception(session, payment, kind, evidence)
    elif known is not None and left and left.amount != known.amount_idr:
        known.amount_idr = left.amount
        known.version += 1
        states.publish_exception(session, known, ExceptionOpened)
    elif known is not None and not left:
        reversed_ = payment.reversed_at is not None
        outcome = "Pembayaran dibalik." if reversed_ else "Seluruhnya sudah dialokasikan."
        _close(session, known, outcome)


async def open_exception(session: Session, payment: Payment, kind: str, evidence: str) -> None:
    """Ask for a person, with the evidence he needs."""
    found = MoneyException(
        kind=kind,
        payment_id=payment.id,
        customer_id=payment.customer_id,
        amount_idr=payment.unallocated.amount or payment.amount_idr,
        evidence=evidence,
        opened_at=session.clock.now(),
    )
    session.add(found)
    audit.record(
        session,
        action="exception.opened",
        object_type="exception",
        object_id=found.id,
        after={"kind": kind, "payment_id": str(payment.id), "evidence": evidence},
    )
    states.publish_exception(session, found, ExceptionOpened)
    await session.flush()


def disputed_evidence(payment: Payment, trouble: str) -> str:
    """Say what the bank's record contradicts."""
    return f"{_described(payment)} disangkal bank: {trouble}"


def _close(session: Session, found: MoneyException, outcome: str) -> None:
    found.closed_at = session.clock.now()
    found.outcome = outcome
    found.version += 1
    audit.record(
        session,
        action="exception.closed",
        object_type="exception",
        object_id=found.id,
        before={"kind": found.kind},
        after={"outcome": outcome},
    )
    states.publish_exception(session, found, ExceptionClosed)


def _described(payment: Payment) -> str:
    payer = f" dari {payment.payer_name}" if payment.payer_name else ""
    return f"Pembayaran VA {payment.virtual_account}{payer}, referensi {payment.bank_reference},"
