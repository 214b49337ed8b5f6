"""Taking a notice of any protocol: a few checks and one transaction; the answer waits for it."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from bank_gateway.domain import notice as rules
from bank_gateway.domain.account import PAID_ONCE
from bank_gateway.domain.notice import Contradiction, Notice, Registered
from bank_gateway.domain.payment import NewPayment
from bank_gateway.handlers.events import publish_payment, record_covered, record_payment
from bank_gateway.handlers.quarantine import Claim, quarantine
from bank_gateway.metrics import CUSTOMER_NAME_DIFFERS
from bank_gateway.models import INQUIRY, Call, Payment, WorkKind
from bank_gateway.store import account as accounts
from bank_gateway.store import payment as payments
from bank_gateway.store import work
from bni_protocol.codes import NOT_ACCEPTED, SUCCESS
from shared.contracts.bank_gateway import PaymentReceived
from shared.database import Session
from shared.ids import new_id


class Outcome(StrEnum):
    """What became of a notice; all but ``quarantined`` are answered with success."""

    RECEIVED = "received"
    REPEATED = "repeated"
    COVERED = "covered"
    UNMATCHED = "unmatched"
    QUARANTINED = "quarantined"

    @property
    def status(self) -> str:
        """Give the status of the bank's format."""
        return NOT_ACCEPTED if self is Outcome.QUARANTINED else SUCCESS


async def take(notice: Notice, members: Mapping[str, object], session: Session) -> Outcome:
    """Store a notice in the caller's transaction (C2 to C6).

    Args:
        members: the message as it came; kept when the notice is not believed.
    """
    taken = await take_or_doubt(notice, members, session)
    return taken if isinstance(taken, Outcome) else Outcome.QUARANTINED


async def take_or_doubt(
    notice: Notice,
    members: Mapping[str, object],
    session: Session,
    too_late: Contradiction | None = None,
) -> Outcome | Contradiction:
    """The same, and say why a notice is not believed.

    Args:
        too_late: why this money is only taken if we know of it already.
    """
    registered = await accounts.registered(session, notice.trx_id)
    if registered is not None:
        notice = await _placed(notice, registered, session)
    elif too_late is None:
        too_late = await _misnamed(notice, session)
    found = rules.contradiction(notice, registered)
    if found is None:
        payment = NewPayment.of(new_id(), notice, registered, session.clock.now())
        if too_late is None and await payments.insert_payment(session, payment):
            await _announce(payment, registered, session)
            return Outcome(payment.status)
        told = await _clash(payment, registered, session)
        if isinstance(told, Outcome):
            return told
        found = too_late or told
    await quarantine(members, found, Claim.of(notice), notice.origin, session)
    return found


async def _misnamed(notice: Notice, session: Session) -> Contradiction | None:
    """Find whether an unknown billing is told of on a number of ours (C6).

    Then damage struck its name, and our record of the number says whose it is. A signed message
    cannot be damaged: what it names is what the bank means.
    """
    if notice.request_id is not None:
        return None
    account = await accounts.account_of_number(session, notice.virtual_account)
    return Contradiction.BILLING if account else None


async def _placed(notice: Notice, registered: Registered, session: Session) -> Notice:
    """Put a payment whose total was not told on top of what is known of its billing (M8).

    The account is locked, so that two such payments follow one another; told again, a payment
    keeps its place.
    """
    if notice.cumulative_idr is not None or registered.billing_type in PAID_ONCE:
        return notice
    await accounts.lock_account(session, registered.account_id)
    past = await payments.payment_of_journal(session, notice)
    if past is None and notice.request_id is not None:
        client_id = notice.origin.client_id
        past = await payments.payment_of_request(session, client_id, notice.request_id)
    if past is not None:
        return replace(notice, cumulative_idr=past.cumulative_idr)
    known_idr = await payments.known_total_idr(session, notice.trx_id)
    return replace(notice, cumulative_idr=known_idr + notice.amount_idr)


async def _announce(payment: NewPayment, registered: Registered | None, session: Session) -> None:
    record_payment(session, f"payment.{payment.status}", payment)
    if registered is not None:
        publish_payment(session, payment, PaymentReceived)
        if not rules.same_payer(payment.payer_name, registered):
            CUSTOMER_NAME_DIFFERS.inc()  # a warning, not a refusal (C4)
    await work.add(session, WorkKind.VERIFY, payment.id, Call.INQUIRE)


async def _clash(
    payment: NewPayment, registered: Registered | None, session: Session
) -> Outcome | Contradiction:
    """Tell a repeat, which changes nothing (C3), from another claim on the same money (C6).

    A part of what an inquiry already counted came late: it is evidence, and moves no money (M8).
    """
    clashing = await payments.clashing_payments(session, payment)
    if any(_same(payment, past) for past in clashing):
        return Outcome.REPEATED
    counted = _counted_by_inquiry(payment, registered, clashing)
    if counted is not None:
        record_covered(session, counted, payment)
        return Outcome.COVERED
    same_interval = any(past.cumulative_idr == payment.cumulative_idr for past in clashing)
    return Contradiction.KEY if same_interval else Contradiction.OVERLAP


def _counted_by_inquiry(
    payment: NewPayment, registered: Registered | None, clashing: list[Payment]
) -> Payment | None:
    """Give the inquiry's payment that holds all of this one.

    Where one payment may be made only, an unsigned message must be that one to the letter.
    """
    if len(clashing) != 1:
        return None
    paid_once = registered is not None and registered.billing_type in PAID_ONCE
    if paid_once and payment.request_id is None:
        return None
    past = clashing[0]
    inside = past.source == INQUIRY and past.interval.holds(payment.interval)
    return past if inside else None


def _same(payment: NewPayment, past: Payment) -> bool:
    names = ("virtual_account", "billed_idr", "amount_idr", "cumulative_idr", "paid_at")
    if any(getattr(payment, name) != getattr(past, name) for name in names):
        return False
    return payment.payment_ntb == past.payment_ntb
