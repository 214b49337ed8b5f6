"""Counting an account: the books hold exactly what all sources together prove, once (M8, M9).

Whatever is seen, and in whatever order, the same is claimed; payments that stand are kept where
they can be, what is missing is posted, and what nothing proves any more is reversed.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from reconciliation.domain.matching import Comparison, Printed, compare
from reconciliation.domain.payment import Verification
from reconciliation.domain.seating import Seat, Seating, seat
from reconciliation.domain.waiting import until_asked, unvouched
from reconciliation.domain.wholes import Whole, within
from reconciliation.handlers.credit import let_waiting_money_in, use_credit
from reconciliation.handlers.differences import follow_account
from reconciliation.handlers.payments import join, post, post_and_tell, reverse
from reconciliation.handlers.scene import Scene, look
from reconciliation.models import Payment
from reconciliation.store import copies
from shared import outbox
from shared.contracts.reconciliation import LineUnvouched
from shared.database import Session
from shared.ids import new_id
from shared.money import Rupiah

ELSEWHERE = "Uang ini ternyata sudah tercatat sebagai pembayaran lain."
OWNER_KNOWN = "Pemilik rekening virtual ini kini diketahui; uangnya dicatat ulang atas namanya."


async def count_account(
    session: Session, number: str, *, apply_credit: bool, denied: UUID | None = None
) -> None:
    """Bring the books of an account in line with everything that was seen there.

    The caller has locked the customer, where one is known, and the account (K2).

    Args:
        denied: the payment that the bank denies now, if that is the news.
    """
    scene = await look(session, number)
    if denied is not None:
        await _book_what_is_denied(session, scene, denied)
    comparison, wholes = within(compare(scene.told, scene.printed), scene.at_bank)
    _have_asked(session, scene, unvouched(comparison))
    comparison, waiting = until_asked(comparison, scene.at_bank)
    plan = seat(comparison, scene.rows)
    freed = [id_ for row in plan.reversed for id_ in await _take_back(session, scene, row.id)]
    for each in plan.seats:
        await _settle(session, scene, each)
    await _hold(session, scene, comparison, plan)
    _link(scene, [*wholes, *waiting])
    await session.flush()
    await follow_account(session, scene, comparison, wholes)
    for invoice_id in freed:
        await let_waiting_money_in(session, await copies.get_invoice(session, invoice_id))
    if plan.reversed and apply_credit:
        for customer_id in {scene.payment(row.id).customer_id for row in plan.reversed}:
            if customer_id is not None:
                await use_credit(session, customer_id)


async def _take_back(session: Session, scene: Scene, payment_id: UUID) -> list[UUID]:
    payment = scene.payment(payment_id)
    denial = scene.denial(payment_id)
    if denial is not None:
        return await reverse(session, payment, denial.trouble or "", is_denied=True)
    reason = OWNER_KNOWN if payment.customer_id is None else ELSEWHERE
    return await reverse(session, payment, reason)


async def _settle(session: Session, scene: Scene, chosen: Seat) -> None:
    """Let the payment of a claim say what is known of it; post it if there is none."""
    claim = chosen.claim
    leading = claim.told or claim.line
    if leading is None:
        return
    facts, verification = scene.facts(leading.id), scene.verification(claim)
    if chosen.row is None:
        payment = _new(scene, leading.id, claim.amount, verification)
        await post_and_tell(session, payment)
        scene.payments.append(payment)
    else:
        payment = scene.payment(chosen.row.id)
        await join(session, payment, facts, verification)
    for each in scene.linked(part.id for part in (claim.told, claim.line) if part):
        each.payment_id = payment.id


async def _hold(session: Session, scene: Scene, comparison: Comparison, plan: Seating) -> None:
    """Post what sums and their parts prove beyond the payments they have."""
    held = {row.id for row in plan.held}
    for posting in plan.postings:
        payment = _new(scene, posting.subject.id, posting.amount, Verification.VERIFIED)
        await post_and_tell(session, payment)
        scene.payments.append(payment)
        held.add(payment.id)
        for each in scene.linked([posting.subject.id]):
            each.payment_id = payment.id
    parts = {each.id for each in comparison.sums} | {each.id for each in comparison.parts}
    for each in scene.linked(parts):
        if each.payment_id not in held:
            each.payment_id = min(held)


def _have_asked(session: Session, scene: Scene, lines: Sequence[Printed]) -> None:
    """Have the bank asked about lines that it did not tell of, each once, at accounts it knows."""
    for line in lines if scene.billings else ():
        (sighting,) = scene.of(line.id)
        if sighting.asked_for_at is not None:
            continue
        sighting.asked_for_at = session.clock.now()
        event = LineUnvouched.of(
            1,
            sighting.asked_for_at,
            line.id,
            virtual_account=scene.number,
            amount_idr=line.amount.amount,
            day=line.day,
        )
        outbox.publish(session, event)


def _link(scene: Scene, wholes: Sequence[Whole]) -> None:
    """A line without money of its own is shown with the largest of its pieces."""
    for whole in wholes:
        if whole.again == whole.line.amount:
            largest = max(whole.pieces, key=lambda each: each.amount)
            payment_id = scene.of(largest.id)[0].payment_id
            for each in scene.linked([whole.line.id]):
                each.payment_id = payment_id


def _new(scene: Scene, subject_id: UUID, amount: Rupiah, verification: Verification) -> Payment:
    first = scene.of(subject_id)[0]
    told_before = any(payment.id == subject_id for payment in scene.payments)
    return Payment(
        id=new_id() if told_before or first.source == "statement" else subject_id,
        customer_id=scene.customer_of(first),
        channel="bni_va",
        virtual_account=scene.number,
        amount_idr=amount.amount,
        received_at=first.seen_at,
        verification=verification,
        **scene.facts(subject_id),
    )


async def _book_what_is_denied(session: Session, scene: Scene, subject_id: UUID) -> None:
    """Post money whose denial came first, so that its reversal can be seen (C11)."""
    first = scene.of(subject_id)[0]
    if first.payment_id is None:
        amount = Rupiah(first.amount_idr)
        payment = _new(scene, subject_id, amount, Verification.UNVERIFIED)
        await post(session, payment)
        scene.payments.append(payment)
    for each in scene.of(subject_id):
        each.payment_id = each.payment_id or first.payment_id or subject_id
