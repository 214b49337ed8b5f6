"""From figures to views; nothing is added up here."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from uuid import UUID

from reporting.api import recap_views, views
from reporting.domain.customer_recap import CustomerRecap
from reporting.domain.facts import (
    BookingFacts,
    InvoiceFacts,
    PaymentFacts,
    PlanFacts,
    PlanLineFacts,
)
from reporting.domain.marketing import ChannelRow, Totals
from reporting.domain.period import PeriodRecap
from reporting.domain.position import Position
from reporting.store.customer_list import CustomerRow

_AGE_NAMES = ("not_due", "days_1_30", "days_31_60", "days_61_90", "days_over_90")


def money(position: Position, credit_idr: int, today: date) -> views.Money:
    """Shape a position."""
    paid, due, remaining = position.percents
    return views.Money(
        billed_idr=position.billed_idr,
        paid_idr=position.paid_idr,
        outstanding_idr=position.unpaid_idr,
        due_this_month_idr=position.due_this_month_idr,
        remaining_idr=position.remaining_idr,
        credit_idr=credit_idr,
        overdue_idr=position.overdue_idr,
        overdue_days=position.overdue_days(today),
        next_due_on=position.next_due_on,
        next_due_idr=position.next_due_idr,
        percent=views.Percents(paid=paid, due_this_month=due, remaining=remaining),
        state=position.state(today).value,
    )


def customer_item(row: CustomerRow, today: date) -> views.CustomerItem:
    """Shape one row of the list."""
    customer = views.CustomerName(
        id=row.id,
        number=row.number,
        name=row.name,
        phone=row.phone,
        status=row.status,
        marketing=views.Named(id=row.marketing_id, name=row.marketing_name),
    )
    figures = money(row.position, row.credit_idr, today)
    return views.CustomerItem(customer=customer, **dict(figures))


def customer_page(recap: CustomerRecap) -> views.CustomerPage:
    """Shape one customer's page; what is not issued yet follows the bills, by due day."""
    dossier = recap.dossier
    facts = asdict(dossier.customer)
    plans = {plan.id: plan for plan in dossier.plans}
    bills = [_invoice(invoice, plans, recap.today) for invoice in dossier.invoices]
    bills += [_scheduled(line, plans[line.plan_id]) for line in recap.lines]
    marketing = views.Named(id=facts["marketing_id"], name=facts["marketing_name"])
    return views.CustomerPage(
        **dict(money(recap.position, recap.credit_idr, recap.today)),
        as_of=recap.as_of,
        customer=views.CustomerDetail(**facts, marketing=marketing),
        unverified_idr=recap.unconfirmed_idr,
        invoices=sorted(bills, key=lambda bill: (bill.due_on, bill.number or "~")),
        payments=[_payment(payment) for payment in reversed(dossier.payments)],
        bookings=[_booking(booking, recap) for booking in dossier.bookings],
        virtual_accounts=[views.Account(**asdict(account)) for account in dossier.accounts],
    )


def _invoice(invoice: InvoiceFacts, plans: dict[UUID, PlanFacts], today: date) -> views.InvoiceItem:
    plan = plans.get(invoice.plan_id) if invoice.plan_id else None
    line = _line(plan, invoice.plan_line_no)
    late = invoice.days_late(today)
    return views.InvoiceItem(
        id=invoice.id,
        number=invoice.number,
        title=invoice.title,
        kind=line.kind if line else None,
        plan_id=invoice.plan_id,
        plan_line_no=invoice.plan_line_no,
        booking_id=invoice.booking_id,
        booking_number=plan.booking_number if plan else None,
        contract=plan.title if plan else None,
        issued_at=invoice.issued_at,
        due_on=invoice.due_on,
        total_idr=invoice.total_idr,
        paid_idr=invoice.paid_idr,
        outstanding_idr=invoice.unpaid_idr,
        status=invoice.present_status,
        overdue=late > 0,
        overdue_days=late,
        paid_at=invoice.last_paid_at if invoice.present_status == "paid" else None,
        virtual_account=views.Account(**asdict(invoice.account)) if invoice.account else None,
    )


def _line(plan: PlanFacts | None, no: int | None) -> PlanLineFacts | None:
    lines = plan.lines if plan else ()
    return next((line for line in lines if line.no == no), None)


def _scheduled(line: PlanLineFacts, plan: PlanFacts) -> views.InvoiceItem:
    return views.InvoiceItem(
        id=None,
        number=None,
        title=line.label,
        kind=line.kind,
        plan_id=plan.id,
        plan_line_no=line.no,
        booking_id=plan.booking_id,
        booking_number=plan.booking_number,
        contract=plan.title,
        issued_at=None,
        due_on=line.due_on,
        total_idr=line.amount_idr,
        paid_idr=0,
        outstanding_idr=line.amount_idr,
        status="scheduled",
        overdue=False,
        overdue_days=0,
        paid_at=None,
        virtual_account=None,
    )


def _payment(payment: PaymentFacts) -> views.PaymentItem:
    return views.PaymentItem.model_validate(asdict(payment))


def _booking(booking: BookingFacts, recap: CustomerRecap) -> views.BookingItem:
    plan = next((p for p in recap.dossier.plans if p.booking_id == booking.id), None)
    part = recap.of_booking(booking.id)
    return views.BookingItem(
        **asdict(booking),
        plan_id=plan.id if plan else None,
        plan_kind=plan.kind if plan else None,
        billed_idr=part.billed_idr,
        paid_idr=part.paid_idr,
        next_due_on=part.next_due_on,
    )


def collection_sums(totals: Totals) -> recap_views.CollectionSums:
    """Shape added-up collections."""
    return recap_views.CollectionSums(
        customers=totals.customers,
        bills=totals.bills,
        billed_idr=totals.billed_idr,
        paid_idr=totals.paid_idr,
        outstanding_idr=totals.outstanding_idr,
        overdue_idr=totals.overdue_idr,
        received_idr=totals.received_idr,
        percent=totals.percent,
    )


def channel(row: ChannelRow) -> recap_views.Channel:
    """Shape one channel."""
    return recap_views.Channel(
        channel=row.channel,
        payments=row.payments,
        amount_idr=row.received_idr,
        percent=row.percent,
    )


def pieces(recap: PeriodRecap) -> list[recap_views.Piece]:
    """Shape what came, by piece and channel; empty pieces have no row."""
    return [
        recap_views.Piece(
            period=recap.span.label(piece.start),
            channel=row.channel,
            payments=row.payments,
            amount_idr=row.received_idr,
        )
        for piece in recap.pieces
        for row in piece.channels
    ]


def series(recap: PeriodRecap) -> list[recap_views.Expected]:
    """Shape what fell due and what came, every piece of the period."""
    return [
        recap_views.Expected(
            period=recap.span.label(piece.start),
            starts_on=piece.start,
            expected_idr=piece.expected_idr,
            received_idr=piece.received_idr,
        )
        for piece in recap.pieces
    ]


def closing(recap: PeriodRecap) -> recap_views.Closing:
    """Shape the closing sum."""
    return recap_views.Closing(
        opening_idr=recap.opening_idr,
        billed_idr=recap.billed_idr,
        invoices=recap.invoices,
        allocated_idr=recap.allocated_idr,
        cancelled_idr=recap.cancelled_idr,
        closing_idr=recap.closing_idr,
        explained=recap.explained,
        credit_opening_idr=recap.credit.opening_idr,
        credit_closing_idr=recap.credit.closing_idr,
    )


def owners(recap: PeriodRecap) -> list[recap_views.Owner]:
    """Shape each Marketing's part."""
    return [
        recap_views.Owner(
            marketing=views.Named(id=owner.marketing_id, name=owner.name),
            customers=owner.customers,
            billed_idr=owner.billed_idr,
            received_idr=owner.received_idr,
            closing_idr=owner.closing_idr,
            percent=owner.percent,
        )
        for owner in recap.owners
    ]


def open_by_age(recap: PeriodRecap) -> dict[str, int]:
    """Name what was owed at the end, by days past due."""
    return dict(zip(_AGE_NAMES, recap.open_idr, strict=True))
