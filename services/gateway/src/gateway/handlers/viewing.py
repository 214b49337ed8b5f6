"""Starting and ending a look through somebody else's eyes; each is a session with a new id (W1)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from gateway.domain.credentials import new_secret, secret_hash
from gateway.domain.viewing import VIEW_FOR, VIEWED_ROLE
from gateway.models import Credential
from gateway.store import credentials
from gateway.store import users as stored
from shared import audit
from shared.database import Session
from shared.errors import Conflict, NotFound


class NotToBeViewed(Conflict):
    """Only a Marketing who works here can be looked through."""

    detail = "Hanya Marketing yang aktif dapat dilihat. Tidak ada yang berubah."


async def start(credential_id: UUID, user_id: UUID, session: Session) -> str:
    """Begin to look; give the secret of the session that goes on with it.

    Raises:
        NotFound: there is no such user, or the session has just ended.
        NotToBeViewed: he is no Marketing, or disabled.
    """
    user = await stored.find_user(session, user_id)
    if user is None:
        raise NotFound
    if user.role != VIEWED_ROLE or user.disabled:
        raise NotToBeViewed
    until = session.clock.now() + VIEW_FOR
    secret = await _replace(credential_id, session, user.id, until)
    after = {"until": until.isoformat()}
    audit.record(session, action="view.started", object_type="user", object_id=user.id, after=after)
    return secret


async def end(credential_id: UUID, session: Session) -> tuple[str, UUID | None]:
    """Be oneself again; give the new session's secret, and who was looked through."""
    present = await credentials.lock_credential(session, credential_id)
    viewed = present.viewing if present else None
    secret = await _replace(credential_id, session)
    if viewed is not None:
        audit.record(session, action="view.ended", object_type="user", object_id=viewed)
    return secret, viewed


async def _replace(
    credential_id: UUID,
    session: Session,
    viewing: UUID | None = None,
    until: datetime | None = None,
) -> str:
    old = await credentials.lock_credential(session, credential_id)
    if old is None:
        raise NotFound
    secret = new_secret()
    facts = old.model_dump(exclude={"id", "secret_hash", "viewing", "viewing_until"})
    await session.delete(old)
    await session.flush()
    session.add(
        Credential(**facts, secret_hash=secret_hash(secret), viewing=viewing, viewing_until=until)
    )
    return secret
