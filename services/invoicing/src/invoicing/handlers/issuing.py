"""Issuing: a plan line or free lines become a bill that is owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from invoicing.domain.invoice import Charge, charges_of, number_of, total_of
from invoicing.handlers import states
from invoicing.handlers.lines import top_up
from invoicing.models import Invoice, InvoiceLine, Plan, PlanLine
from invoicing.store import copies, plans
from shared import audit, numbering
from shared.contracts.customer import VaMode
from shared.contracts.invoicing import InvoiceIssued
from shared.database import Session
from shared.errors import Conflict


class AlreadyIssued(Conflict):
    """The line has a live bill; one line, one bill."""

    detail = "Baris {no} sudah diterbitkan. Tidak ada tagihan baru yang dibuat."


class LineLapsed(Conflict):
    """The booking was cancelled, so this line will never be owed."""

    detail = "Baris {no} gugur karena booking dibatalkan."


@dataclass(frozen=True, slots=True)
class FreeBill:
    """A bill outside any plan."""

    customer_id: UUID
    due_on: date
    charges: Sequence[Charge]
    va_mode: VaMode = "invoice"


async def issue_plan_line(session: Session, plan_id: UUID, no: int) -> Invoice:
    """Issue one line of a plan.

    Raises:
        PlanNotFound, LineNotFound: not there, or not the caller's.
        AlreadyIssued: it has a live bill.
        LineLapsed: the booking was cancelled.
    """
    plan = await plans.get_plan(session, plan_id, lock=True)
    return await issue_line(session, plan, no)


async def issue_line(session: Session, plan: Plan, no: int) -> Invoice:
    """Issue one line of a plan whose row the caller has locked or just made."""
    line = await plans.get_line(session, plan.id, no)
    _check_line(line)
    charges = charges_of(line.as_line, plan.title, plan.booked_items)
    invoice = await _new_invoice(session, plan.customer_id, line.due_on, charges)
    invoice.booking_id, invoice.plan_id = plan.booking_id, plan.id
    invoice.plan_line_no, invoice.plan_kind = line.no, plan.kind
    invoice.va_mode = plan.va_mode
    invoice.title = line.label
    await _store(session, invoice, charges)
    line.invoice_id = invoice.id
    await top_up(session, plan)
    plan.version += 1
    await states.publish_plan(session, plan)
    return invoice


async def issue_free(session: Session, bill: FreeBill) -> Invoice:
    """Issue a bill that no plan foresaw.

    Raises:
        CustomerNotFound: not there, or not the caller's.
        TotalTooLarge: beyond what an amount may be.
    """
    await copies.get_customer(session, bill.customer_id)
    invoice = await _new_invoice(session, bill.customer_id, bill.due_on, bill.charges)
    invoice.va_mode = bill.va_mode
    await _store(session, invoice, bill.charges)
    return invoice


def _check_line(line: PlanLine) -> None:
    if line.lapsed:
        raise LineLapsed(no=line.no, current="lapsed")
    if line.invoice_id is not None:
        raise AlreadyIssued(no=line.no, current="issued")


async def _new_invoice(
    session: Session, customer_id: UUID, due_on: date, charges: Sequence[Charge]
) -> Invoice:
    total = total_of(charges)
    today = session.clock.today()
    sequence = await numbering.take(session, "INV", f"{today.year}-{today.month:02}")
    return Invoice(
        number=number_of(today.year, today.month, sequence),
        customer_id=customer_id,
        title=charges[0].description,
        issued_at=session.clock.now(),
        due_on=due_on,
        total_idr=total.amount,
        issued_by=session.principal.name,
    )


async def _store(session: Session, invoice: Invoice, charges: Sequence[Charge]) -> None:
    session.add(invoice)
    await session.flush()
    numbered = enumerate(charges, start=1)
    session.add_all([InvoiceLine.of(invoice, no, charge) for no, charge in numbered])
    audit.record(
        session,
        action="invoice.issued",
        object_type="invoice",
        object_id=invoice.id,
        after=states.invoice_facts(invoice),
    )
    await states.publish_invoice(session, invoice, InvoiceIssued)
