"""What needs a person: opened when something cannot be explained, closed when it can."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from reconciliation.domain.differences import shortfall
from reconciliation.domain.exception import ExceptionKind, Finding
from reconciliation.domain.resolution import ResolutionState
from reconciliation.handlers import states
from reconciliation.models import MoneyException, Payment, Resolution
from reconciliation.store import copies, resolutions, sightings
from reconciliation.store import exceptions as store
from shared import audit
from shared.clock import business_day
from shared.contracts.reconciliation import ExceptionClosed, ExceptionOpened
from shared.database import Session
from shared.money import Rupiah

EXPLAINED = "Semua sumber kini cocok."
"""How a difference ends by itself."""

_REVERSED, _ALLOCATED = "Pembayaran dibalik.", "Seluruhnya sudah dialokasikan."


async def open_exception(session: Session, finding: Finding) -> MoneyException:
    """Ask for a person, once per kind and key; a repeat brings the open one up to date.

    One that was closed opens anew: whoever asks again has found it again.
    """
    opened = store.row_of(finding, session.clock.now())
    if not await store.insert_unless_open(session, opened):
        return await _keep_current(session, finding)
    audit.record(
        session,
        action="exception.opened",
        object_type="exception",
        object_id=opened.id,
        after={"kind": finding.kind.value, "key": finding.key, "evidence": finding.evidence},
    )
    found = await store.get_open(session, finding.kind, finding.key)
    states.publish_exception(session, found, ExceptionOpened)
    return found


async def close_exception(session: Session, kind: ExceptionKind, key: str, outcome: str) -> bool:
    """Close what is open of this kind and key, if anything is; tell whether it was."""
    found = await store.find_open(session, kind, key)
    if found is None:
        return False
    await close(session, found, outcome)
    return True


async def close(session: Session, found: MoneyException, outcome: str) -> None:
    """Close an open exception that the caller has locked; a proposal about it is refused."""
    proposal = await resolutions.find_live(session, found.id)
    if proposal is not None and proposal.is_proposed:
        decide(session, proposal, ResolutionState.REFUSED, outcome)
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


async def reopen(session: Session, found: MoneyException, reason: str) -> None:
    """Open a closed exception again, unless another about the same thing is open."""
    if await store.find_open(session, ExceptionKind(found.kind), found.key) is not None:
        return
    before = {"outcome": found.outcome}
    found.closed_at, found.outcome = None, None
    found.version += 1
    await session.flush()
    audit.record(
        session,
        action="exception.reopened",
        object_type="exception",
        object_id=found.id,
        before=before,
        reason=reason,
    )
    states.publish_exception(session, found, ExceptionOpened)


def decide(session: Session, proposal: Resolution, state: ResolutionState, words: str) -> None:
    """Write who agreed to a proposal, or did not."""
    proposal.state = state
    proposal.decided_by_id = session.principal.user_id
    proposal.decided_by = session.principal.name
    proposal.decided_at = session.clock.now()
    proposal.decision = words


async def follow_leftover(session: Session, payment: Payment) -> None:
    """Keep one open exception while money of the payment explains no bill.

    None is needed where a person decided that the rest stays credit.
    """
    unknown = payment.customer_id is None
    kind = ExceptionKind.UNKNOWN_PAYER if unknown else ExceptionKind.OVERPAID
    left = payment.unallocated
    if not left:
        outcome = _ALLOCATED if payment.reversed_at is None else _REVERSED
        await close_exception(session, kind, str(payment.id), outcome)
        return
    if not unknown and await resolutions.keeps_credit(session, payment):
        return
    finding = Finding(
        kind=kind,
        key=str(payment.id),
        amount=left,
        evidence=f"{left} dari {described(payment)} belum membayar tagihan mana pun.",
        facts=await _printed(session, payment) if unknown else {},
        customer_id=payment.customer_id,
        payment_id=payment.id,
    )
    await open_exception(session, finding)


async def follow_shortfall(session: Session, invoice_id: UUID) -> None:
    """Search for no more than a bill lacks now; end the search once it has got all."""
    found = await store.find_open(session, ExceptionKind.UNDERPAID, str(invoice_id))
    if found is None:
        return
    lacks = (await copies.unpaid(session, [invoice_id])).get(invoice_id)
    if lacks is None:
        await close(session, found, EXPLAINED)
    elif lacks < found.amount and "billed_idr" in (facts := found.facts):
        words = shortfall(facts["number"], lacks, Rupiah(facts["billed_idr"]))
        await _change(session, found, {"amount_idr": lacks.amount, "evidence": words})


async def _keep_current(session: Session, finding: Finding) -> MoneyException:
    found = await store.get_open(session, finding.kind, finding.key)
    told = store.telling(finding)
    if any(getattr(found, name) != value for name, value in told.items()):
        await _change(session, found, told)
    return found


async def _change(session: Session, found: MoneyException, told: dict[str, Any]) -> None:
    found.sqlmodel_update(told)
    found.version += 1
    await session.flush()
    states.publish_exception(session, found, ExceptionOpened)


async def _printed(session: Session, payment: Payment) -> dict[str, str]:
    """Give what the bank said beside money of nobody known, for whoever looks for its owner."""
    line = await sightings.line_of(session, payment.id)
    told = f"{payment.payer_name} {payment.virtual_account}".strip()
    return {
        "text": line.description if line else told,
        "account": line.account if line else "",
        "day": business_day(payment.paid_at).isoformat(),
    }


def described(payment: Payment) -> str:
    """Name a payment in words that begin a sentence."""
    payer = f" dari {payment.payer_name}" if payment.payer_name else ""
    reference = f", referensi {payment.bank_reference}," if payment.bank_reference else ""
    if not payment.virtual_account:
        return f"Transfer bank{payer}{reference}"
    return f"Pembayaran VA {payment.virtual_account}{payer}{reference}"
