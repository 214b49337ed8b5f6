"""Following the users: a renamed Marketing is renamed on his customers too."""

from __future__ import annotations

from customer.handlers.customers import announce
from customer.store import customers, users
from shared.contracts.customer import CustomerChanged
from shared.contracts.gateway import UserChanged
from shared.database import Session


async def follow_user(event: UserChanged, session: Session) -> None:
    """Take over a user's state, and his name on the customers that he owns."""
    if not await users.follow(session, event):
        return
    for customer in await customers.lock_of_marketing(session, event.aggregate_id):
        if customer.marketing_name != event.name:
            customer.marketing_name = event.name
            customer.version += 1
            announce(session, CustomerChanged, customer)
