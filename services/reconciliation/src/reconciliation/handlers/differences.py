"""Asking for a person where the sources of an account differ, and no more once they agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from uuid import UUID

from reconciliation.domain.continuity import covers
from reconciliation.domain.differences import (
    GRACE,
    MANAGED,
    Account,
    Denied,
    Paid,
    group_key,
)
from reconciliation.domain.exception import Finding
from reconciliation.domain.matching import NOTHING, Claim, Comparison
from reconciliation.domain.wholes import Whole
from reconciliation.handlers.exceptions import EXPLAINED, close, described, open_exception
from reconciliation.handlers.scene import STATEMENT, Scene
from reconciliation.store import copies, exceptions, lines
from shared.clock import WIB
from shared.database import Session
from shared.money import Rupiah

EXACT = "c"
"""The bank's letter for a billing that takes exactly what it asks for, once."""


async def follow_account(
    session: Session, scene: Scene, comparison: Comparison, wholes: Sequence[Whole] = ()
) -> None:
    """Keep one open exception per difference of an account; close those that are gone.

    What a person closed stays closed, unless another amount is in question now.
    """
    account = await _account(session, scene, comparison, wholes)
    found = {(each.kind.value, each.key): each for each in account.find()}
    kinds = [kind.value for kind in MANAGED]
    for known in await exceptions.open_about(session, kinds, _keys(scene)):
        finding = found.pop((known.kind, known.key), None)
        if finding is None:
            await close(session, known, EXPLAINED)
        else:
            await open_exception(session, finding)
    for finding in found.values():
        if not await _is_settled(session, finding):
            await open_exception(session, finding)


def _keys(scene: Scene) -> set[str]:
    """Give every key under which a difference of an account may ever have been named."""
    subjects = {str(each.subject_id) for each in scene.seen}
    bills = {str(each.invoice_id) for each in scene.billings if each.invoice_id}
    groups = {group_key(scene.number, Rupiah(each.amount_idr), each.day) for each in scene.seen}
    return {scene.number} | subjects | bills | groups


async def _is_settled(session: Session, finding: Finding) -> bool:
    last = await exceptions.last_closed(session, finding.kind, finding.key)
    return (
        last is not None and last.outcome != EXPLAINED and last.amount_idr == finding.amount.amount
    )


async def _account(
    session: Session, scene: Scene, comparison: Comparison, wholes: Sequence[Whole]
) -> Account:
    paid = list(_paid(scene, comparison, await _short_bills(session, scene)))
    standing = [payment.amount for payment in scene.payments if payment.reversed_at is None]
    today = session.clock.today()
    doubtful = any(each.unshown and each.day + GRACE <= today for each in paid)
    periods = await lines.compared_periods(session) if doubtful else []

    def is_covered(first: date, last: date) -> bool:
        return covers(periods, first, last)

    return Account(
        number=scene.number,
        customer_id=scene.account.customer_id if scene.account else None,
        paid=paid,
        denied=list(_denied(scene)),
        held=sum(standing, NOTHING),
        at_bank=scene.settled,
        wholes=wholes,
        is_covered=is_covered,
    )


async def _short_bills(session: Session, scene: Scene) -> dict[UUID, Rupiah]:
    """Give the bills whose account asks for an exact amount, with what they still lack."""
    least = min((payment.amount_idr for payment in scene.payments), default=0)
    asked = (each for each in scene.billings if each.billing_type == EXACT)
    bills = {each.invoice_id for each in asked if each.invoice_id and each.amount_idr > least}
    return await copies.unpaid(session, bills) if bills else {}


def _paid(scene: Scene, comparison: Comparison, short: Mapping[UUID, Rupiah]) -> Iterator[Paid]:
    for claim in comparison.claims:
        shown = claim.line is not None
        unshown = NOTHING
        if claim.told is not None and not shown:
            unshown = comparison.unshown.get(claim.told.id, claim.amount)
        yield _one(scene, claim, unshown, short)
    for each in comparison.sums:
        yield _one(scene, Claim(told=each), comparison.unshown[each.id], short)


def _denied(scene: Scene) -> Iterator[Denied]:
    for first, last in scene.denied:
        payment = scene.payment(first.payment_id or first.subject_id)
        yield Denied(
            id=first.subject_id,
            payment_id=payment.id,
            trx_id=first.trx_id,
            amount=Rupiah(first.amount_idr),
            at=first.paid_at,
            words=f"{described(payment)} disangkal bank: {last.trouble or ''}",
        )


def _one(scene: Scene, claim: Claim, unshown: Rupiah, short: Mapping[UUID, Rupiah]) -> Paid:
    leading = claim.told or claim.line
    if leading is None:
        raise ValueError("a claim of nothing")
    seen = scene.of(leading.id)
    facts = scene.facts(leading.id)
    billing = scene.billing(facts["trx_id"])
    asked_for = billing.invoice_id if billing is not None else None
    bill_id = asked_for if asked_for in short else None
    return Paid(
        id=leading.id,
        payment_id=seen[0].payment_id,
        trx_id=facts["trx_id"],
        amount=claim.amount,
        day=leading.day,
        at=_instant(facts["paid_at"], seen[0].source),
        reference=facts["bank_reference"],
        asked=any(each.source == "inquiry" for each in seen),
        is_sum=seen[0].source == "inquiry",
        unshown=unshown,
        line_id=claim.line.id if claim.line else None,
        printed=claim.line.amount if claim.line and claim.differs else None,
        bill_id=bill_id,
        billed=Rupiah(billing.amount_idr) if billing is not None else NOTHING,
        lacks=short[bill_id] if bill_id is not None else NOTHING,
        ended_at=billing.ended_at if billing is not None else None,
    )


def _instant(paid_at: datetime, source: str) -> datetime | None:
    """A line at midnight is one without a time of day."""
    whole_day = source == STATEMENT and paid_at.astimezone(WIB).time() == time()
    return None if whole_day else paid_at
