"""The rows of a customer's statement: what was due, what came for it, what was left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from reporting.domain.customer_recap import CustomerRecap
from reporting.domain.facts import AllocationFacts, InvoiceFacts, PaymentFacts, PlanLineFacts
from reporting.domain.spelling import short_day
from shared.clock import business_day

_STATUS = {"paid": "Lunas", "partially_paid": "Sebagian", "issued": "Belum dibayar"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One printed row. ``kind``: empty, ``more``, ``rev`` (reversed) or ``fut`` (not issued)."""

    no: str = ""
    due: str = ""
    bill: int | None = None
    paid: int | None = None
    paid_on: str = ""
    reference: str = ""
    balance: int | None = None
    status: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    """One allocation with the payment it came from."""

    allocation: AllocationFacts
    payment: PaymentFacts


def rows(recap: CustomerRecap) -> tuple[Row, ...]:
    """List invoices with their payments, then what is not issued yet, by due day.

    The balance runs down from everything billed; reversed parts stay, and count nothing.
    """
    parts = _parts_by_invoice(recap)
    names = _names(recap)
    balance = recap.position.billed_idr
    printed: list[Row] = []
    invoices = [i for i in recap.dossier.invoices if i.live or parts.get(i.id)]
    for invoice in sorted(invoices, key=lambda i: (i.due_on, i.number)):
        for row in _invoice_rows(recap, invoice, parts.get(invoice.id, []), names):
            counts = row.paid is not None and row.kind != "rev"
            balance -= row.paid if counts and row.paid is not None else 0
            printed.append(replace(row, balance=balance) if counts else row)
    return (*printed, *(_future(line, names[line.plan_id, line.no]) for line in recap.lines))


def _parts_by_invoice(recap: CustomerRecap) -> dict[UUID, list[_Part]]:
    parts: dict[UUID, list[_Part]] = {}
    for payment in sorted(recap.dossier.payments, key=lambda p: (p.paid_at, p.id)):
        for allocation in payment.allocations:
            parts.setdefault(allocation.invoice_id, []).append(_Part(allocation, payment))
    return parts


def _names(recap: CustomerRecap) -> dict[tuple[UUID, int], str]:
    names: dict[tuple[UUID, int], str] = {}
    for plan in recap.dossier.plans:
        parts = 0
        for line in sorted(plan.lines, key=lambda line: line.no):
            parts += line.kind != "down_payment"
            names[line.plan_id, line.no] = str(parts) if parts else "UM"
    return names


def _invoice_rows(
    recap: CustomerRecap,
    invoice: InvoiceFacts,
    parts: list[_Part],
    names: dict[tuple[UUID, int], str],
) -> Iterator[Row]:
    no = ""
    if invoice.plan_id and invoice.plan_line_no:
        no = names.get((invoice.plan_id, invoice.plan_line_no), "")
    due = short_day(invoice.due_on)
    bill = invoice.total_idr if invoice.live else None
    still_open = _open_status(recap, invoice)
    if not parts:
        yield Row(no=no, due=due, bill=bill, status=still_open)
        return
    covered = 0
    for index, part in enumerate(parts):
        row = _paid_row(part)
        if row.kind != "rev":
            covered += part.allocation.amount_idr
            row = replace(row, status="Lunas" if covered == invoice.total_idr else "Sebagian")
        if index:
            yield row if row.kind else replace(row, kind="more")
        else:
            yield replace(row, no=no, due=due, bill=bill)
    if not covered and invoice.live:
        yield Row(status=still_open, kind="more")


def _paid_row(part: _Part) -> Row:
    gone = part.allocation.reversed or not part.payment.live
    return Row(
        paid=part.allocation.amount_idr,
        paid_on=short_day(business_day(part.payment.paid_at)),
        reference=part.payment.bank_reference,
        status="Dibalik" if gone else "",
        kind="rev" if gone else "",
    )


def _open_status(recap: CustomerRecap, invoice: InvoiceFacts) -> str:
    if not invoice.live:
        return "Dibatalkan"
    late = invoice.days_late(recap.today)
    return f"Menunggak {late} hari" if late else _STATUS[invoice.present_status]


def _future(line: PlanLineFacts, no: str) -> Row:
    return Row(
        no=no,
        due=short_day(line.due_on),
        bill=line.amount_idr,
        status="Belum terbit",
        kind="fut",
    )
