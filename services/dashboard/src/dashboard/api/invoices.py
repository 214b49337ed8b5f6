"""Pages of invoices."""

from __future__ import annotations

from uuid import UUID

from fastapi.responses import HTMLResponse, Response

from dashboard.api.pages import PRIVATE, PageRouter, Visit, Visiting
from dashboard.domain.forms import Form, identity, refused
from dashboard.domain.lists import INVOICES
from dashboard.domain.refusals import Refused
from dashboard.handlers import invoices as handlers
from dashboard.handlers import recents

router = PageRouter()


@router.get("/invoices")
async def list_invoices(visit: Visiting) -> HTMLResponse:
    """Show the bills."""
    listing = await visit.listing(INVOICES)
    shown = await handlers.list_invoices(visit.reader, listing, visit.clock.today())
    return await visit.show("invoices/list.html", **shown)


@router.post("/invoices")
async def issue_line(visit: Visiting) -> Response:
    """Issue one line of a plan."""
    values = await visit.values()
    plan_id, line_no = values.get("plan_id", ""), values.get("line_no", "0")
    key = values["idempotency_key"]
    invoice = await handlers.issue_line(visit.reader, plan_id, line_no, key)
    return visit.go(f"/invoices/{invoice.id}", said="issued")


@router.get("/invoices/{invoice_id}")
async def show_invoice(visit: Visiting, invoice_id: UUID) -> HTMLResponse:
    """Show one bill: paper, virtual account, steps, WhatsApp."""
    shown = await handlers.show_invoice(
        visit.reader, invoice_id, visit.clock.today(), visit.desk.settings.public_url
    )
    await recents.note(visit.sessions, visit.principal, "invoice", invoice_id)
    return await visit.show("invoices/page.html", **shown)


@router.get("/invoices/{invoice_id}/cancel")
async def ask_cancel(visit: Visiting, invoice_id: UUID) -> HTMLResponse:
    """Show what cancelling means, and ask why."""
    return await _cancel(visit, invoice_id, Form())


@router.post("/invoices/{invoice_id}/cancel")
async def cancel_invoice(visit: Visiting, invoice_id: UUID) -> Response:
    """Cancel a bill that has received no money."""
    values = await visit.values()
    reason, key = values.get("reason", ""), values["idempotency_key"]
    try:
        await handlers.cancel_invoice(visit.reader, invoice_id, reason, key)
    except Refused as refusal:
        return await _cancel(visit, invoice_id, refused(values, refusal, {"reason"}), 422)
    return visit.go(f"/invoices/{invoice_id}", said="voided")


@router.post("/invoices/{invoice_id}/whatsapp")
async def open_whatsapp(visit: Visiting, invoice_id: UUID) -> HTMLResponse:
    """Record the message and lead to WhatsApp by a page of its own.

    A redirect to another site would be stopped by the policy ``form-action 'self'``.
    """
    values = await visit.values()
    url = await handlers.open_whatsapp(visit.reader, invoice_id, values["idempotency_key"])
    html = visit.desk.templates.render("invoices/whatsapp.html", url=url)
    return HTMLResponse(html, headers=PRIVATE)


@router.post("/invoices/{invoice_id}/retry-va")
async def retry_account(visit: Visiting, invoice_id: UUID) -> Response:
    """Ask the bank again."""
    values = await visit.values()
    account_id, key = values.get("virtual_account_id", ""), values["idempotency_key"]
    await handlers.retry_account(visit.reader, str(identity(account_id)), key)
    return visit.go(f"/invoices/{invoice_id}", said="retried")


async def _cancel(visit: Visit, invoice_id: UUID, form: Form, code: int = 200) -> HTMLResponse:
    invoice = await handlers.find_invoice(visit.reader, invoice_id)
    return await visit.show("invoices/cancel.html", code, invoice=invoice, form=form)
