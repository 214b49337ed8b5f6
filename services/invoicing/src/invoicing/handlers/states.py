"""Telling others and the audit log: the full state of a plan or an invoice."""

from __future__ import annotations

from typing import Any

from invoicing.domain.invoice import InvoiceStatus
from invoicing.models import Invoice, Plan, PlanLine
from invoicing.store import invoices, plans
from shared import outbox
from shared.contracts import invoicing as contracts
from shared.database import Session


async def publish_plan(session: Session, plan: Plan) -> None:
    """Publish the plan as it stands, with every line."""
    await session.flush()
    lines = (await plans.lines_of(session, [plan.id]))[plan.id]
    event = contracts.PlanMade.of(
        plan.version,
        session.clock.now(),
        plan.id,
        booking_id=plan.booking_id,
        booking_number=plan.booking_number,
        customer_id=plan.customer_id,
        kind=plan.kind,
        title=plan.title,
        va_mode=plan.va_mode,
        lines=[line_state(line) for line in lines],
    )
    outbox.publish(session, event)


def line_state(line: PlanLine) -> dict[str, Any]:
    """Give a plan line as contracts and answers show it."""
    return line.model_dump(exclude={"plan_id", "customer_id"})


async def publish_invoice(
    session: Session, invoice: Invoice, contract: type[contracts.InvoiceState]
) -> None:
    """Publish the invoice as it stands, with its lines."""
    await session.flush()
    lines = (await invoices.lines_of(session, [invoice.id]))[invoice.id]
    facts = invoice.model_dump(exclude={"id", "version", "va_owner_id", "marketing_id"})
    event = contract.of(
        invoice.version,
        session.clock.now(),
        invoice.id,
        lines=[line.model_dump(exclude={"invoice_id", "no", "customer_id"}) for line in lines],
        **facts,
    )
    outbox.publish(session, event)


def changed_contract(invoice: Invoice) -> type[contracts.InvoiceState]:
    """Choose between ``invoice.paid`` and ``invoice.changed``."""
    paid = invoice.state is InvoiceStatus.PAID
    return contracts.InvoicePaid if paid else contracts.InvoiceChanged


def invoice_facts(invoice: Invoice) -> dict[str, Any]:
    """Give what the audit log keeps of an invoice."""
    kept = {"number", "status", "due_on", "total_idr", "paid_idr", "cancel_reason", "version"}
    return invoice.model_dump(mode="json", include=kept)


def plan_facts(plan: Plan) -> dict[str, Any]:
    """Give what the audit log keeps of a plan."""
    kept = {"booking_number", "kind", "title", "total_idr", "cancelled", "version"}
    return plan.model_dump(mode="json", include=kept)
