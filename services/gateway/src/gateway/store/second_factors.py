"""Second factors and recovery codes."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from gateway.models import RecoveryCode, SecondFactor
from shared.database import Session


async def lock_factor(session: Session, user_id: UUID) -> SecondFactor | None:
    """Find somebody's factor and hold its row: of two who use one code one is late."""
    query = select(SecondFactor).where(SecondFactor.user_id == user_id).with_for_update()
    fresh = query.execution_options(populate_existing=True)
    return (await session.exec(fresh)).first()


async def find_factor(session: Session, user_id: UUID) -> SecondFactor | None:
    """Find somebody's factor."""
    return await session.get(SecondFactor, user_id)


async def who_has_one(session: Session, user_ids: Iterable[UUID]) -> set[UUID]:
    """Tell which of these users sign in with a second factor."""
    query = select(SecondFactor.user_id).where(
        col(SecondFactor.user_id).in_(list(user_ids)), col(SecondFactor.enabled_at).is_not(None)
    )
    return set((await session.exec(query)).all())


async def put_factor(session: Session, factor: SecondFactor) -> None:
    """Keep a factor that is being set up; an unfinished one is replaced, an enabled one stays."""
    row = factor.model_dump()
    replaced = {name: value for name, value in row.items() if name != "user_id"}
    await session.execute(
        insert(SecondFactor)
        .values(**row)
        .on_conflict_do_update(
            index_elements=["user_id"],
            set_=replaced,
            where=col(SecondFactor.enabled_at).is_(None),
        )
    )


async def drop_factor(session: Session, user_id: UUID) -> bool:
    """Forget a factor with its recovery codes; tell whether there was an enabled one."""
    gone = await session.execute(
        delete(SecondFactor)
        .where(col(SecondFactor.user_id) == user_id)
        .returning(col(SecondFactor.enabled_at))
    )
    return gone.scalar_one_or_none() is not None


async def put_recovery_codes(session: Session, user_id: UUID, hashes: Iterable[bytes]) -> None:
    """Keep these codes instead of all before."""
    await session.execute(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user_id))
    rows = [{"user_id": user_id, "code_hash": each} for each in hashes]
    await session.execute(insert(RecoveryCode), rows)


async def take_recovery_code(session: Session, user_id: UUID, code_hash: bytes) -> bool:
    """Use a code up; False when it is none or was used."""
    taken = await session.execute(
        delete(RecoveryCode)
        .where(col(RecoveryCode.user_id) == user_id, col(RecoveryCode.code_hash) == code_hash)
        .returning(col(RecoveryCode.user_id))
    )
    return taken.first() is not None


async def count_recovery_codes(session: Session, user_id: UUID) -> int:
    """Count the codes that are left."""
    query = select(func.count()).where(RecoveryCode.user_id == user_id)
    return (await session.exec(query)).one()
