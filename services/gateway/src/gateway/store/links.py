"""Links by which somebody sets his own password."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from gateway.models import PasswordLink, User
from shared.database import Session


async def put_link(session: Session, link: PasswordLink) -> None:
    """Keep the one link of a user; an older one is worth nothing from now on."""
    row = link.model_dump()
    replaced = {name: value for name, value in row.items() if name != "user_id"}
    statement = insert(PasswordLink).values(**row)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["user_id"], set_=replaced)
    )


async def find_link(session: Session, secret_hash: bytes) -> tuple[PasswordLink, User] | None:
    """Find a link that is still good, and whose it is."""
    query = (
        select(PasswordLink, User)
        .join(User, col(User.id) == PasswordLink.user_id)
        .where(
            PasswordLink.secret_hash == secret_hash,
            col(PasswordLink.expires_at) > session.clock.now(),
            ~col(User.disabled),
        )
    )
    row = (await session.exec(query)).first()
    return None if row is None else (row[0], row[1])


async def open_links(session: Session, user_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """Say until when the links of these users are good; who has none is not named."""
    query = select(PasswordLink.user_id, PasswordLink.expires_at).where(
        col(PasswordLink.user_id).in_(list(user_ids)),
        col(PasswordLink.expires_at) > session.clock.now(),
    )
    return {row[0]: row[1] for row in await session.exec(query)}


async def take_link(session: Session, secret_hash: bytes) -> bool:
    """Use a link up; of two who try at once one only gets True."""
    statement = delete(PasswordLink).where(
        col(PasswordLink.secret_hash) == secret_hash,
        col(PasswordLink.expires_at) > session.clock.now(),
    )
    taken = await session.execute(statement.returning(col(PasswordLink.user_id)))
    return taken.first() is not None


async def drop_link(session: Session, user_id: UUID) -> None:
    """Forget the link of a user, if he has one."""
    await session.execute(delete(PasswordLink).where(col(PasswordLink.user_id) == user_id))
