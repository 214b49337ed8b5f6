"""The only module with queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from gateway.domain.credentials import Kind, oldest_use
from gateway.models import Credential, Role, RolePermission, User
from shared.database import Session


@dataclass(frozen=True)
class Holder:
    """A live credential with its person and what his role may do now (A6)."""

    credential: Credential
    user: User
    scope_kind: str
    permissions: frozenset[str]


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
        .where(
            Credential.secret_hash == secret_hash,
            Credential.kind == kind,
            col(Credential.expires_at) > now,
            col(Credential.seen_at) > oldest_use(kind, now),
            ~col(User.disabled),
        )
    )
    row = (await session.exec(query)).first()
    if row is None:
        return None
    credential, user, scope_kind, names = row
    return Holder(credential, user, scope_kind, frozenset(names or ()))


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


async def purge_credentials(session: Session) -> None:
    """Forget credentials that are over."""
    now = session.clock.now()
    idle = (col(Credential.kind) == Kind.SESSION) & (
        col(Credential.seen_at) <= oldest_use(Kind.SESSION, now)
    )
    await session.execute(delete(Credential).where(or_(col(Credential.expires_at) <= now, idle)))


async def user_by_username(session: Session, username: str) -> User | None:
    """Find a user by his exact (lower case) name."""
    return (await session.exec(select(User).where(User.username == username))).first()


async def user_of_credential(session: Session, credential_id: UUID) -> User | None:
    """Find whose credential it is."""
    query = select(User).join(Credential, col(Credential.user_id) == User.id)
    return (await session.exec(query.where(Credential.id == credential_id))).first()


async def lock_user(session: Session, user_id: UUID) -> User | None:
    """Find a user and hold his row."""
    query = select(User).where(User.id == user_id).with_for_update()
    return (await session.exec(query)).first()


async def lock_active_admins(session: Session) -> list[UUID]:
    """Hold the rows of all admins who can sign in; list them."""
    query = (
        select(User.id)
        .where(User.role == "admin", ~col(User.disabled))
        .order_by(col(User.id))
        .with_for_update()
    )
    return list((await session.exec(query)).all())


async def add_user(session: Session, user: User) -> bool:
    """Add a user; False when the name is taken."""
    statement = insert(User).values(**user.model_dump()).on_conflict_do_nothing()
    added = await session.execute(statement.returning(col(User.id)))
    return added.first() is not None


async def has_users(session: Session) -> bool:
    """Tell whether anybody could ever sign in."""
    return (await session.exec(select(User.id).limit(1))).first() is not None


@dataclass(frozen=True)
class UserFilter:
    """Which users a list asks for."""

    search: str | None = None
    role: str | None = None
    disabled: bool | None = None


async def list_users(
    session: Session, wanted: UserFilter, after: str | None, limit: int
) -> tuple[list[User], int]:
    """Give one page by username, and how many there are in all."""
    query = select(User)
    if wanted.search:
        pattern = f"%{_escaped(wanted.search.lower())}%"
        query = query.where(
            or_(col(User.username).like(pattern), func.lower(User.name).like(pattern))
        )
    if wanted.role:
        query = query.where(User.role == wanted.role)
    if wanted.disabled is not None:
        query = query.where(User.disabled == wanted.disabled)
    total = (await session.exec(select(func.count()).select_from(query.subquery()))).one()
    if after is not None:
        query = query.where(col(User.username) > after)
    page = await session.exec(query.order_by(col(User.username)).limit(limit))
    return list(page.all()), total


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


async def put_role(session: Session, name: str, scope_kind: str, permissions: set[str]) -> None:
    """Make a role exactly this."""
    row = insert(Role).values(name=name, scope_kind=scope_kind)
    await session.execute(
        row.on_conflict_do_update(index_elements=["name"], set_={"scope_kind": scope_kind})
    )
    await session.execute(
        delete(RolePermission).where(
            col(RolePermission.role) == name, col(RolePermission.permission).not_in(permissions)
        )
    )
    rows = [{"role": name, "permission": each} for each in sorted(permissions)]
    await session.execute(insert(RolePermission).on_conflict_do_nothing(), rows)
