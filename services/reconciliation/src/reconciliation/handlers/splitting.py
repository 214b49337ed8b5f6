"""Splitting money of nobody known over several customers, each with a payment of his own.

What the bank saw stays one payment, so that sightings and statements still match it; from then on
its parts count instead of it (ADR-0029).
"""

from __future__ import annotations

from uuid import UUID

from reconciliation.domain import ledger as entries
from reconciliation.domain.division import NamedBill, Part, described, divide
from reconciliation.domain.ledger import TransactionKind
from reconciliation.domain.resolution import Action, Share, Wanted
from reconciliation.handlers import books, states
from reconciliation.handlers.allocating import give
from reconciliation.handlers.exceptions import follow_leftover
from reconciliation.models import Payment, Resolution
from reconciliation.store import copies, payments
from shared.contracts.reconciliation import PaymentPosted, PaymentReconciled
from shared.database import Session


async def owners_of(session: Session, wanted: Wanted) -> set[UUID]:
    """Tell whose bills a split names, and whose credit the rest becomes, without a lock.

    Raises:
        InvoiceNotFound: one of them is not there.
    """
    if wanted.action is not Action.SPLIT:
        return set()
    owners = {await copies.customer_of_invoice(session, each.invoice_id) for each in wanted.shares}
    return owners | ({wanted.customer_id} if wanted.customer_id else set())


async def split(
    session: Session, payment: Payment, resolution: Resolution, shares: tuple[Share, ...]
) -> str:
    """Move a payment out of suspense to several customers and pay their bills; say what was done.

    Whoever calls has locked them all (K2).

    Raises:
        InvoiceNotFound, InvoiceNotOpen, MoreThanOutstanding: a bill does not take it.
        MoreThanTheMoney, NothingForBill, RestOfNobody: the parts are not the money.
    """
    bills = [await _bill(session, share) for share in shares]
    parts = divide(resolution.amount, bills, resolution.customer_id)
    made = [await _add(session, payment, resolution, part) for part in parts]
    moved = entries.divide({part.customer_id: part.amount for part in parts})
    await books.post(session, TransactionKind.SPLIT, resolution.id, None, moved)
    for part, own in zip(parts, made, strict=True):
        await _pay(session, own, part, resolution)
    return described(resolution.amount, parts)


async def _bill(session: Session, share: Share) -> NamedBill:
    invoice = await copies.get_invoice(session, share.invoice_id)
    return NamedBill(
        invoice.id, invoice.number, invoice.customer_id, invoice.outstanding, share.amount
    )


async def _add(session: Session, whole: Payment, resolution: Resolution, part: Part) -> Payment:
    own = Payment(
        customer_id=part.customer_id,
        invoice_id=None,
        channel=whole.channel,
        virtual_account=whole.virtual_account,
        trx_id=whole.trx_id,
        bank_reference=whole.bank_reference,
        payer_name=whole.payer_name,
        amount_idr=part.amount.amount,
        part_of=whole.id,
        split_by=resolution.id,
        paid_at=whole.paid_at,
        received_at=whole.received_at,
        verification=whole.verification,
    )
    session.add(own)
    await session.flush()
    states.audit_payment(session, "payment.posted", own, None, resolution.reason)
    return own


async def _pay(session: Session, own: Payment, part: Part, resolution: Resolution) -> None:
    before = states.payment_facts(own)
    await states.publish_payment(session, own, PaymentPosted)
    for share in part.shares:
        await give(session, own, share.invoice_id, share.amount, resolution_id=resolution.id)
    if part.shares:
        states.audit_payment(session, "payment.allocated", own, before, resolution.reason)
        await states.publish_payment(session, own, PaymentReconciled)
    await follow_leftover(session, own)


async def follow_whole(session: Session, whole: Payment, news: dict[str, object]) -> None:
    """Let the parts of a payment say what was just learnt of it; their money does not move."""
    for own in await payments.parts_standing(session, part_of=whole.id):
        before = states.payment_facts(own)
        own.sqlmodel_update({name: news[name] for name in _SHARED & news.keys()})
        states.audit_payment(session, "payment.joined", own, before)
        await states.publish_payment(session, own, PaymentPosted)


_SHARED = {"bank_reference", "payer_name", "paid_at", "verification"}
"""What a part says of itself that is told of the whole."""
