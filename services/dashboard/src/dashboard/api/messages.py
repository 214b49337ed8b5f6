"""Pages of the log of messages and of the queue."""

from __future__ import annotations

from uuid import UUID

from fastapi.responses import HTMLResponse, Response

from dashboard.api.pages import PRIVATE, PageRouter, Visiting
from dashboard.handlers import messages as handlers

router = PageRouter()


@router.get("/messages")
async def list_messages(visit: Visiting) -> HTMLResponse:
    """Show what customers were told."""
    shown = await handlers.list_messages(visit.reader, visit.query)
    return await visit.show("messages/list.html", **shown)


@router.get("/messages/queue")
async def show_queue(visit: Visiting) -> HTMLResponse:
    """Show the next message that a person sends, or ask whether the last one was sent."""
    shown = await handlers.show_queue(visit.reader, visit.query)
    return await visit.show("messages/queue.html", **shown)


@router.post("/messages/{message_id}/open")
async def open_message(visit: Visiting, message_id: UUID) -> HTMLResponse:
    """Record the opening and lead to WhatsApp by a page of its own, as for a bill."""
    url = await handlers.open_message(visit.reader, message_id)
    html = visit.desk.templates.render("invoices/whatsapp.html", url=url)
    return HTMLResponse(html, headers=PRIVATE)


@router.post("/messages/{message_id}/{act}")
async def decide(visit: Visiting, message_id: UUID, act: str) -> Response:
    """Note what became of a message, and go on to the next one or back to its bill."""
    message = await handlers.decide(visit.reader, message_id, act)
    values = await visit.values()
    if values["back"] == "invoice" and message.invoice_id:
        return visit.go(f"/invoices/{message.invoice_id}", said=handlers.SAID[act])
    if values["back"] == "log":
        return visit.go("/messages", said=handlers.SAID[act])
    if act == "by-hand":
        return visit.go("/messages/queue", id=str(message_id), said=handlers.SAID[act])
    return visit.go("/messages/queue", after=str(message_id), said=handlers.SAID[act])
