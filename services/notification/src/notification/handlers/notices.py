"""The bell: telling, and having read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from notification.domain.notice import Audience, Kind, NoticeNotFound, Told
from notification.models import Notice
from notification.store import notices
from shared.database import Session


@dataclass(frozen=True, slots=True)
class Fact:
    """What is told about; one ``source_id`` is told once to each audience (E1)."""

    kind: Kind
    source_id: UUID
    customer_id: UUID | None
    matter_id: UUID | None = None


async def tell(session: Session, fact: Fact, told: Iterable[Told], *, link: str) -> None:
    """Write a fact into the bell of those whom it concerns."""
    for one in told:
        lost = one.audience is Audience.PREVIOUS_OWNER  # the page is not his any more (A6)
        notice = Notice(
            kind=fact.kind,
            source_id=fact.source_id,
            audience=one.audience,
            user_id=one.user_id,
            customer_id=fact.customer_id,
            matter_id=fact.matter_id,
            text=one.text,
            link=None if lost else link,
            at=session.clock.now(),
        )
        await notices.add_once(session, notice)


async def read_notices(session: Session, up_to: UUID | None) -> int:
    """Mark as seen, all or up to one; return how many are left.

    Raises:
        NoticeNotFound: the caller was never told ``up_to``.
    """
    if up_to is not None and not await notices.exists(session, up_to):
        raise NoticeNotFound
    await notices.mark_seen(session, up_to)
    return await notices.count_unread(session)
