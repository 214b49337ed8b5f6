"""Queries of invoices, one at a time or locked together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import col, select

from invoicing.models import BillingRun, Invoice, InvoiceLine
from shared.database import Session
from shared.errors import NotFound


class InvoiceNotFound(NotFound):
    """No such invoice, or not one of the reader's."""

    detail = "Tagihan tidak ditemukan."


class BillingRunNotFound(NotFound):
    """No such run."""

    detail = "Proses penerbitan tidak ditemukan."


async def get_invoice(session: Session, invoice_id: UUID, *, lock: bool = False) -> Invoice:
    """Load an invoice; ``lock`` before deciding on it.

    Raises:
        InvoiceNotFound: not there, or not the reader's.
    """
    invoice = await session.get(
        Invoice, invoice_id, with_for_update=lock or None, populate_existing=lock
    )
    if invoice is None:
        raise InvoiceNotFound
    return invoice


async def lock_invoices(session: Session, ids: Iterable[UUID]) -> list[Invoice]:
    """Lock invoices in the order of their ids (K2).

    Raises:
        InvoiceNotFound: one of them is not here.
    """
    wanted = sorted(set(ids))
    query = (
        select(Invoice).where(col(Invoice.id).in_(wanted)).order_by(col(Invoice.id))
    ).with_for_update()
    found = list((await session.exec(query)).all())
    if len(found) != len(wanted):
        raise InvoiceNotFound
    return found


async def lines_of(session: Session, invoice_ids: Sequence[UUID]) -> dict[UUID, list[InvoiceLine]]:
    """Give the lines of several invoices in order, by invoice."""
    query = (
        select(InvoiceLine)
        .where(col(InvoiceLine.invoice_id).in_(invoice_ids))
        .order_by(col(InvoiceLine.invoice_id), col(InvoiceLine.no))
    )
    found: dict[UUID, list[InvoiceLine]] = {invoice_id: [] for invoice_id in invoice_ids}
    for line in (await session.exec(query)).all():
        found[line.invoice_id].append(line)
    return found


async def get_run(session: Session, run_id: UUID) -> BillingRun:
    """Load a billing run.

    Raises:
        BillingRunNotFound: not there, or not the reader's.
    """
    run = await session.get(BillingRun, run_id)
    if run is None:
        raise BillingRunNotFound
    return run
