"""Live sessions and tokens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, or_, update
from sqlmodel import col, select

from gateway.domain.credentials import Kind, oldest_use
from gateway.domain.viewing import VIEWED_ROLE
from gateway.models import Credential, Role, RolePermission, SecondFactor, User
from shared.database import Session


@dataclass(frozen=True)
class Holder:
    """A live credential with its person and what his role may do now (A6)."""

    credential: Credential
    user: User
    scope_kind: str
    permissions: frozenset[str]
    second_factor: bool = False
    viewed: User | None = None


async def find_holder(session: Session, kind: Kind, secret_hash: bytes) -> Holder | None:
    """Find who holds a credential that is alive and whose user is not disabled."""
    now = session.clock.now()
    permissions = (
        select(func.array_agg(RolePermission.permission))
        .where(col(RolePermission.role) == User.role)
        .scalar_subquery()
    )
    query = (
        select(Credential, User, Role.scope_kind, permissions)
        .join(User, col(User.id) == Credential.user_id)
        .join(Role, col(Role.name) == User.role)
        .outerjoin(SecondFactor, col(SecondFactor.user_id) == User.id)
        .where(
            Credential.secret_hash == secret_hash,
            Credential.kind == kind,
            col(Credential.expires_at) > now,
            col(Credential.seen_at) > oldest_use(kind, now),
            ~col(User.disabled),
        )
    )
    whole = query.add_columns(col(SecondFactor.enabled_at))
    row = (await session.execute(whole)).first()
    if row is None:
        return None
    credential, user, scope_kind, names, enabled_at = row
    rights = frozenset(names or ())
    viewed = await viewed_by(session, credential)
    return Holder(credential, user, scope_kind, rights, enabled_at is not None, viewed)


async def viewed_by(session: Session, credential: Credential) -> User | None:
    """Find through whose eyes a session looks at this moment; None when through its own."""
    until = credential.viewing_until
    if credential.viewing is None or until is None or until <= session.clock.now():
        return None
    query = select(User).where(
        User.id == credential.viewing, User.role == VIEWED_ROLE, ~col(User.disabled)
    )
    return (await session.exec(query)).first()


async def lock_credential(session: Session, credential_id: UUID) -> Credential | None:
    """Find a credential and hold its row."""
    query = select(Credential).where(Credential.id == credential_id).with_for_update()
    return (await session.exec(query)).first()


async def touch(session: Session, credential_id: UUID) -> None:
    """Note that a credential was used."""
    now = session.clock.now()
    await session.execute(
        update(Credential).where(col(Credential.id) == credential_id).values(seen_at=now)
    )


async def note_confirmed(session: Session, credential_id: UUID) -> None:
    """Note that the holder of a credential has just given his password."""
    now = session.clock.now()
    await session.execute(
        update(Credential)
        .where(col(Credential.id) == credential_id)
        .values(confirmed_at=now, refusals=0)
    )


async def note_refusal(session: Session, credential_id: UUID, most: int) -> bool:
    """Count a wrong password; end the credential at the most, and tell whether it ended."""
    counted = await session.execute(
        update(Credential)
        .where(col(Credential.id) == credential_id)
        .values(refusals=col(Credential.refusals) + 1)
        .returning(col(Credential.refusals))
    )
    if counted.scalar_one_or_none() not in {None, *range(most)}:
        await session.execute(delete(Credential).where(col(Credential.id) == credential_id))
        return True
    return False


async def end_credential(
    session: Session, kind: Kind, secret_hash: bytes, user_id: UUID | None = None
) -> bool:
    """End one credential (of this user, when named); tell whether there was one."""
    statement = delete(Credential).where(
        col(Credential.secret_hash) == secret_hash, col(Credential.kind) == kind
    )
    if user_id is not None:
        statement = statement.where(col(Credential.user_id) == user_id)
    ended = await session.execute(statement.returning(col(Credential.id)))
    return ended.first() is not None


async def end_credentials(session: Session, user_id: UUID, kinds: Iterable[Kind]) -> None:
    """End all credentials of a user of these kinds."""
    await session.execute(
        delete(Credential).where(
            col(Credential.user_id) == user_id, col(Credential.kind).in_(list(kinds))
        )
    )


async def count_live(session: Session, user_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Count the live sessions and tokens of each of these users; who has none is not named."""
    now = session.clock.now()
    alive = or_(*(_used_lately(kind, now) for kind in (Kind.SESSION, Kind.TOKEN)))
    query = (
        select(Credential.user_id, func.count())
        .where(col(Credential.user_id).in_(list(user_ids)), col(Credential.expires_at) > now, alive)
        .group_by(col(Credential.user_id))
    )
    return {row[0]: row[1] for row in await session.exec(query)}


async def live_of(session: Session, user_id: UUID) -> list[Credential]:
    """List the live sessions and tokens of a user, the one used last first."""
    now = session.clock.now()
    alive = or_(*(_used_lately(kind, now) for kind in (Kind.SESSION, Kind.TOKEN)))
    query = (
        select(Credential)
        .where(Credential.user_id == user_id, col(Credential.expires_at) > now, alive)
        .order_by(col(Credential.seen_at).desc(), col(Credential.id))
        .limit(100)
    )
    return list((await session.exec(query)).all())


async def end_others(session: Session, user_id: UUID, kept: UUID | None) -> int:
    """End all credentials of a user but one; count them."""
    statement = delete(Credential).where(col(Credential.user_id) == user_id)
    if kept is not None:
        statement = statement.where(col(Credential.id) != kept)
    return len((await session.execute(statement.returning(col(Credential.id)))).all())


def _used_lately(kind: Kind, now: datetime) -> ColumnElement[bool]:
    return and_(col(Credential.kind) == kind, col(Credential.seen_at) > oldest_use(kind, now))


async def purge_credentials(session: Session) -> None:
    """Forget credentials that are over."""
    now = session.clock.now()
    idle = (col(Credential.kind) == Kind.SESSION) & (
        col(Credential.seen_at) <= oldest_use(Kind.SESSION, now)
    )
    await session.execute(delete(Credential).where(or_(col(Credential.expires_at) <= now, idle)))
