"""Change requests: Admin is told that one waits, the asker what became of it (A30)."""

from __future__ import annotations

from notification.domain.notice import Audience, Kind, Told, change_asked, change_decided
from notification.handlers.notices import Fact, tell
from shared.contracts.customer import (
    ChangeRequestDecided,
    ChangeRequestOpened,
    ChangeRequestState,
)
from shared.database import Session


async def tell_asked(event: ChangeRequestOpened, session: Session) -> None:
    """Tell Admin who asks for what."""
    text = change_asked(event.asked_by, _subject(event), event.reason)
    fact = Fact(Kind.CHANGE_ASKED, event.aggregate_id, event.customer_id)
    await tell(session, fact, [Told(Audience.ADMINS, None, text)], link=_link(event))


async def tell_decided(event: ChangeRequestDecided, session: Session) -> None:
    """Tell the asker, while the customer is still his (A6)."""
    text = change_decided(_subject(event), event.outcome, event.decided_by, event.words)
    fact = Fact(Kind.CHANGE_DECIDED, event.aggregate_id, event.customer_id)
    told = [Told(Audience.OWNER, event.asked_by_id, text)]
    await tell(session, fact, told, link=_link(event))


def _subject(event: ChangeRequestState) -> str:
    if event.about == "customer":
        return event.customer_name
    word = "booking" if event.about == "booking" else "tagihan"
    return f"{word} {event.about_number} ({event.customer_name})"


def _link(event: ChangeRequestState) -> str:
    return f"/change-requests/{event.aggregate_id}"
