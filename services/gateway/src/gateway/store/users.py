"""Who may sign in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from gateway.models import Credential, User
from shared.database import Session


async def user_by_username(session: Session, username: str) -> User | None:
    """Find a user by his exact (lower case) name."""
    return (await session.exec(select(User).where(User.username == username))).first()


async def user_of_credential(session: Session, credential_id: UUID) -> User | None:
    """Find whose credential it is."""
    query = select(User).join(Credential, col(Credential.user_id) == User.id)
    return (await session.exec(query.where(Credential.id == credential_id))).first()


async def lock_user(session: Session, user_id: UUID) -> User | None:
    """Find a user as he is now, and hold his row."""
    query = select(User).where(User.id == user_id).with_for_update()
    fresh = query.execution_options(populate_existing=True)
    return (await session.exec(fresh)).first()


async def lock_active_admins(session: Session) -> list[UUID]:
    """Hold the rows of all admins who can sign in; list them."""
    query = (
        select(User.id)
        .where(User.role == "admin", ~col(User.disabled), col(User.password_hash).is_not(None))
        .order_by(col(User.id))
        .with_for_update()
    )
    return list((await session.exec(query)).all())


async def add_user(session: Session, user: User) -> bool:
    """Add a user; False when the name is taken."""
    statement = insert(User).values(**user.model_dump()).on_conflict_do_nothing()
    added = await session.execute(statement.returning(col(User.id)))
    return added.first() is not None


async def find_user(session: Session, user_id: UUID) -> User | None:
    """Find a user."""
    return await session.get(User, user_id)


async def note_signed_in(session: Session, user_id: UUID) -> None:
    """Note when somebody last came in."""
    now = session.clock.now()
    await session.execute(update(User).where(col(User.id) == user_id).values(signed_in_at=now))


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
