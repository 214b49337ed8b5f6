"""What a person opened last; every page does without it when it cannot be had (R7)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from dashboard.domain.finding import Hit
from dashboard.models import Customer, Invoice
from dashboard.store import recents as store
from shared.database import Sessions
from shared.principal import Principal

SHOWN = 6


async def note(sessions: Sessions, who: Principal, kind: str, object_id: UUID) -> None:
    """Remember that a page was opened."""
    try:
        async with sessions.begin(who) as session:
            await store.note(session, kind, object_id)
    except (SQLAlchemyError, OSError):
        return


async def latest(sessions: Sessions, who: Principal) -> tuple[Hit, ...]:
    """Give what he opened last and may still see (A6)."""
    try:
        async with sessions.begin(who) as session:
            found = await store.latest(session, SHOWN)
    except (SQLAlchemyError, OSError):
        return ()
    return tuple(_hit(customer, bill) for _, customer, bill in found)


def _hit(customer: Customer | None, bill: Invoice | None) -> Hit:
    if customer is not None:
        return Hit(customer.name, "", f"/customers/{customer.id}", icon="user-round")
    assert bill is not None
    return Hit(bill.number, bill.title, f"/invoices/{bill.id}", icon="receipt-text")
