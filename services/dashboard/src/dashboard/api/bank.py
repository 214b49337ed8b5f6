"""Pages of the bank: one account with its conversation, and the link."""

from __future__ import annotations

from uuid import UUID

from fastapi.responses import HTMLResponse, Response

from dashboard.api.pages import PageRouter, Visiting
from dashboard.handlers import bank as handlers

router = PageRouter()


@router.get("/virtual-accounts/{virtual_account_id}")
async def show_account(visit: Visiting, virtual_account_id: UUID) -> HTMLResponse:
    """Show an account; what was said with the bank is for whoever looks after the link."""
    talk = visit.may("bank_link.read")
    shown = await handlers.show_account(visit.reader, virtual_account_id, visit.query, talk=talk)
    return await visit.show("bank/account.html", **shown)


@router.post("/virtual-accounts/{virtual_account_id}/inquire")
async def ask_bank(visit: Visiting, virtual_account_id: UUID) -> Response:
    """Have the bank asked now."""
    await handlers.ask_bank(visit.reader, virtual_account_id)
    return visit.go(f"/virtual-accounts/{virtual_account_id}", said="asked")


@router.get("/bank/link")
async def show_link(visit: Visiting) -> HTMLResponse:
    """Show how the link to the bank is doing."""
    return await visit.show("bank/link.html", **await handlers.show_link(visit.reader))
