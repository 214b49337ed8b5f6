"""Who looks after an exception, and what is asked and answered about it."""

from __future__ import annotations

from uuid import UUID

from reconciliation.domain.resolution import AlreadyClosed
from reconciliation.handlers import states
from reconciliation.models import ExceptionNote, MoneyException
from reconciliation.store import copies, exceptions
from shared import audit
from shared.contracts.reconciliation import ExceptionAsked, ExceptionOpened
from shared.database import Session
from shared.errors import Invalid


class MarketingUnknown(Invalid):
    """Nobody to ask: no customer is known, and none was named who has customers."""

    detail = "Pilih marketing yang ditanya. Pengecualian ini belum punya pelanggan."


async def take(session: Session, exception_id: UUID, version: int) -> MoneyException:
    """Look after an exception oneself."""
    principal = session.principal
    found = await _give(session, exception_id, version, (principal.user_id, principal.name))
    states.publish_exception(session, found, ExceptionOpened)
    return found


async def release(session: Session, exception_id: UUID, version: int) -> MoneyException:
    """Look after an exception no more."""
    found = await _give(session, exception_id, version, None)
    states.publish_exception(session, found, ExceptionOpened)
    return found


async def ask_marketing(
    session: Session, exception_id: UUID, version: int, marketing_id: UUID | None, question: str
) -> MoneyException:
    """Ask a Marketing, by default the customer's; until he is asked no more, he sees it.

    Raises:
        MarketingUnknown: there is nobody to ask.
    """
    found = await exceptions.get_exception(session, exception_id)
    wanted = marketing_id or await _marketing_of(session, found)
    name = wanted and await copies.marketing_name(session, wanted)
    if wanted is None or not name:
        raise MarketingUnknown(field="marketing_id")
    found = await _give(session, exception_id, version, (wanted, name))
    _write(session, found, question)
    asked = {"question": question, "asked_by": session.principal.name}
    states.publish_exception(session, found, ExceptionAsked, **asked)
    return found


async def comment(session: Session, exception_id: UUID, words: str) -> MoneyException:
    """Say something about an exception that one may see."""
    found = await exceptions.get_exception(session, exception_id)
    _write(session, found, words)
    await session.flush()
    return found


async def _give(
    session: Session, exception_id: UUID, version: int, owner: tuple[UUID, str] | None
) -> MoneyException:
    found = await exceptions.lock_current(session, exception_id, version)
    if found.closed_at is not None:
        raise AlreadyClosed(outcome=found.outcome)
    before = found.owner_name
    found.owner_id, found.owner_name = owner or (None, None)
    found.version += 1
    await session.flush()
    audit.record(
        session,
        action="exception.assigned",
        object_type="exception",
        object_id=found.id,
        before={"owner": before},
        after={"owner": found.owner_name},
    )
    return found


async def _marketing_of(session: Session, found: MoneyException) -> UUID | None:
    if found.customer_id is None:
        return None
    known = await copies.customers_by_id(session, {found.customer_id})
    return known[found.customer_id].marketing_id


def _write(session: Session, found: MoneyException, words: str) -> None:
    principal = session.principal
    session.add(
        ExceptionNote(
            exception_id=found.id,
            author_id=principal.user_id,
            author_name=principal.name,
            written_at=session.clock.now(),
            text=words,
        )
    )
    audit.record(
        session,
        action="exception.noted",
        object_type="exception",
        object_id=found.id,
        after={"text": words},
    )
