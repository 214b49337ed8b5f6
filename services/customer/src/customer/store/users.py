"""The copy of the gateway's users."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from customer.domain.customer import MarketingNotFound
from customer.models import User
from shared.contracts.gateway import UserChanged
from shared.database import Session
from shared.principal import Principal


async def follow(session: Session, event: UserChanged) -> bool:
    """Take over the user's state; False when the copy is as new or newer (E5)."""
    state: dict[str, Any] = {
        "name": event.name,
        "role": event.role,
        "disabled": event.disabled,
        "phone": event.phone,
        "version": event.aggregate_version,
    }
    first = insert(User).values(id=event.aggregate_id, **state)
    newer = first.on_conflict_do_update(
        index_elements=["id"], set_=state, where=col(User.version) < event.aggregate_version
    ).returning(col(User.id))
    return (await session.execute(newer)).first() is not None


async def meet(session: Session, principal: Principal) -> None:
    """Know the caller even before the event about him came; that event wins over this."""
    row = {"id": principal.user_id, "name": principal.name, "role": principal.role}
    first = insert(User).values(**row, disabled=False, version=0)
    await session.execute(first.on_conflict_do_nothing())


async def get_marketing(session: Session, user_id: UUID) -> User:
    """Read an active Marketing, and keep his name still until the transaction ends.

    Raises:
        MarketingNotFound: there is none with this id.
    """
    query = (
        select(User)
        .where(User.id == user_id, User.role == "marketing", col(User.disabled).is_(False))
        .with_for_update(read=True)
    )
    user = (await session.exec(query)).first()
    if user is None:
        raise MarketingNotFound(field="marketing_id")
    return user
