"""Cancelling: a bill that received nothing becomes void."""

from __future__ import annotations

from uuid import UUID

from invoicing.handlers import states
from invoicing.models import Invoice
from invoicing.store import invoices, plans
from shared import audit
from shared.contracts.invoicing import InvoiceCancelled
from shared.database import Session


async def cancel_invoice(session: Session, invoice_id: UUID, reason: str) -> Invoice:
    """Void a bill and free its plan line, which may then be issued again under a new number.

    The line of a cancelled booking lapses instead.

    Raises:
        InvoiceNotFound: not there, or not the caller's.
        MoneyReceived: it has received money (M6).
        InvalidTransition: it is void already.
    """
    seen = await invoices.get_invoice(session, invoice_id)
    plan = seen.plan_id and await plans.get_plan(session, seen.plan_id, lock=True)
    invoice = await invoices.get_invoice(session, invoice_id, lock=True)
    before = states.invoice_facts(invoice)
    invoice.cancel(reason)
    audit.record(
        session,
        action="invoice.cancelled",
        object_type="invoice",
        object_id=invoice.id,
        before=before,
        after=states.invoice_facts(invoice),
        reason=reason,
    )
    await states.publish_invoice(session, invoice, InvoiceCancelled)
    if plan and invoice.plan_line_no is not None:
        line = await plans.get_line(session, plan.id, invoice.plan_line_no)
        line.invoice_id, line.lapsed = None, plan.cancelled
        plan.version += 1
        await states.publish_plan(session, plan)
    return invoice
