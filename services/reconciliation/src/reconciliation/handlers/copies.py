"""Keeping the copy of customers, newest version only (E5)."""

from __future__ import annotations

from reconciliation.models import Customer
from reconciliation.store import copies
from shared.contracts.customer import CustomerState
from shared.database import Session


async def keep_customer(event: CustomerState, session: Session) -> None:
    """Take a customer's newest state; who owns him acts at once (A6)."""
    known = await copies.find_customer(session, event.aggregate_id)
    if known is not None and known.version >= event.aggregate_version:
        return
    facts = event.model_dump(include={"marketing_id", "marketing_name", "number", "name"})
    facts["version"] = event.aggregate_version
    customer = known or Customer(id=event.aggregate_id, **facts)
    customer.sqlmodel_update(facts)
    session.add(customer)
