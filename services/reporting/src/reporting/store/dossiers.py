"""Everything about one customer, read into plain records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, text
from sqlmodel import col, select

from reporting.domain.facts import (
    AccountFacts,
    AllocationFacts,
    BookingFacts,
    BookingItemFacts,
    CustomerFacts,
    Dossier,
    InvoiceFacts,
    InvoiceLineFacts,
    PaymentFacts,
    PlanFacts,
    PlanLineFacts,
)
from reporting.domain.position import Owed
from reporting.models import (
    Allocation,
    Booking,
    Customer,
    Document,
    Invoice,
    Payment,
    Plan,
    PlanLine,
    User,
    VirtualAccount,
)
from shared.database import Session
from shared.errors import NotFound

_ASIDE = {"version", "lines", "issued_on", "cancelled_on", "va_mode", "va_owner_id"}

Row = TypeVar("Row", Allocation, Booking, Invoice, Payment, Plan, PlanLine, VirtualAccount)

Single = TypeVar("Single", Invoice, Payment)
Condition = ColumnElement[bool] | bool

_OWED = text("SELECT due_on, total_idr, paid_idr, invoiced FROM owed WHERE customer_id = :id")
_FUTURE = text("SELECT plan_id, line_no FROM owed WHERE customer_id = :id AND NOT invoiced")


class CustomerNotKnownYet(NotFound):
    """An event came before the customer it is about; it is tried again (E1)."""

    detail = "Pelanggan belum dikenal."


@dataclass(frozen=True, slots=True)
class _Money:
    """A customer's allocations, payments and their papers, to look things up in."""

    allocations: Sequence[Allocation]
    payments: dict[UUID, Payment]
    receipts: dict[UUID, str]
    letters: dict[UUID, str]

    def of_invoice(self, invoice_id: UUID) -> list[Allocation]:
        live = (a for a in self.allocations if not a.reversed)
        return [a for a in live if a.invoice_id == invoice_id]


async def load(session: Session, customer_id: UUID) -> Dossier | None:
    """Read one customer with all that follows him; None when he is not in sight."""
    holder = await customer(session, customer_id)
    if holder is None:
        return None
    money = await _money(session, customer_id)
    accounts = await _accounts(session, customer_id)
    invoices = await _all(session, Invoice, customer_id)
    titles = {invoice.id: invoice.title for invoice in invoices}
    return Dossier(
        customer=holder,
        invoices=tuple(
            _invoice(row, money, accounts)
            for row in sorted(invoices, key=lambda i: (i.due_on, i.number))
        ),
        payments=tuple(
            _payment(row, money, titles)
            for row in sorted(money.payments.values(), key=lambda p: (p.paid_at, p.id))
        ),
        plans=await _plans(session, customer_id),
        bookings=tuple(_booking(row) for row in await _all(session, Booking, customer_id)),
        accounts=tuple(accounts),
    )


async def invoice(session: Session, invoice_id: UUID) -> InvoiceFacts | None:
    """Read one invoice and what paid it, without the rest of its customer's dossier.

    Raises:
        CustomerNotKnownYet: nobody told us of him so far.
    """
    row = await _one(session, Invoice, invoice_id)
    if row is None:
        return None
    paid = (
        select(Allocation, Payment)
        .join(Payment, col(Payment.id) == col(Allocation.payment_id))
        .where(Allocation.invoice_id == invoice_id, col(Allocation.reversed).is_(False))
    )
    parts = (await session.exec(paid)).all()
    payments = {payment.id: payment for _, payment in parts}
    papers = await _papers(session, col(Document.payment_id).in_(payments)) if parts else ({}, {})
    money = _Money([allocation for allocation, _ in parts], payments, *papers)
    same_owner = col(VirtualAccount.va_owner_id) == row.va_owner_id
    return _invoice(row, money, await _accounts(session, row.customer_id, same_owner))


async def payment(session: Session, payment_id: UUID) -> PaymentFacts | None:
    """Read one payment and what it paid, without the rest of its customer's dossier.

    Raises:
        CustomerNotKnownYet: it has one, and nobody told us of him so far.
    """
    row = await _one(session, Payment, payment_id)
    if row is None:
        return None
    paid = (
        select(Allocation, Invoice.title)
        .outerjoin(Invoice, col(Invoice.id) == col(Allocation.invoice_id))
        .where(Allocation.payment_id == payment_id)
    )
    parts = (await session.exec(paid)).all()
    titles = {allocation.invoice_id: title for allocation, title in parts if title}
    papers = await _papers(session, Document.payment_id == payment_id)
    money = _Money([allocation for allocation, _ in parts], {row.id: row}, *papers)
    return _payment(row, money, titles)


async def owed(session: Session, customer_id: UUID) -> list[Owed]:
    """Read what a customer owes and has paid of it, amount by amount."""
    rows = await session.execute(_OWED, {"id": customer_id})
    return [Owed(customer_id, *row) for row in rows]


async def bills_of_account(session: Session, owner_id: UUID) -> Sequence[UUID]:
    """List the bills that are paid to the account of a bill, a contract or a customer."""
    live = col(Invoice.status).in_(["issued", "partially_paid", "paid"])
    query = select(Invoice.id).where(Invoice.va_owner_id == owner_id, live)
    return (await session.exec(query.order_by(col(Invoice.id)))).all()


async def customer(session: Session, customer_id: UUID) -> CustomerFacts | None:
    """Read who he is; None when he is not in sight."""
    query = (
        select(Customer, User.phone)
        .outerjoin(User, col(User.id) == col(Customer.marketing_id))
        .where(Customer.id == customer_id)
    )
    found = (await session.exec(query)).one_or_none()
    if found is None:
        return None
    row, phone = found
    return CustomerFacts(**row.model_dump(exclude={"version"}), marketing_phone=phone)


async def _money(session: Session, customer_id: UUID) -> _Money:
    payments = await _all(session, Payment, customer_id)
    papers = await _papers(session, Document.customer_id == customer_id)
    allocations = await _all(session, Allocation, customer_id)
    return _Money(allocations, {payment.id: payment for payment in payments}, *papers)


async def _papers(
    session: Session, condition: Condition
) -> tuple[dict[UUID, str], dict[UUID, str]]:
    """Read the numbers of Kwitansi and of letters of reversal, by their payments."""
    kinds = ("receipt", "reversal_letter")
    query = select(Document.kind, Document.payment_id, Document.number).where(
        col(Document.kind).in_(kinds), condition
    )
    rows = (await session.exec(query)).all()
    receipts, letters = (
        {payment: number for kind, payment, number in rows if kind == wanted and payment}
        for wanted in kinds
    )
    return receipts, letters


async def _accounts(
    session: Session, customer_id: UUID, *conditions: Condition
) -> list[AccountFacts]:
    """Read the accounts; of several for one bill or contract, the newest comes last."""
    rows = await _all(session, VirtualAccount, customer_id, *conditions)
    ordered = sorted(rows, key=lambda row: row.version)
    return [AccountFacts(**r.model_dump(exclude={"version", "customer_id"})) for r in ordered]


async def _plans(session: Session, customer_id: UUID) -> tuple[PlanFacts, ...]:
    lines = await _all(session, PlanLine, customer_id)
    unissued = await session.execute(_FUTURE, {"id": customer_id})
    future = {(row.plan_id, row.line_no) for row in unissued}
    facts = [
        PlanLineFacts(
            **line.model_dump(exclude={"customer_id"}), future=(line.plan_id, line.no) in future
        )
        for line in sorted(lines, key=lambda line: line.no)
    ]
    plans = await _all(session, Plan, customer_id)
    return tuple(
        PlanFacts(
            **plan.model_dump(exclude={"version", "customer_id"}),
            lines=tuple(line for line in facts if line.plan_id == plan.id),
        )
        for plan in sorted(plans, key=lambda plan: (plan.booking_number, plan.id))
    )


async def _one(session: Session, model: type[Single], row_id: UUID) -> Single | None:
    query = (
        select(model, Customer.id)
        .outerjoin(Customer, col(Customer.id) == col(model.customer_id))
        .where(col(model.id) == row_id)
    )
    found = (await session.exec(query)).one_or_none()
    if found is None:
        return None
    row, customer_id = found
    if row.customer_id is not None and customer_id is None:
        raise CustomerNotKnownYet
    return row


async def _all(
    session: Session, model: type[Row], customer_id: UUID, *conditions: Condition
) -> Sequence[Row]:
    query = select(model).where(col(model.customer_id) == customer_id, *conditions)
    return (await session.exec(query)).all()


def _invoice(row: Invoice, money: _Money, accounts: list[AccountFacts]) -> InvoiceFacts:
    live = money.of_invoice(row.id)
    paid_by = [money.payments[a.payment_id] for a in live]
    receipts = {money.receipts[p.id] for p in paid_by if p.id in money.receipts}
    own = [account for account in accounts if account.va_owner_id == row.va_owner_id]
    return InvoiceFacts(
        **row.model_dump(exclude=_ASIDE),
        paid_idr=sum(a.amount_idr for a in live),
        last_paid_at=max((payment.paid_at for payment in paid_by), default=None),
        lines=tuple(InvoiceLineFacts(**line) for line in row.lines),
        account=own[-1] if own else None,
        receipts=tuple(sorted(receipts)),
        credit_used_idr=sum(
            a.amount_idr for a in live if money.payments[a.payment_id].paid_at < row.issued_at
        ),
    )


def _payment(row: Payment, money: _Money, titles: dict[UUID, str]) -> PaymentFacts:
    parts = [a for a in money.allocations if a.payment_id == row.id]
    return PaymentFacts(
        **row.model_dump(exclude={"version", "paid_on", "payer_name", "reversed_on", "reason"}),
        allocations=tuple(
            AllocationFacts(
                **part.model_dump(exclude={"customer_id"}),
                invoice_title=titles.get(part.invoice_id, part.invoice_number),
            )
            for part in sorted(parts, key=lambda part: part.id)
        ),
        receipt_number=money.receipts.get(row.id),
        letter_number=money.letters.get(row.id),
    )


def _booking(row: Booking) -> BookingFacts:
    items = tuple(BookingItemFacts(**item) for item in row.items)
    return BookingFacts(**row.model_dump(exclude={"version", "customer_id", "items"}), items=items)
