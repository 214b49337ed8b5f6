"""How somebody stands: his sessions, and the link he may still use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.models import User
from gateway.store import credentials, links, second_factors
from gateway.store import users as stored
from shared.database import Session
from shared.errors import NotFound


@dataclass(frozen=True)
class Standing:
    """A user with what is true of him at this moment."""

    user: User
    sessions: int
    link_until: datetime | None
    second_factor: bool


async def standings(users: Sequence[User], session: Session) -> list[Standing]:
    """Say how these users stand, in their order."""
    ids = [user.id for user in users]
    live = await credentials.count_live(session, ids)
    until = await links.open_links(session, ids)
    coded = await second_factors.who_has_one(session, ids)
    return [
        Standing(user, live.get(user.id, 0), until.get(user.id), user.id in coded) for user in users
    ]


async def standing_of(user_id: UUID, session: Session) -> Standing:
    """Say how one user stands.

    Raises:
        NotFound: there is no such user.
    """
    user = await stored.find_user(session, user_id)
    if user is None:
        raise NotFound
    return (await standings([user], session))[0]
