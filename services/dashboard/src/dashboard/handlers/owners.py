"""Whose money a matter may be about: its owner, who is suggested, or whom a person looks for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from dashboard.domain.answers.base import Page
from dashboard.domain.answers.customers import Customer
from dashboard.domain.answers.exceptions import Detail, Suggestion, Suggestions
from dashboard.domain.answers.invoices import Invoice, InvoicePage
from dashboard.domain.dividing import SHOWN_MOST, Division
from dashboard.domain.inbox import Candidate
from dashboard.store.services import Reader
from shared.errors import DomainError

CANDIDATES, BILLS = 5, 200


async def find(
    reader: Reader, detail: Detail, search: str, division: Division | None = None
) -> dict[str, Any]:
    """Find who may own the money of a matter that can be matched.

    Gives ``candidates`` with their bills, and ``suggestions``, None when they cannot be read.

    Args:
        search: whom a person looks for; empty, the service suggests.
        division: how it is being split: whoever is to get something stays among the candidates.
    """
    candidates: list[Candidate] = []
    suggestions: tuple[Suggestion, ...] | None = ()
    if "match" not in detail.actions:
        pass
    elif detail.customer is not None:
        known = Candidate(str(detail.customer.id), detail.customer.name, "")
        candidates = [await _with_bills(reader, known)]
    elif division is not None:
        candidates = await _to_divide_among(reader, detail, search, division)
    elif len(search.strip()) > 1:
        candidates = await _look_for(reader, search)
    else:
        suggestions = await _suggested(reader, detail)
    return {"candidates": candidates, "suggestions": suggestions}


async def _to_divide_among(
    reader: Reader, detail: Detail, search: str, division: Division
) -> list[Candidate]:
    """Give who is named already, then whoever is looked for, else suggested; each once."""
    known = [await _by_id(reader, customer_id) for customer_id in division.shown]
    named = await _all_with_bills(reader, (each for each in known if each is not None))
    if len(search.strip()) > 1:
        found = await _look_for(reader, search)
    else:
        suggested = await _suggested(reader, detail) or ()
        found = await _all_with_bills(reader, map(_suggested_as, suggested))
    kept = [each for each in named if division.names(each)]
    return list({each.id: each for each in [*kept, *found]}.values())[:SHOWN_MOST]


async def _by_id(reader: Reader, customer_id: str) -> Candidate | None:
    try:
        customer = await reader.get("customer", f"/customers/{customer_id}", Customer)
    except DomainError:
        return None
    return Candidate(str(customer.id), customer.name, customer.number)


async def _suggested(reader: Reader, detail: Detail) -> tuple[Suggestion, ...] | None:
    path = f"/exceptions/{detail.id}/suggestions"
    try:
        return (await reader.get("reconciliation", path, Suggestions)).items
    except DomainError:
        return None


async def _look_for(reader: Reader, search: str) -> list[Candidate]:
    words = search.strip()
    try:
        found = await reader.get(
            "customer", "/customers", Page[Customer], search=words, limit=CANDIDATES
        )
    except DomainError:
        return []
    named = (Candidate(str(each.id), each.name, each.number) for each in found.items)
    return await _all_with_bills(reader, named)


def _suggested_as(suggestion: Suggestion) -> Candidate:
    customer = suggestion.customer
    return Candidate(str(customer.id), customer.name, customer.number)


async def _all_with_bills(reader: Reader, candidates: Iterable[Candidate]) -> list[Candidate]:
    return list(await asyncio.gather(*(_with_bills(reader, each) for each in candidates)))


async def _with_bills(reader: Reader, candidate: Candidate) -> Candidate:
    try:
        found = await reader.get(
            "invoicing", "/invoices", InvoicePage, customer_id=candidate.id, limit=BILLS
        )
    except DomainError:
        return replace(candidate, unread=True)
    bills = sorted(filter(_is_open, found.items), key=lambda bill: (bill.due_on, bill.id))
    return replace(candidate, bills=tuple(bills))


def _is_open(bill: Invoice) -> bool:
    return bill.status in {"issued", "partially_paid"} and bill.outstanding_idr > 0
