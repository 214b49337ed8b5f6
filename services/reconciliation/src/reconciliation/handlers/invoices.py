"""Bills as invoicing tells of them: owed from the first sight, no more when cancelled."""

from __future__ import annotations

from reconciliation.domain import ledger as entries
from reconciliation.domain.ledger import TransactionKind
from reconciliation.handlers import books
from reconciliation.handlers.allocating import allocate_freed, free_invoice
from reconciliation.handlers.credit import let_waiting_money_in, use_credit
from reconciliation.models import Invoice
from reconciliation.store import copies, ledger
from shared.contracts.invoicing import InvoiceState
from shared.database import Session
from shared.errors import Conflict
from shared.money import Rupiah

CANCELLED = "Tagihan dibatalkan."
VOID = "cancelled"


class TotalChanged(Conflict):
    """The total of a bill is fixed once it is known; another total is another bill."""

    detail = "Total tagihan {number} berubah dari {known} menjadi {told}."


async def keep_invoice(event: InvoiceState, session: Session, *, apply_credit: bool) -> None:
    """Take a bill's newest state, whichever of its events brings it first (E1, E5).

    Its first sight posts what is owed and lets money that waited for it in, then other credit of
    the customer, where the setting says so; its cancellation takes both back.

    Raises:
        CustomerNotFound: the customer has not arrived yet.
        TotalChanged: the event contradicts what is in the ledger.
    """
    await copies.lock_customer(session, event.customer_id)
    known = await copies.find_invoice(session, event.aggregate_id)
    if known is not None and known.version >= event.aggregate_version:
        return
    if known is not None and known.total_idr != event.total_idr:
        raise TotalChanged(
            number=known.number, known=Rupiah(known.total_idr), told=Rupiah(event.total_idr)
        )
    was_void = known is not None and known.status == VOID
    invoice = known or await _first_sight(event, session)
    freed = await free_invoice(session, invoice, CANCELLED) if event.status == VOID else set()
    invoice.status, invoice.due_on = event.status, event.due_on
    invoice.version = event.aggregate_version
    await session.flush()
    if await _keep_owed(session, invoice) and apply_credit:
        await use_credit(session, invoice.customer_id)
    if invoice.status == VOID and not was_void:
        await books.take_back(session, TransactionKind.INVOICE_ISSUED, invoice.id, CANCELLED)
    for payment_id in sorted(freed):
        await allocate_freed(session, payment_id, CANCELLED)


async def _first_sight(event: InvoiceState, session: Session) -> Invoice:
    invoice = Invoice(
        id=event.aggregate_id,
        customer_id=event.customer_id,
        number=event.number,
        plan_id=event.plan_id,
        status=event.status,
        due_on=event.due_on,
        total_idr=event.total_idr,
        version=event.aggregate_version,
    )
    session.add(invoice)
    await session.flush()
    return invoice


async def _keep_owed(session: Session, invoice: Invoice) -> bool:
    """Post what is owed, once, and let the money in that waited for this bill; tell if news."""
    kind = TransactionKind.INVOICE_ISSUED
    if invoice.status == "draft" or await ledger.find_transaction(session, kind, invoice.id):
        return False
    owed = entries.bill(invoice.customer_id, Rupiah(invoice.total_idr))
    await books.post(session, kind, invoice.id, invoice.customer_id, owed)
    await let_waiting_money_in(session, invoice)
    return True
