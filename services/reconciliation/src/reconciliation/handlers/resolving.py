"""A person resolves an exception: money goes where he says, through the ledger.

Lock order: customers, account, payment, exception, decision (K2). Whoever is second is told by
the version of the exception (K4). What takes money out of the customers' books waits for a second
person (A8).
"""

from __future__ import annotations

from uuid import UUID

from reconciliation.domain.resolution import (
    BOOKINGS,
    DISPOSALS,
    Action,
    ActionNotOffered,
    AlreadyClosed,
    AmountMoved,
    NothingProposed,
    PayerMissing,
    ResolutionState,
    SecondPersonNeeded,
    Share,
    WaitsForSecondPerson,
    Wanted,
    needs_second,
    outcome_of,
    with_reason,
)
from reconciliation.handlers import movements, splitting, states
from reconciliation.handlers.cases import lock_case
from reconciliation.handlers.exceptions import close, decide, follow_leftover
from reconciliation.handlers.retracting import retract
from reconciliation.models import MoneyException, Payment, Resolution
from reconciliation.store import copies, resolutions
from shared import audit
from shared.contracts.reconciliation import (
    ExceptionOpened,
    PaymentPosted,
    PaymentReconciled,
    PaymentReversed,
)
from shared.database import Session
from shared.errors import ConfirmationNeeded, Conflict
from shared.money import Rupiah


class AnotherPayer(Conflict):
    """The money has an owner already."""

    detail = "Uang ini sudah milik pelanggan lain. Tidak ada yang berubah."


async def resolve(
    session: Session, exception_id: UUID, version: int, wanted: Wanted, alone_most: Rupiah
) -> MoneyException:
    """Do what a person decided, or propose it where a second person has to agree.

    Args:
        alone_most: the most rupiah that one person may declare explained.

    Raises:
        ExceptionNotFound, CustomerNotFound, InvoiceNotFound: not there.
        VersionStale: somebody else was faster (K4).
        AlreadyClosed, WaitsForSecondPerson, ActionNotOffered: not now, or not here.
        PayerMissing, AnotherPayer: whose money it is does not fit.
        ConfirmationNeeded: the password was not given lately (A8).
    """
    owners = await splitting.owners_of(session, wanted)
    wanted = wanted.among(owners)
    target = await _meant(session, wanted)
    found, payment = await lock_case(session, exception_id, version, target, *owners)
    await _check_open(session, found, payment, wanted.action)
    resolution = _decision(session, found, payment, wanted, target)
    if needs_second(wanted.action, resolution.amount, alone_most):
        if not session.principal.confirmed:
            raise ConfirmationNeeded
        resolution.state = ResolutionState.PROPOSED
    session.add(resolution)
    found.version += 1
    await session.flush()
    _audit(session, resolution, "exception.proposed" if resolution.is_proposed else None)
    if resolution.is_proposed:
        states.publish_exception(session, found, ExceptionOpened)
        return found
    await _carry_out(session, found, payment, resolution, wanted.shares)
    return found


async def approve(
    session: Session, exception_id: UUID, version: int, words: str, *, apply_credit: bool
) -> MoneyException:
    """Agree to a proposal as the second person, and do it.

    Args:
        apply_credit: credit that a reversal sets free pays the next bill by itself.

    Raises:
        NothingProposed: nothing waits.
        SecondPersonNeeded: it is one's own proposal (A8).
        AmountMoved: the money in question is another than was proposed.
    """
    found, payment = await lock_case(session, exception_id, version)
    proposal = await _proposal(session, found)
    if proposal.proposed_by_id == session.principal.user_id:
        raise SecondPersonNeeded
    now = _in_question(found, payment, proposal.act)
    if now != proposal.amount:
        raise AmountMoved(now=now, then=proposal.amount)
    decide(session, proposal, ResolutionState.DONE, words)
    found.version += 1
    await session.flush()
    _audit(session, proposal, "exception.approved")
    if payment is not None and proposal.act is Action.REVERSE:
        outcome = with_reason(outcome_of(proposal.act, proposal.amount), proposal.reason)
        await close(session, found, outcome)
        await retract(session, payment, proposal.reason, apply_credit=apply_credit)
    else:
        await _carry_out(session, found, payment, proposal, ())
    return found


def _in_question(found: MoneyException, payment: Payment | None, act: Action) -> Rupiah:
    """Give the money that an act is about as it is now."""
    if payment is not None and act in DISPOSALS:
        return payment.unallocated
    if payment is not None and act is Action.REVERSE:
        return payment.amount
    return found.amount


async def refuse(session: Session, exception_id: UUID, version: int, words: str) -> MoneyException:
    """Refuse a proposal, or take one's own back; the exception stays open.

    Raises:
        NothingProposed: nothing waits.
    """
    found, _ = await lock_case(session, exception_id, version)
    proposal = await _proposal(session, found)
    decide(session, proposal, ResolutionState.REFUSED, words)
    found.version += 1
    await session.flush()
    _audit(session, proposal, "exception.refused", words)
    states.publish_exception(session, found, ExceptionOpened)
    return found


async def _meant(session: Session, wanted: Wanted) -> UUID | None:
    if wanted.customer_id is not None or not wanted.shares or wanted.action is Action.SPLIT:
        return wanted.customer_id
    return await copies.customer_of_invoice(session, wanted.shares[0].invoice_id)


async def _check_open(
    session: Session, found: MoneyException, payment: Payment | None, action: Action
) -> None:
    if found.closed_at is not None:
        raise AlreadyClosed(outcome=found.outcome)
    proposal = await resolutions.find_live(session, found.id)
    if proposal is not None:
        raise WaitsForSecondPerson(name=proposal.proposed_by)
    stands = payment is not None and payment.reversed_at is None
    if action not in found.offers(stands=stands):
        raise ActionNotOffered


def _decision(
    session: Session,
    found: MoneyException,
    payment: Payment | None,
    wanted: Wanted,
    target: UUID | None,
) -> Resolution:
    resolution = Resolution(
        exception_id=found.id,
        action=wanted.action,
        state=ResolutionState.DONE,
        amount_idr=found.amount_idr,
        reason=wanted.reason,
        proposed_by_id=session.principal.user_id,
        proposed_by=session.principal.name,
        proposed_at=session.clock.now(),
    )
    if payment is None or wanted.action is Action.EXPLAIN:
        return resolution
    if wanted.action is Action.REVERSE:
        resolution.payment_id, resolution.customer_id = payment.id, payment.customer_id
        resolution.amount_idr = payment.amount_idr
        return resolution
    if not payment.unallocated:
        raise ActionNotOffered
    owner = payment.customer_id
    if wanted.action is Action.SPLIT:
        owner = target
    elif wanted.action not in DISPOSALS:
        if owner is not None and target not in {None, owner}:
            raise AnotherPayer
        resolution.attributes = owner is None
        owner = owner or target
        if owner is None:
            raise PayerMissing(field="customer_id")
    resolution.payment_id, resolution.customer_id = payment.id, owner
    resolution.amount_idr = payment.unallocated.amount
    return resolution


async def _proposal(session: Session, found: MoneyException) -> Resolution:
    proposal = await resolutions.find_live(session, found.id)
    if proposal is None or not proposal.is_proposed:
        raise NothingProposed
    return proposal


async def _carry_out(
    session: Session,
    found: MoneyException,
    payment: Payment | None,
    resolution: Resolution,
    shares: tuple[Share, ...],
) -> None:
    """Post what was decided, close the exception and tell."""
    paid: list[tuple[str, Rupiah]] = []
    customer = done = ""
    if payment is not None and resolution.payment_id is not None:
        before = states.payment_facts(payment)
        await session.refresh(payment, ["customer_id", "disposed_idr", "split_idr"])
        await movements.post(session, payment, resolution)
        if resolution.act is Action.MATCH:
            paid = await movements.match(session, payment, resolution, shares)
        if resolution.act is Action.SPLIT:
            done = await splitting.split(session, payment, resolution, shares)
        customer = await _owner_name(session, resolution)
    if resolution.act in BOOKINGS:
        await movements.book(session, found, resolution)
    if resolution.attributes:
        found.customer_id = resolution.customer_id
    act, amount = resolution.act, resolution.amount
    done = done or outcome_of(act, amount, customer, paid)
    await close(session, found, with_reason(done, resolution.reason))
    if payment is not None and resolution.payment_id is not None:
        states.audit_payment(session, f"payment.{act}", payment, before, resolution.reason)
        await _tell(session, payment, done if act is Action.SPLIT else "", paid=bool(paid))
        await follow_leftover(session, payment)


async def _owner_name(session: Session, resolution: Resolution) -> str:
    if resolution.customer_id is None:
        return ""
    return (await copies.get_customer(session, resolution.customer_id)).name


async def _tell(session: Session, payment: Payment, split: str, *, paid: bool) -> None:
    """Tell how the payment stands; a split one counts no more, its parts do instead."""
    if split:
        await states.publish_payment(session, payment, PaymentReversed, reason=split)
    else:
        await states.publish_payment(session, payment, PaymentReconciled if paid else PaymentPosted)


def _audit(session: Session, resolution: Resolution, action: str | None, words: str = "") -> None:
    audit.record(
        session,
        action=action or "exception.resolved",
        object_type="exception",
        object_id=resolution.exception_id,
        after=resolution.model_dump(mode="json", include=_TOLD),
        reason=words or resolution.reason or None,
    )


_TOLD = {"id", "action", "state", "payment_id", "customer_id", "amount_idr", "proposed_by"}
