"""Invoices: the list, the page, and what can be done with one."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar
from uuid import UUID, uuid4

from dashboard.domain import invoice_page, status
from dashboard.domain.answers.base import Answer, Page
from dashboard.domain.answers.customers import Customer
from dashboard.domain.answers.invoices import (
    Document,
    Invoice,
    InvoicePage,
    Message,
    VirtualAccount,
)
from dashboard.domain.answers.payments import Payment, PaymentPage
from dashboard.domain.forms import number
from dashboard.domain.listing import Listing
from dashboard.domain.refusals import Refused
from dashboard.store.services import Reader
from shared.errors import NotFound, Unavailable

Found = TypeVar("Found", bound=Answer)


class MarkedInvoice(Invoice):
    """A row with its status as it is shown, and the amount that counts when it is picked."""

    mark: Any = None

    @property
    def picked_idr(self) -> int:
        """What is added up in the bar of what was picked."""
        return self.total_idr


async def list_invoices(reader: Reader, listing: Listing, today: date) -> dict[str, Any]:
    """Show one page of the list; sums and counts are of the whole filter."""
    found = await reader.get("invoicing", "/invoices", InvoicePage, **listing.asks)
    rows = [
        MarkedInvoice(
            **row.model_dump(),
            mark=status.invoice(row.status, row.due_on, row.outstanding_idr, today),
        )
        for row in found.items
    ]
    return {
        "rows": rows,
        "totals": found.totals,
        "list": listing.found(found.total, len(rows), found.next_cursor, found.views),
    }


async def show_invoice(
    reader: Reader, invoice_id: UUID, today: date, public_url: str
) -> dict[str, Any]:
    """Put a bill's page together; what a side service cannot say is left out."""
    invoice = await find_invoice(reader, invoice_id)
    evidence = invoice_page.Evidence(
        invoice=invoice,
        customer=await _customer(reader, invoice),
        account=await _account(reader, invoice),
        messages=await _listed(reader, "notification", "/messages", Page[Message], invoice_id),
        documents=await _listed(reader, "reporting", "/documents", Page[Document], invoice_id),
        payments=await _payments(reader, invoice),
    )
    return {
        "invoice": invoice,
        "customer": evidence.customer,
        "view": invoice_page.view_of(evidence, today, public_url),
        "key": uuid4().hex,
    }


async def find_invoice(reader: Reader, invoice_id: UUID) -> Invoice:
    """Read one invoice."""
    return await reader.get("invoicing", f"/invoices/{invoice_id}", Invoice)


async def issue_line(reader: Reader, plan_id: str, line_no: str, key: str) -> Invoice:
    """Issue one line of a plan."""
    body = {"plan_id": plan_id, "line_no": number(line_no) or 0}
    return await reader.send("invoicing", "POST", "/invoices", body, Invoice, key=key)


async def cancel_invoice(reader: Reader, invoice_id: UUID, reason: str, key: str) -> None:
    """Cancel an invoice that has received no money (M6)."""
    path = f"/invoices/{invoice_id}/cancel"
    await reader.send("invoicing", "POST", path, {"reason": reason}, Answer, key=key)


async def retry_account(reader: Reader, account_id: str, key: str) -> None:
    """Ask the bank again for a virtual account that failed."""
    path = f"/virtual-accounts/{account_id}/retry"
    await reader.send("bank-gateway", "POST", path, {}, Answer, key=key)


async def open_whatsapp(reader: Reader, invoice_id: UUID, key: str) -> str:
    """Record that the message is opened and give its address."""
    body = {"kind": "invoice", "invoice_id": str(invoice_id)}
    message = await reader.send("notification", "POST", "/messages", body, Message, key=key)
    if not message.url or not message.url.startswith("https://wa.me/"):
        raise Refused("WhatsApp tidak dapat dibuka untuk nomor ini. Unduh PDF-nya.")
    return message.url


async def _customer(reader: Reader, invoice: Invoice) -> Customer | None:
    if invoice.customer is None:
        return None
    try:
        return await reader.get("customer", f"/customers/{invoice.customer.id}", Customer)
    except (NotFound, Unavailable):
        return None


async def _account(reader: Reader, invoice: Invoice) -> VirtualAccount | None:
    found = await _listed(
        reader, "bank-gateway", "/virtual-accounts", Page[VirtualAccount], invoice.id
    )
    return found[-1] if len(found) == 1 else next((a for a in found if a.number), None)


async def _payments(reader: Reader, invoice: Invoice) -> list[Payment]:
    if invoice.customer is None or not invoice.paid_idr:
        return []
    try:
        page = await reader.get(
            "reconciliation", "/payments", PaymentPage, customer_id=invoice.customer.id, limit=100
        )
    except (NotFound, Unavailable):
        return []
    return [p for p in page.items if any(a.invoice_id == invoice.id for a in p.allocations)]


async def _listed(
    reader: Reader, service: str, path: str, kind: type[Page[Found]], invoice_id: UUID
) -> list[Found]:
    try:
        page = await reader.get(service, path, kind, invoice_id=invoice_id)
    except (NotFound, Unavailable, Refused):
        return []
    return list(page.items)
