"""Engine, sessions and the scope that PostgreSQL enforces (A3).

One transaction per request or delivery; the edge commits, handlers never do. The identity is
set transaction-locally; without one the row-level security shows nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar, TypeVarTuple, overload

from sqlalchemy import Result, ScalarResult, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import Session as SyncSession
from sqlalchemy.orm import SessionTransaction
from sqlmodel.sql.expression import Select, SelectOfScalar

from shared.clock import Clock
from shared.principal import Principal

Value = TypeVar("Value")
Columns = TypeVarTuple("Columns")

_SET_SCOPE = text(
    "SELECT set_config('lunas.scope', :kind, true),"
    " set_config('lunas.marketing_id', :marketing_id, true)"
)


TRIES = 5
"""How often a whole transaction is run before a lost race is given up (K4)."""

_LOST_RACES = {"40001", "40P01"}  # serialization failure, deadlock


def may_succeed_again(error: DBAPIError) -> bool:
    """Tell whether PostgreSQL undid the transaction only because of another one (K4)."""
    return getattr(error.orig, "sqlstate", None) in _LOST_RACES


class _ScopedSyncSession(SyncSession):
    """The synchronous core of a session; each of its transactions starts with the scope."""


@event.listens_for(_ScopedSyncSession, "after_begin")
def _set_scope(
    session: SyncSession, _transaction: SessionTransaction, connection: Connection
) -> None:
    principal: Principal | None = session.info.get("principal")
    if principal is not None:
        connection.execute(_SET_SCOPE, _spelled(principal.scope))


def _spelled(scope: str) -> dict[str, str]:
    kind, _colon, owner = scope.partition(":")
    return {"kind": kind, "marketing_id": owner}


class Session(AsyncSession):
    """A session that knows who asks and what time it is."""

    sync_session_class = _ScopedSyncSession

    @property
    def clock(self) -> Clock:
        """The injected clock (T4)."""
        clock: Clock = self.info["clock"]
        return clock

    @property
    def principal(self) -> Principal:
        """Who acts in this transaction."""
        principal: Principal = self.info["principal"]
        return principal

    @overload
    async def exec(self, statement: SelectOfScalar[Value]) -> ScalarResult[Value]: ...

    @overload
    async def exec(self, statement: Select[*Columns]) -> Result[*Columns]: ...

    async def exec(self, statement: Any) -> Any:
        """Run a SQLModel ``select``: one column gives values, several give rows."""
        result = await self.execute(statement)
        return result.scalars() if isinstance(statement, SelectOfScalar) else result


async def set_scope(session: Session, scope: str) -> None:
    """See for the rest of the transaction what somebody of this scope sees."""
    await session.execute(_SET_SCOPE, _spelled(scope))


class Sessions:
    """Opens scoped transactions on one database."""

    def __init__(self, bind: AsyncEngine | AsyncConnection, clock: Clock) -> None:
        self.clock = clock
        self.bind = bind
        self._factory = async_sessionmaker(
            bind,
            class_=Session,
            expire_on_commit=False,
            join_transaction_mode="create_savepoint",
        )

    @asynccontextmanager
    async def begin(self, principal: Principal) -> AsyncIterator[Session]:
        """One transaction as ``principal``: commits at the end, rolls back on any error."""
        info: dict[str, Any] = {"clock": self.clock, "principal": principal}
        async with self._factory(info=info) as session, session.begin():
            yield session


def make_engine(url: str, *, pool_size: int = 4, pool_overflow: int = 6) -> AsyncEngine:
    """Make the engine of one service on asyncpg.

    Connections are not tried before use: that costs three round trips each time. The first use of
    a dead one fails, all of its age are thrown away, and the edge tries again where that is safe.
    """
    return create_async_engine(
        driver_url(url),
        pool_size=pool_size,
        max_overflow=pool_overflow,
        pool_timeout=10,
        hide_parameters=True,  # a failed statement is logged; its values are personal (P2)
        connect_args={"timeout": 5, "server_settings": {"timezone": "UTC"}},
    )


def driver_url(url: str) -> str:
    """Spell a ``postgresql://`` address the way SQLAlchemy names the driver."""
    scheme, _, rest = url.partition("://")
    if scheme not in {"postgres", "postgresql", "postgresql+asyncpg"}:
        raise ValueError(f"not a PostgreSQL address: {scheme}://…")
    return f"postgresql+asyncpg://{rest}"


def plain_url(url: str) -> str:
    """Spell the address the way asyncpg itself reads it."""
    return "postgresql://" + url.partition("://")[2]
