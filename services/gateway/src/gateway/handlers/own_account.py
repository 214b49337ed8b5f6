"""What somebody does with his own account: his password, and where he is signed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from gateway.domain.credentials import Kind
from gateway.handlers.confirming import Confirmation, Confirmed, confirm
from gateway.handlers.sign_in import Keys, SignedIn, renew
from gateway.handlers.throttle import Place
from gateway.handlers.users import tell
from gateway.store import credentials
from gateway.store import users as stored
from shared import audit
from shared.database import Session
from shared.errors import NotFound


@dataclass(frozen=True)
class NewPassword:
    """The password that was, and the one that is wanted; from which session and place."""

    credential_id: UUID
    present: str = field(repr=False)
    chosen: str = field(repr=False)
    place: Place


async def change_password(
    wanted: NewPassword, keys: Keys, session: Session
) -> tuple[Confirmed, SignedIn | None]:
    """Change one's own password; everything signed in ends, and here a new session begins (W1).

    Raises:
        PasswordNotAccepted: the new one breaks the rule; nothing changed.
    """
    given = Confirmation(wanted.credential_id, wanted.present, wanted.place.source)
    done = await confirm(given, keys.passwords, session)
    if done is not Confirmed.DONE:
        return done, None
    user = await stored.lock_user(session, session.principal.user_id)
    if user is None:
        raise NotFound
    before = user.facts()
    user.password_hash = await keys.passwords.hash_new(wanted.chosen, user.username)
    user.version += 1
    user.updated_at = session.clock.now()
    await credentials.end_credentials(session, user.id, list(Kind))
    tell(session, "user.changed", user, before=before, password_changed=True)
    return done, renew(user, wanted.place, session)


async def end_others(present: UUID | None, session: Session) -> int:
    """End all of the caller's sessions and tokens but this one; say how many."""
    user_id = session.principal.user_id
    ended = await credentials.end_others(session, user_id, present)
    after = {"ended": ended}
    audit.record(
        session, action="sessions.ended", object_type="user", object_id=user_id, after=after
    )
    return ended
