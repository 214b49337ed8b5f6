"""Use cases: keep copies, issue papers, answer questions."""

from __future__ import annotations

from reporting.handlers import copies, papers, reversals
from reporting.handlers.desk import Desk
from shared.consumer import Subscriptions
from shared.contracts.bank_gateway import VaState
from shared.contracts.customer import BookingCancelled, BookingConfirmed, ProductChanged
from shared.contracts.gateway import UserChanged
from shared.contracts.invoicing import InvoiceState, PlanMade
from shared.contracts.listeners import (
    CUSTOMER_EVENTS,
    INVOICE_EVENTS,
    MESSAGE_EVENTS,
    POSTED_EVENTS,
    VA_EVENTS,
)
from shared.contracts.reconciliation import PostedState
from shared.database import Session


def subscriptions(desk: Desk) -> Subscriptions:
    """Say which event is handled how; issuing papers needs the desk."""

    async def invoice(event: InvoiceState, session: Session) -> None:
        if await copies.keep_invoice(event, session):
            await papers.issue_invoice(desk, session, event.aggregate_id)

    async def account(event: VaState, session: Session) -> None:
        if await copies.keep_account(event, session):
            await papers.issue_bills_of_account(desk, session, event.va_owner_id)

    async def payment(event: PostedState, session: Session) -> None:
        if await copies.keep_payment(event, session):
            await papers.issue_receipt(desk, session, event.aggregate_id)
            for invoice_id in sorted({part.invoice_id for part in event.allocations}):
                await papers.issue_invoice(desk, session, invoice_id)
            await reversals.issue_letter(desk, session, event.aggregate_id)

    return {
        UserChanged: copies.keep_user,
        ProductChanged: copies.keep_product,
        BookingConfirmed: copies.keep_booking,
        BookingCancelled: copies.keep_booking,
        PlanMade: copies.keep_plan,
        **dict.fromkeys(CUSTOMER_EVENTS, copies.keep_customer),
        **dict.fromkeys(INVOICE_EVENTS, invoice),
        **dict.fromkeys(VA_EVENTS, account),
        **dict.fromkeys(POSTED_EVENTS, payment),
        **dict.fromkeys(MESSAGE_EVENTS, copies.keep_message),
    }
