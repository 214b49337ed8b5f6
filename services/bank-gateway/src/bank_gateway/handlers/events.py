"""What others are told: the full state of an account, a payment or a message in doubt."""

from datetime import datetime
from typing import Any, TypeVar

from bank_gateway.domain import doubt
from bank_gateway.domain.payment import NewPayment
from bank_gateway.models import Payment, QuarantinedNotice, VirtualAccount
from bank_gateway.store import payment as payments
from bni_protocol.fields import BillingState
from shared import audit, outbox
from shared.contracts.bank_gateway import (
    NoticeQuarantined,
    NoticeState,
    PaymentState,
    VaInquired,
    VaState,
)
from shared.database import Session

Paid = TypeVar("Paid", bound=PaymentState)
AnyPayment = Payment | NewPayment


def publish_account(session: Session, account: VirtualAccount, kind: type[VaState]) -> None:
    event = kind.of(
        account.version,
        session.clock.now(),
        account.id,
        invoice_id=account.invoice_id,
        customer_id=account.customer_id,
        trx_id=account.trx_id,
        number=account.number,
        holder_name=account.holder_name,
        status=account.status,
        amount_idr=account.amount_idr,
        expires_at=account.expires_at,
        trouble=account.trouble,
        mode=account.mode,
        plan_id=account.plan_id,
        billing_type=account.billing_type,
        extended_at=account.extended_at,
    )
    outbox.publish(session, event)


async def publish_inquiry(session: Session, account: VirtualAccount, state: BillingState) -> None:
    """Tell what the bank's own record says of a billing, beside what we know of it."""
    event = VaInquired.of(
        account.version,
        session.clock.now(),
        account.id,
        trx_id=account.trx_id,
        virtual_account=state.virtual_account,
        customer_id=account.customer_id,
        invoice_id=account.invoice_id,
        billed_idr=state.trx_amount_idr,
        bank_paid_idr=state.paid_idr,
        known_paid_idr=await payments.known_total_idr(session, account.trx_id),
        last_reference=state.payment_ntb,
        last_paid_at=state.paid_at,
        state=account.bank_status,
        asked_at=account.asked_at,
    )
    outbox.publish(session, event)


def publish_payment(
    session: Session, payment: AnyPayment, kind: type[PaymentState], **more: Any
) -> None:
    outbox.publish(session, payment_event(payment, kind, session.clock.now(), **more))


def payment_event(payment: AnyPayment, kind: type[Paid], now: datetime, **more: Any) -> Paid:
    return kind.of(
        payment.version,
        now,
        payment.id,
        channel="bni_va",
        virtual_account=payment.virtual_account,
        trx_id=payment.trx_id,
        invoice_id=payment.invoice_id,
        customer_id=payment.customer_id,
        amount_idr=payment.amount_idr,
        cumulative_idr=payment.cumulative_idr,
        bank_reference=payment.payment_ntb,
        payer_name=payment.payer_name,
        paid_at=payment.paid_at,
        received_at=payment.received_at,
        verification=payment.verification,
        source=payment.source,
        plan_id=payment.plan_id,
        **more,
    )


def publish_notice(
    session: Session,
    notice: QuarantinedNotice,
    account: VirtualAccount | None,
    kind: type[NoticeState],
    **more: Any,
) -> None:
    """Tell of a message that is not believed; it is told of twice at most."""
    event = kind.of(
        1 if kind is NoticeQuarantined else 2,
        session.clock.now(),
        notice.id,
        trx_id=notice.trx_id,
        virtual_account=notice.virtual_account,
        customer_id=account.customer_id if account else None,
        invoice_id=account.invoice_id if account else None,
        amount_idr=notice.amount_idr,
        contradiction=notice.contradiction,
        trouble=doubt.words(notice.contradiction),
        first_seen_at=notice.first_seen_at,
        **more,
    )
    outbox.publish(session, event)


def publish_stranger(
    session: Session,
    payment: Payment,
    kind: type[NoticeState],
    contradiction: str,
    amount_idr: int,
    **more: Any,
) -> None:
    """Tell of money on a billing that we never registered as of a message in doubt (C5)."""
    event = kind.of(
        payment.version,
        session.clock.now(),
        payment.id,
        trx_id=payment.trx_id,
        virtual_account=payment.virtual_account,
        customer_id=None,
        invoice_id=None,
        amount_idr=amount_idr,
        contradiction=contradiction,
        trouble=doubt.words(contradiction),
        first_seen_at=payment.received_at,
        **more,
    )
    outbox.publish(session, event)


def facts(account: VirtualAccount) -> dict[str, Any]:
    """Give what the audit keeps of an account: the number's last four digits only (P2)."""
    return {
        "status": account.status,
        "amount_idr": account.amount_idr,
        "expires_at": account.expires_at.isoformat(),
        "number": f"…{account.account_number[-4:]}",
        "trouble": account.trouble,
    }


def record_account(
    session: Session,
    action: str,
    account: VirtualAccount,
    before: dict[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    audit.record(
        session,
        action=action,
        object_type="virtual_account",
        object_id=account.id,
        before=before,
        after=facts(account),
        reason=reason,
    )


def payment_facts(payment: AnyPayment) -> dict[str, Any]:
    return {
        "status": payment.status,
        "verification": payment.verification,
        "amount_idr": payment.amount_idr,
        "payment_ntb": payment.payment_ntb,
        "trx_id": payment.trx_id,
    }


def record_payment(session: Session, action: str, payment: AnyPayment, **before: Any) -> None:
    audit.record(
        session,
        action=action,
        object_type="payment",
        object_id=payment.id,
        before=before or None,
        after=payment_facts(payment),
    )


def record_foreign_name(session: Session, payment: Payment, bank_trx_id: str) -> None:
    """Keep the bank's own name of a transaction that its account number alone made ours."""
    audit.record(
        session,
        action="payment.named_otherwise",
        object_type="payment",
        object_id=payment.id,
        after={"trx_id": payment.trx_id, "bank_trx_id": bank_trx_id},
    )


def record_covered(session: Session, counted: Payment, told: NewPayment) -> None:
    """Keep what a late callback says about money that an inquiry has counted already (M8)."""
    audit.record(
        session,
        action="payment.told_late",
        object_type="payment",
        object_id=counted.id,
        after={
            "payment_ntb": told.payment_ntb,
            "amount_idr": told.amount_idr,
            "cumulative_idr": told.cumulative_idr,
            "paid_at": told.paid_at.isoformat(),
        },
    )
