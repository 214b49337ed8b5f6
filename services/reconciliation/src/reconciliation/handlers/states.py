"""Telling others and the audit log: the full state of a payment or an exception."""

from __future__ import annotations

from typing import Any, Literal, cast

from reconciliation.domain.resolution import ResolutionState
from reconciliation.models import MoneyException, Payment
from reconciliation.store import payments, resolutions
from shared import audit, outbox
from shared.contracts import reconciliation as contracts
from shared.database import Session

_PAYMENT = {
    "channel",
    "virtual_account",
    "bank_reference",
    "payer_name",
    "customer_id",
    "amount_idr",
    "disposed_idr",
    "part_of",
    "paid_at",
    "received_at",
    "status",
    "verification",
}
_EXCEPTION = {
    "kind",
    "payment_id",
    "bank_line_id",
    "notice_id",
    "customer_id",
    "owner_id",
    "amount_idr",
    "evidence",
    "outcome",
}


async def publish_payment(
    session: Session, payment: Payment, contract: type[contracts.PostedState], **more: Any
) -> None:
    """Publish the payment as it stands, as its next version."""
    payment.version += 1
    await session.flush()
    parts = (await payments.parts_of(session, [payment.id]))[payment.id]
    event = contract.of(
        payment.version,
        session.clock.now(),
        payment.id,
        allocations=[
            contracts.AllocationPart(
                allocation_id=part.allocation.id,
                invoice_id=part.allocation.invoice_id,
                invoice_number=part.invoice_number,
                amount_idr=part.allocation.amount_idr,
                reversed=part.is_reversed,
            )
            for part in parts
        ],
        disposals=await _disposals(session, payment),
        unallocated_idr=payment.unallocated.amount,
        **{name: getattr(payment, name) for name in _PAYMENT},
        **more,
    )
    outbox.publish(session, event)


async def _disposals(session: Session, payment: Payment) -> list[contracts.DisposalPart]:
    return [
        contracts.DisposalPart(
            resolution_id=each.id,
            action=cast(Literal["return", "write_off"], each.action),
            amount_idr=each.amount_idr,
            disposed_at=each.decided_at or each.proposed_at,
            undone=each.state == ResolutionState.UNDONE,
        )
        for each in await resolutions.disposals_of(session, payment.id)
    ]


def audit_payment(
    session: Session, action: str, payment: Payment, before: dict[str, Any] | None, reason: str = ""
) -> None:
    """Write what happened to a payment (P1)."""
    audit.record(
        session,
        action=action,
        object_type="payment",
        object_id=payment.id,
        before=before,
        after=payment_facts(payment),
        reason=reason or None,
    )


def payment_facts(payment: Payment) -> dict[str, Any]:
    """Give what the audit log keeps of a payment."""
    return {
        "status": payment.status.value,
        "verification": str(payment.verification),
        "amount_idr": payment.amount_idr,
        "customer_id": payment.customer_id and str(payment.customer_id),
        "allocated_idr": payment.allocated_idr,
        "disposed_idr": payment.disposed_idr,
        "unallocated_idr": payment.unallocated.amount,
    }


def publish_exception(
    session: Session,
    found: MoneyException,
    contract: type[contracts.ExceptionState],
    **more: Any,
) -> None:
    """Publish the exception as it stands."""
    facts = found.model_dump(include=_EXCEPTION) | more
    outbox.publish(session, contract.of(found.version, session.clock.now(), found.id, **facts))
