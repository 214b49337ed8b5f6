"""Money that needs a person: who is asked about it is told, until it is settled or another's."""

from __future__ import annotations

from notification.domain.notice import Audience, Kind, Told, exception_asked
from notification.handlers.notices import Fact, tell
from notification.models import Matter
from notification.store import copies, notices
from shared.contracts.reconciliation import ExceptionAsked, ExceptionClosed, ExceptionState
from shared.database import Session
from shared.money import Rupiah


async def follow_matter(event: ExceptionState, session: Session) -> None:
    """Take over a matter; what was asked is read once it is closed, or another looks after it."""
    is_open = not isinstance(event, ExceptionClosed)
    state = {"owner_id": event.owner_id, "is_open": is_open}
    if await copies.follow(session, Matter, event, **state):
        still_asked = event.owner_id if is_open else None
        await notices.settle(session, event.aggregate_id, but_of=still_asked)


async def tell_asked(event: ExceptionAsked, session: Session) -> None:
    """Tell a Marketing what he is asked, unless it is settled or another's already (E1, E5)."""
    await follow_matter(event, session)
    matter = await copies.get_matter(session, event.aggregate_id)
    if not matter.is_open or matter.owner_id != event.owner_id:
        return
    text = exception_asked(Rupiah(event.amount_idr), event.asked_by, event.question)
    fact = Fact(Kind.EXCEPTION_ASKED, event.event_id, event.customer_id, event.aggregate_id)
    told = [Told(Audience.ASKED, event.owner_id, text)]
    await tell(session, fact, told, link=f"/exceptions/{event.aggregate_id}")
