"""What carriers tell afterwards: taken once, in any order, and a stop is heeded."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from notification.domain.delivery import State
from notification.domain.news import Inbound, News, is_newer
from notification.handlers import stops, telling
from notification.store import outgoing
from notification.store import stops as stop_store
from shared.database import Session, set_scope

WROTE_STOP = "Pelanggan menulis “{}” lewat WhatsApp"


def same(given: str, wanted: str) -> bool:
    """Compare two secrets without telling how far they agree."""
    return hmac.compare_digest(given.encode(), wanted.encode())


async def take(session: Session, told: Iterable[News]) -> int:
    """Take news of a carrier that proved itself; give how many said something new (E1)."""
    await set_scope(session, "all")
    return sum([await _take(session, news) for news in told])


async def take_inbound(session: Session, inbound: Iterable[Inbound]) -> None:
    """Put those on the stop list who ask for it; everything else is for people to read."""
    await set_scope(session, "all")
    for one in inbound:
        if not one.wants_none:
            continue
        for customer_id in await stop_store.customers_with(session, one.sender):
            if not await stop_store.holds(session, customer_id):
                reason = WROTE_STOP.format(one.text.strip()[:50])
                await stops.add(session, customer_id, reason, "Pelanggan")


async def _take(session: Session, news: News) -> bool:
    message = await outgoing.lock_told(session, news)
    told = State(news.state)
    if message is None or not is_newer(State(message.state), told):
        return False
    before = State(message.state)
    message.state, message.due_at, message.leased_until = told, None, None
    message.provider_id = news.provider_id or message.provider_id
    message.trouble = news.trouble or None
    if news.cost_idr is not None:
        message.cost_idr = news.cost_idr
    if told is State.FAILED:
        await telling.tell_failed(session, message)
    elif message.sent_at is None:
        message.sent_at = session.clock.now()
        telling.tell_sent(session, message)
    telling.record(session, message, f"message.{told}", before)
    return True
