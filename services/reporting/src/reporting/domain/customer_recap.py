"""The recap of one customer: his page, his sheet of paper and the list say the same (M4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from reporting.domain.facts import Dossier, InvoiceFacts, PlanLineFacts
from reporting.domain.position import Owed, Position, position


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRecap:
    """One customer's figures with the rows that add up to them.

    Attributes:
        credit_idr: money held without an invoice (titipan).
        unconfirmed_idr: the part of the payments that the bank has not confirmed yet (C11).
        lines: owed plan lines that are not issued yet.
    """

    as_of: datetime
    today: date
    dossier: Dossier
    position: Position
    credit_idr: int
    unconfirmed_idr: int
    lines: tuple[PlanLineFacts, ...]

    def of_booking(self, booking_id: UUID) -> Position:
        """Add up one booking's part."""
        plans = {plan.id for plan in self.dossier.plans if plan.booking_id == booking_id}
        invoices = [i for i in self.dossier.invoices if i.booking_id == booking_id]
        lines = [line for line in self.lines if line.plan_id in plans]
        return position(_owed(self.dossier.customer.id, invoices, lines), self.today)

    @property
    def next_invoice(self) -> InvoiceFacts | None:
        """The open invoice on the next due day, when it is issued already."""
        due_on = self.position.next_due_on
        waiting = (i for i in self.dossier.invoices if i.due_on == due_on and i.unpaid_idr)
        return next(waiting, None)


def customer_recap(dossier: Dossier, as_of: datetime, today: date) -> CustomerRecap:
    """Add one customer up."""
    payments = [payment for payment in dossier.payments if payment.live]
    lines = [line for plan in dossier.plans for line in plan.lines if line.future]
    return CustomerRecap(
        as_of=as_of,
        today=today,
        dossier=dossier,
        position=position(_owed(dossier.customer.id, dossier.invoices, lines), today),
        credit_idr=sum(p.unallocated_idr for p in payments),
        unconfirmed_idr=sum(p.amount_idr for p in payments if p.verification != "verified"),
        lines=tuple(sorted(lines, key=_line_order)),
    )


def _owed(
    customer_id: UUID, invoices: Iterable[InvoiceFacts], lines: Iterable[PlanLineFacts]
) -> Iterator[Owed]:
    for invoice in invoices:
        if invoice.live:
            yield Owed(customer_id, invoice.due_on, invoice.total_idr, invoice.paid_idr, True)
    for line in lines:
        yield Owed(customer_id, line.due_on, line.amount_idr, 0, False)


def _line_order(line: PlanLineFacts) -> tuple[date, UUID, int]:
    return line.due_on, line.plan_id, line.no
