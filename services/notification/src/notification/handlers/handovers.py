"""Customers who moved in bulk: both Marketing and the Admins are told once for all of them."""

from __future__ import annotations

from uuid import NAMESPACE_OID, uuid5

from notification.domain.notice import Audience, Kind, Told, handed_over
from notification.handlers.notices import Fact, tell
from notification.store import copies
from shared.contracts.customer import CustomersHandedOver
from shared.database import Session

_LINK = "/customers"


async def tell_handover(event: CustomersHandedOver, session: Session) -> None:
    """Tell who got customers, who gave them away, and the Admins (P10).

    One notice per Marketing that is concerned; a customer of the part is what the notice of the
    new owner follows, so he is asked for first (E1).
    """
    for part in event.parts:
        await copies.get_customer(session, part.customer_id)
        source = uuid5(NAMESPACE_OID, f"{event.event_id}:{part.from_id}")
        fact = Fact(Kind.CUSTOMERS_HANDED_OVER, source, part.customer_id)
        giver, taker = (part.from_id, part.from_name), (event.to_id, event.to_name)
        if event.undone:
            giver, taker = taker, giver
        told = [
            Told(Audience.OWNER, taker[0], handed_over(part.customers, giver[1], "Anda")),
            Told(Audience.PREVIOUS_OWNER, giver[0], handed_over(part.customers, "Anda", taker[1])),
            Told(Audience.ADMINS, None, handed_over(part.customers, giver[1], taker[1])),
        ]
        await tell(session, fact, told, link=_LINK)
