"""Change requests: asking, the list, one with its old and new side by side, the decision (A30)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from dashboard.domain import facts, status
from dashboard.domain.answers.base import Page
from dashboard.domain.answers.customers import Booking, Customer
from dashboard.domain.answers.requests import ChangeRequest
from dashboard.domain.forms import Form, identity
from dashboard.domain.recap_choice import Tab
from dashboard.handlers.customers import find_customer
from dashboard.handlers.invoices import find_invoice
from dashboard.store.services import Reader
from shared.errors import DomainError, NotFound
from shared.phones import PhoneNotValid, normalise

VIEWS = {"open": "Menunggu", "applied": "Dijalankan", "refused": "Ditolak", "": "Semua"}
FIELDS = {*facts.CUSTOMER, "reason", "words"}
WORDS = {"customer": "Data pelanggan", "booking": "Booking", "invoice": "Tagihan"}
PAGES = {"customer": "/customers", "booking": "/bookings", "invoice": "/invoices"}
_ROWS = 50


async def list_requests(reader: Reader, given: Mapping[str, str]) -> dict[str, Any]:
    """Show one page of the list."""
    wanted = {"status": given.get("status", "open"), "search": given.get("search", "")}
    if wanted["status"] not in VIEWS:
        raise NotFound
    cursor = given.get("cursor", "")
    found = await reader.get(
        "customer", "/change-requests", Page[ChangeRequest], **wanted, cursor=cursor, limit=_ROWS
    )
    tabs = [
        Tab(word, _address(wanted | {"status": key}), key == wanted["status"], None)
        for key, word in VIEWS.items()
    ]
    following = found.next_cursor or ""
    return {
        "found": found,
        "rows": [(each, status.REQUEST.get(each.status, status.UNKNOWN)) for each in found.items],
        "tabs": tabs,
        "filter": wanted,
        "words": WORDS,
        "next_address": _address(wanted | {"cursor": following}) if following else "",
    }


async def count_waiting(reader: Reader, *, wanted: bool) -> int:
    """Count what waits for Admin; a page does without when it cannot be had."""
    if not wanted:
        return 0
    try:
        path = "/change-requests"
        found = await reader.get("customer", path, Page[ChangeRequest], status="open", limit=1)
    except DomainError:
        return 0
    return found.total


async def subject_of(reader: Reader, given: Mapping[str, str]) -> dict[str, Any]:
    """Find what a new request speaks of: one of a customer, a booking, a bill.

    Raises:
        NotFound: not there, or not his.
    """
    if booking_id := given.get("booking"):
        path = f"/bookings/{identity(booking_id)}"
        booking = await reader.get("customer", path, Booking)
        return await _subject(reader, booking.owner_id, "booking", booking.id, booking.number)
    if invoice_id := given.get("invoice"):
        invoice = await find_invoice(reader, identity(invoice_id))
        owner = invoice.customer.id if invoice.customer else None
        return await _subject(reader, owner, "invoice", invoice.id, invoice.number)
    customer_id = identity(given.get("customer", ""))
    return await _subject(reader, customer_id, "customer", customer_id, "")


async def _subject(
    reader: Reader, customer_id: UUID | None, kind: str, object_id: UUID, number: str
) -> dict[str, Any]:
    if customer_id is None:
        raise NotFound
    customer = await find_customer(reader, customer_id)
    about = {"kind": kind, "id": str(object_id), "number": number or customer.number}
    return {"customer": customer, "about": about}


async def ask(
    reader: Reader, subject: Mapping[str, Any], values: Mapping[str, str]
) -> ChangeRequest:
    """Ask Admin for what differs from the present."""
    customer, about = subject["customer"], subject["about"]
    body: dict[str, Any] = {"customer_id": str(customer.id), "reason": values.get("reason", "")}
    if about["kind"] == "customer":
        body["changes"] = _differing(customer, values)
    else:
        body["about"] = about
    key = values.get("idempotency_key", "")
    return await reader.send("customer", "POST", "/change-requests", body, ChangeRequest, key=key)


async def show_request(reader: Reader, request_id: UUID) -> dict[str, Any]:
    """Show one request with the present beside what is wanted, or what was before and after."""
    request = await find(reader, request_id)
    customer = await find_customer(reader, request.customer.id)
    present = customer.model_dump(mode="json")
    if request.after is not None:
        rows = facts.changes(request.before or {}, request.after)
    else:
        rows = facts.changes(present, request.changes)
    return {
        "request": request,
        "customer": customer,
        "mark": status.REQUEST.get(request.status, status.UNKNOWN),
        "rows": rows,
        "word": WORDS.get(request.about.kind, "Data"),
        "address": f"{PAGES.get(request.about.kind, '/customers')}/{request.about.id}",
    }


async def find(reader: Reader, request_id: UUID) -> ChangeRequest:
    """Read one request."""
    return await reader.get("customer", f"/change-requests/{request_id}", ChangeRequest)


def form_of(request: ChangeRequest, typed: Form | None = None) -> Form:
    """Fill the decision with what was asked, and over that with what was typed."""
    asked = {field: str(raw or "") for field, raw in request.changes.items()}
    return Form(asked) if typed is None else replace(typed, values=asked | dict(typed.values))


async def decide(reader: Reader, request: ChangeRequest, values: Mapping[str, str]) -> None:
    """Carry a request out, perhaps edited, or refuse it with words.

    The form leaves out what is as wanted already, and a field it did not send stays as it is.

    Raises:
        Outdated: the customer was changed meanwhile.
        Refused: it was decided before, or a value is not right.
    """
    path = f"/change-requests/{request.id}"
    words = values.get("words", "").strip()
    if values.get("act") != "apply":
        await reader.send("customer", "POST", f"{path}/refuse", {"words": words}, ChangeRequest)
        return
    edited = {field: _typed(field, values) for field in request.changes if field in values}
    body = {"words": words or None} | ({"changes": edited} if request.changes else {})
    version = values.get("version", "") if request.changes else ""
    await reader.send("customer", "POST", f"{path}/apply", body, ChangeRequest, version=version)


def _differing(customer: Customer, values: Mapping[str, str]) -> dict[str, Any]:
    present = customer.model_dump(mode="json")
    wanted = {field: _typed(field, values) for field in facts.CUSTOMER if field in values}
    return {field: text for field, text in wanted.items() if not _same(field, text, present)}


def _same(field: str, text: str | None, present: Mapping[str, Any]) -> bool:
    if field == "phone" and text:
        try:
            return bool(normalise(text) == present[field])
        except PhoneNotValid:
            return False
    return (text or None) == (present[field] or None)


def _typed(field: str, values: Mapping[str, str]) -> str | None:
    text = values.get(field, "").strip()
    return text or (None if field == "email" else "")


def _address(pairs: Mapping[str, str]) -> str:
    """Keep an empty status in the address: it stands for all, and nothing for what waits."""
    kept = {name: text for name, text in pairs.items() if text or name == "status"}
    return f"/change-requests?{urlencode(kept)}"
