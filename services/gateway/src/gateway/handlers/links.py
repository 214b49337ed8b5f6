"""Inviting somebody, and letting him choose another password, without anybody knowing it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from gateway.domain.credentials import Kind, new_secret, secret_hash
from gateway.domain.links import LIFETIME, Purpose, purpose_for
from gateway.handlers.sign_in import Keys
from gateway.handlers.throttle import Place
from gateway.handlers.users import tell
from gateway.models import PasswordLink, User
from gateway.store import credentials, links
from gateway.store import users as stored
from shared import audit
from shared.database import Session
from shared.errors import Conflict, NotFound


class UserDisabled(Conflict):
    """Nobody gets a link to where he may not go."""

    detail = "Pengguna ini nonaktif. Aktifkan dahulu, lalu buat tautannya."


class LinkOver(NotFound):
    """The link was used, replaced or is too old; it says no more than that."""

    detail = "Tautan ini sudah dipakai atau sudah berakhir. Mintalah tautan baru kepada Admin."


@dataclass(frozen=True)
class MadeLink:
    """A new link; the secret is told once."""

    secret: str = field(repr=False)
    purpose: Purpose
    expires_at: datetime


async def make_link(user_id: UUID, session: Session) -> MadeLink:
    """Make the link of a user; the one before it is over.

    Raises:
        NotFound: there is no such user.
        UserDisabled: he may not come in.
    """
    user = await stored.lock_user(session, user_id)
    if user is None:
        raise NotFound
    if user.disabled:
        raise UserDisabled
    now, secret = session.clock.now(), new_secret()
    purpose = purpose_for(has_password=user.has_password)
    link = PasswordLink(
        user_id=user.id,
        purpose=purpose,
        secret_hash=secret_hash(secret),
        made_at=now,
        expires_at=now + LIFETIME[purpose],
    )
    await links.put_link(session, link)
    after = {"purpose": purpose, "expires_at": link.expires_at.isoformat()}
    _note(session, "password_link.made", user, after)
    return MadeLink(secret, purpose, link.expires_at)


async def look_at_link(secret: str, session: Session) -> tuple[PasswordLink, User]:
    """Say whose link it is; looking does not use it up.

    Raises:
        LinkOver: it is good for nothing.
    """
    found = await links.find_link(session, secret_hash(secret))
    if found is None:
        raise LinkOver
    return found


async def use_link(secret: str, password: str, place: Place, keys: Keys, session: Session) -> User:
    """Set the password that somebody chose, once; whatever was signed in for him ends (W1).

    Strangers who kept failing at his account do not make him wait here any more (W3).

    Raises:
        LinkOver: it is good for nothing, or somebody else was faster.
        PasswordNotAccepted: the password breaks the rule; the link stays good.
    """
    link, owner = await look_at_link(secret, session)
    chosen = await keys.passwords.hash_new(password, owner.username)
    user = await stored.lock_user(session, owner.id)
    if user is None or user.disabled or not await links.take_link(session, link.secret_hash):
        raise LinkOver
    before = user.facts()
    user.password_hash = chosen
    user.version += 1
    user.updated_at = session.clock.now()
    await credentials.end_credentials(session, user.id, list(Kind))
    await keys.throttle.welcome(user, place, session)
    _note(session, "password_link.used", user, {"purpose": link.purpose, "source": place.source})
    tell(session, "user.changed", user, before=before, password_changed=True)
    return user


def _note(session: Session, action: str, user: User, after: dict[str, str]) -> None:
    audit.record(session, action=action, object_type="user", object_id=user.id, after=after)
