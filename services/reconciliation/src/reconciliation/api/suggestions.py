"""Whose money an exception may be about, over HTTP."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel

from reconciliation.api.views import CustomerView, customer_view
from reconciliation.domain.suggestion import Strength, Suggestion
from reconciliation.handlers.suggesting import suggest_owners
from reconciliation.models import Customer
from reconciliation.store import copies, exceptions
from shared.web import ServiceRouter, Transaction

router = ServiceRouter()


class SuggestedBill(BaseModel):
    """What one bill would get of the money."""

    invoice_id: UUID
    number: str
    due_on: date
    outstanding_idr: int
    amount_idr: int


class SuggestionView(BaseModel):
    """A customer whose money it may be; nothing is posted before a person says so.

    ``score`` is 0 to 99, ``strength`` the same in a word; ``leads`` when it is likely and nobody
    else is nearly as likely. ``supports`` and ``contradicts`` are the reasons, in words. What the
    ``bills`` do not need is ``credit_idr``.
    """

    customer: CustomerView
    score: int
    strength: Strength
    leads: bool
    supports: list[str]
    contradicts: list[str]
    bills: list[SuggestedBill]
    credit_idr: int


class Suggestions(BaseModel):
    """Who is likely, the likeliest first; perhaps nobody."""

    items: list[SuggestionView]


@router.get("/api/v1/exceptions/{exception_id}/suggestions")
async def list_suggestions(exception_id: UUID, session: Transaction) -> Suggestions:
    """Suggest whose the money of an exception is, among the customers that the reader may see."""
    found = await exceptions.get_exception(session, exception_id)
    suggested = await suggest_owners(session, found)
    known = await copies.customers_by_id(session, {each.candidate.id for each in suggested})
    return Suggestions(
        items=[_view(each, known[each.candidate.id], found.amount_idr) for each in suggested]
    )


def _view(suggestion: Suggestion, customer: Customer, amount_idr: int) -> SuggestionView:
    bills = {bill.id: bill for bill in suggestion.candidate.bills}
    shares = [
        SuggestedBill(
            invoice_id=share.invoice_id,
            number=bills[share.invoice_id].number,
            due_on=bills[share.invoice_id].due_on,
            outstanding_idr=bills[share.invoice_id].outstanding.amount,
            amount_idr=share.amount.amount,
        )
        for share in suggestion.shares
    ]
    return SuggestionView(
        customer=customer_view(customer),
        score=suggestion.score,
        strength=suggestion.strength,
        leads=suggestion.leads,
        supports=list(suggestion.supports),
        contradicts=list(suggestion.contradicts),
        bills=shares,
        credit_idr=amount_idr - sum(share.amount_idr for share in shares),
    )
