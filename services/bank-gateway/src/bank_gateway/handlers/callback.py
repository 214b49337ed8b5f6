"""Taking a notification: a few checks and one transaction; the answer waits for its commit."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bank_gateway.domain import notification as rules
from bank_gateway.domain.account import PAID_ONCE
from bank_gateway.domain.notification import Contradiction, Registered
from bank_gateway.handlers.events import publish_payment, record_covered, record_payment
from bank_gateway.metrics import CUSTOMER_NAME_DIFFERS
from bank_gateway.models import (
    INQUIRY,
    Call,
    Payment,
    PaymentStatus,
    QuarantinedNotice,
    VirtualAccount,
    WorkKind,
)
from bank_gateway.store import account as accounts
from bank_gateway.store import payment as payments
from bank_gateway.store import work
from bni_protocol.fields import BillingType, FieldProblem, Notification
from shared import audit
from shared.contracts.bank_gateway import PaymentReceived
from shared.database import Session

MEMBER_LENGTH_MAX = 300
_MEMBERS_MAX = 40


class Outcome(StrEnum):
    """What became of a notification; all but ``quarantined`` are answered with success."""

    RECEIVED = "received"
    REPEATED = "repeated"
    COVERED = "covered"
    UNMATCHED = "unmatched"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a message came from."""

    client_id: str
    source: str


async def take(members: Mapping[str, object], origin: Origin, session: Session) -> Outcome:
    """Store a decoded notification in the caller's transaction (C2 to C6)."""
    try:
        notice = Notification.parse(members)
    except FieldProblem as problem:
        found = f"{Contradiction.FIELD}:{problem.name}"
        return await _quarantine(members, found, origin, session)
    own = rules.own_contradiction(notice)
    account = await accounts.account_of_trx(session, notice.trx_id)
    other = None if own or account is None else await _disagreement(notice, account, session)
    if own or other:
        return await _quarantine(members, str(own or other), origin, session)
    payment = _payment(notice, account, origin, session)
    if not await payments.insert_payment(session, payment):
        return await _clash(payment, account, members, origin, session)
    await _announce(payment, account, session)
    return Outcome.UNMATCHED if account is None else Outcome.RECEIVED


async def _disagreement(
    notice: Notification, account: VirtualAccount, session: Session
) -> Contradiction | None:
    registered = Registered(
        account.account_number,
        BillingType(account.billing_type),
        await accounts.registered_amounts(session, account.id),
    )
    return rules.contradiction(notice, registered)


def _payment(
    notice: Notification, account: VirtualAccount | None, origin: Origin, session: Session
) -> Payment:
    return Payment(
        client_id=origin.client_id,
        trx_id=notice.trx_id,
        virtual_account=notice.virtual_account,
        virtual_account_id=account.id if account else None,
        invoice_id=account.invoice_id if account else None,
        plan_id=account.plan_id if account else None,
        customer_id=account.customer_id if account else None,
        billed_idr=notice.trx_amount_idr,
        amount_idr=notice.payment_amount_idr,
        cumulative_idr=notice.cumulative_idr,
        payment_ntb=notice.payment_ntb,
        payer_name=_storable(notice.customer_name),
        paid_at=notice.paid_at,
        received_at=session.clock.now(),
        status=PaymentStatus.RECEIVED if account else PaymentStatus.UNMATCHED,
    )


async def _announce(payment: Payment, account: VirtualAccount | None, session: Session) -> None:
    record_payment(session, f"payment.{payment.status}", payment)
    if account is not None:
        publish_payment(session, payment, PaymentReceived)
        await payments.reject_quarantined(session, payment.trx_id)
        if payment.payer_name.casefold() != account.holder_name.casefold():
            CUSTOMER_NAME_DIFFERS.inc()  # a warning, not a refusal (C4)
    await work.add(session, WorkKind.VERIFY, payment.id, Call.INQUIRE)


async def _clash(
    payment: Payment,
    account: VirtualAccount | None,
    members: Mapping[str, object],
    origin: Origin,
    session: Session,
) -> Outcome:
    """Tell a repeat, which changes nothing (C3), from another claim on the same money (C6).

    A part of what an inquiry already counted came late: it is evidence, and moves no money (M8).
    """
    clashing = await payments.clashing_payments(session, payment)
    if any(_same(payment, past) for past in clashing):
        return Outcome.REPEATED
    counted = _counted_by_inquiry(payment, account, clashing)
    if counted is not None:
        record_covered(session, counted, payment)
        return Outcome.COVERED
    same_interval = any(past.cumulative_idr == payment.cumulative_idr for past in clashing)
    found = Contradiction.KEY if same_interval else Contradiction.OVERLAP
    return await _quarantine(members, found, origin, session)


def _counted_by_inquiry(
    payment: Payment, account: VirtualAccount | None, clashing: list[Payment]
) -> Payment | None:
    """Give the inquiry's payment that holds all of this one; only where many may be paid."""
    if account is None or account.kind in PAID_ONCE or len(clashing) != 1:
        return None
    past = clashing[0]
    inside = past.source == INQUIRY and past.interval.holds(payment.interval)
    return past if inside else None


def _same(payment: Payment, past: Payment) -> bool:
    names = ("virtual_account", "billed_idr", "amount_idr", "cumulative_idr", "paid_at")
    if any(getattr(payment, name) != getattr(past, name) for name in names):
        return False
    return payment.payment_ntb == past.payment_ntb


async def _quarantine(
    members: Mapping[str, object], contradiction: str, origin: Origin, session: Session
) -> Outcome:
    """Keep the message, and ask the bank what is true about its billing (C6)."""
    kept = _bounded(members)
    now = session.clock.now()
    notice = QuarantinedNotice(
        fingerprint=_fingerprint(kept, origin),
        trx_id=str(kept.get("trx_id", ""))[:MEMBER_LENGTH_MAX],
        contradiction=contradiction,
        members=kept,
        source=origin.source,
        first_seen_at=now,
        last_seen_at=now,
    )
    if not await payments.is_quarantined(session, notice.fingerprint):
        await _ask_about(notice.trx_id, session)
    if await payments.quarantine(session, notice):
        audit.record(
            session,
            action="payment.quarantined",
            object_type="quarantined_notice",
            object_id=notice.id,
            after={"contradiction": contradiction, "trx_id": notice.trx_id},
        )
    return Outcome.QUARANTINED


async def _ask_about(trx_id: str, session: Session) -> None:
    """Have the bank asked; first of all, as its answer will settle what is quarantined (K2)."""
    account = await accounts.account_of_trx(session, trx_id)
    if account is not None:
        await work.add(session, WorkKind.WATCH, account.id, Call.INQUIRE)


def _bounded(members: Mapping[str, object]) -> dict[str, Any]:
    """Keep the members a person needs, as text without NUL, each of bounded length."""
    return {
        _storable(name): _storable(value) for name, value in list(members.items())[:_MEMBERS_MAX]
    }


def _storable(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    clean = text.encode("utf-8", "replace").decode().replace("\x00", "")
    return clean[:MEMBER_LENGTH_MAX]


def _fingerprint(members: dict[str, Any], origin: Origin) -> str:
    facts = json.dumps([origin.client_id, members], sort_keys=True)
    return hashlib.sha256(facts.encode()).hexdigest()
