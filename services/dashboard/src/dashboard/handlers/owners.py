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
from dashboard.domain.inbox import Candidate
from dashboard.store.services import Reader
from shared.errors import DomainError

CANDIDATES, BILLS = 5, 200


async def find(reader: Reader, detail: Detail, search: str, *, splits: bool) -> dict[str, Any]:
    """Find who may own the money of a matter that can be matched.

    Gives ``candidates`` with their bills, and ``suggestions``, None when they cannot be read.

    Args:
        search: whom a person looks for; empty, the service suggests.
        splits: who is suggested is wanted with all his bills.
    """
    candidates: list[Candidate] = []
    suggestions: tuple[Suggestion, ...] | None = ()
    if "match" not in detail.actions:
        pass
    elif detail.customer is not None:
        known = Candidate(str(detail.customer.id), detail.customer.name, "")
        candidates = [await _with_bills(reader, known)]
    elif len(search.strip()) > 1:
        candidates = await _look_for(reader, search)
    else:
        suggestions = await _suggested(reader, detail)
        if splits and suggestions:
            candidates = await _all_with_bills(reader, map(_suggested_as, suggestions))
    return {"candidates": candidates, "suggestions": suggestions}


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
