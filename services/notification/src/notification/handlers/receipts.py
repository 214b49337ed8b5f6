"""Telling a customer of his payment without being asked, once the bank has confirmed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from notification.domain.message import DocumentPending, PaymentNotStanding, Template
from notification.handlers import composing, copies
from notification.handlers.desk import Desk
from notification.handlers.messages import About, pen_of
from notification.handlers.reminders import queue
from notification.store import copies as store
from notification.store import rules as rules_store
from shared.contracts.reconciliation import PostedState
from shared.contracts.reporting import DocumentReady
from shared.database import Session

FRESH = timedelta(days=2)
"""Of an older payment nobody is told by himself: it is being told again, or was imported."""


@dataclass(frozen=True)
class Receipts:
    """Follows payments and papers as before, and writes when both are there."""

    desk: Desk

    async def follow_payment(self, event: PostedState, session: Session) -> None:
        """Take over a payment; the customer may be told of it."""
        await copies.follow_payment(event, session)
        await self._consider(session, event.aggregate_id)

    async def follow_document(self, event: DocumentReady, session: Session) -> None:
        """Take over a paper; the customer may be told of what it proves."""
        await copies.follow_document(event, session)
        if event.payment_id is not None:
            await self._consider(session, event.payment_id)

    async def _consider(self, session: Session, payment_id: UUID) -> None:
        rules = await rules_store.current(session)
        payment = await store.find_payment(session, payment_id) if rules.receipts else None
        if payment is None or payment.verification != "verified" or payment.customer_id is None:
            return
        if payment.paid_at + FRESH < session.clock.now():
            return
        try:
            pen = await pen_of(session, self.desk.letterhead)
            letter = await composing.about_payment(session, pen, payment)
        except (DocumentPending, PaymentNotStanding):
            return
        about = About(Template.RECEIPT, payment.id, "receipt.auto")
        await queue(session, self.desk, about, letter)
