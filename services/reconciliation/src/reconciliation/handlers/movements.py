"""What a decision about one customer's money, or about nobody's, posts to the ledger."""

from __future__ import annotations

from datetime import date

from reconciliation.domain import ledger as entries
from reconciliation.domain.ledger import TransactionKind
from reconciliation.domain.resolution import Action, Share
from reconciliation.handlers import books
from reconciliation.handlers.allocating import allocate_by_rule, give
from reconciliation.models import MoneyException, Payment, Resolution
from reconciliation.store import payments
from shared.database import Session
from shared.money import Rupiah


async def post(session: Session, payment: Payment, resolution: Resolution) -> None:
    """Move money of a payment to its owner, or out of the customers' books."""
    owner, amount = resolution.customer_id, resolution.amount
    if resolution.attributes and owner is not None:
        moved = entries.attribute(owner, amount)
        await books.post(session, TransactionKind.ATTRIBUTION, resolution.id, owner, moved)
    elif resolution.act is Action.RETURN:
        moved = entries.hand_back(payment.money_channel, owner, amount)
        await books.post(session, TransactionKind.RETURN, resolution.id, owner, moved)
    elif resolution.act is Action.WRITE_OFF:
        moved = entries.write_off(owner, amount)
        await books.post(session, TransactionKind.WRITE_OFF, resolution.id, owner, moved)


async def book(session: Session, found: MoneyException, resolution: Resolution) -> None:
    """Book a debit on the day of the bank, while that is open."""
    fee = resolution.act is Action.BOOK_FEE
    moved = entries.charge(resolution.amount) if fee else entries.withdraw(resolution.amount)
    kind = TransactionKind.BANK_FEE if fee else TransactionKind.WITHDRAWAL
    day = date.fromisoformat(found.facts["day"])
    await books.post(session, kind, resolution.id, None, moved, on=day)


async def match(
    session: Session, payment: Payment, resolution: Resolution, shares: tuple[Share, ...]
) -> list[tuple[str, Rupiah]]:
    """Pay the bills that were named, else those of the rule; tell which got what."""
    for share in shares:
        await give(session, payment, share.invoice_id, share.amount, resolution_id=resolution.id)
    if not shares:
        await allocate_by_rule(session, payment, resolution_id=resolution.id)
    parts = (await payments.parts_of(session, [payment.id]))[payment.id]
    return [
        (part.invoice_number, Rupiah(part.allocation.amount_idr))
        for part in parts
        if part.allocation.resolution_id == resolution.id
    ]
