"""R3: what the database itself refuses about closed days, whatever the code does."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.clock import WIB
from shared.database import Session, Sessions
from shared.principal import Principal

SYSTEM = Principal.system("reconciliation")
_MOVEMENT = text(
    "INSERT INTO ledger_transactions (id, kind, object_id, posted_at, booked_on)"
    " VALUES (:id, 'payment_received', :object, :posted_at, :booked_on) RETURNING booked_on"
)
_ENTRY = text(
    "INSERT INTO ledger_entries (transaction_id, no, account, amount_idr)"
    " VALUES (:id, 1, 'bank:bni', 5), (:id, 2, 'suspense', -5)"
)
_CERTIFICATE = text(
    "INSERT INTO certificates"
    " (day, no, closed_at, closed_by, facts, entries_hash, previous, checksum)"
    " VALUES (:day, :no, :closed_at, 'x', '{}', :checksum, :previous, :checksum)"
)
DAY = date(2026, 11, 23)


def checksum(no: int) -> str:
    return "" if no == 0 else f"{no:064x}"


async def book(session: Session, posted_at: datetime, booked_on: date | None = None) -> date:
    key = {"id": uuid4()}
    facts = {"object": uuid4(), "posted_at": posted_at, "booked_on": booked_on}
    booked: date = (await session.execute(_MOVEMENT, key | facts)).scalar_one()
    await session.execute(_ENTRY, key)
    return booked


async def certify(session: Session, day: date, no: int = 1, **more: Any) -> None:
    facts = {
        "day": day,
        "no": no,
        "closed_at": datetime(2027, 1, 1, tzinfo=UTC),
        "previous": checksum(no - 1),
        "checksum": checksum(no),
    }
    await session.execute(_CERTIFICATE, facts | more)


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=WIB)


class TestABookedDay:
    @pytest.mark.parametrize(
        ("posted_at", "day"),
        [
            (datetime(2026, 11, 30, 16, 59, 59, tzinfo=UTC), date(2026, 11, 30)),
            (datetime(2026, 11, 30, 17, 0, 0, tzinfo=UTC), date(2026, 12, 1)),
            (datetime(2028, 2, 28, 17, 0, 0, tzinfo=UTC), date(2028, 2, 29)),
            (datetime(2028, 2, 29, 17, 0, 0, tzinfo=UTC), date(2028, 3, 1)),
            (datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC), date(2026, 12, 31)),
            (datetime(2026, 12, 31, 17, 0, 0, tzinfo=UTC), date(2027, 1, 1)),
        ],
    )
    async def test_t1_t4_is_the_day_of_posting_in_wib(
        self, session: Session, posted_at: datetime, day: date
    ) -> None:
        assert await book(session, posted_at) == day

    async def test_r3_is_the_open_day_once_its_own_is_closed(self, sessions: Sessions) -> None:
        async with sessions.begin(SYSTEM) as session:
            await certify(session, DAY)

        async with sessions.begin(SYSTEM) as session:
            assert await book(session, at(DAY, 23, 59, 59)) == DAY + timedelta(days=1)

    async def test_r3_is_never_a_closed_one_nor_one_to_come(
        self, sessions: Sessions, owner_sessions: Sessions
    ) -> None:
        async with sessions.begin(SYSTEM) as session:
            await certify(session, DAY)

        for role in (sessions, owner_sessions):
            for day in (DAY, DAY - timedelta(days=30), DAY + timedelta(days=2)):
                with pytest.raises(DBAPIError, match="any more, or yet"):
                    async with role.begin(SYSTEM) as session:
                        await book(session, at(DAY, 23), day)

    async def test_k1_is_decided_on_what_others_have_committed(self, sessions: Sessions) -> None:
        with pytest.raises(DBAPIError, match="read committed only"):
            async with sessions.begin(SYSTEM) as session:
                options = {"isolation_level": "REPEATABLE READ"}
                await session.connection(execution_options=options)
                await book(session, at(DAY, 9))


class TestACertificate:
    async def test_r3_follows_the_last_one(self, sessions: Sessions) -> None:
        async with sessions.begin(SYSTEM) as session:
            await certify(session, DAY)
        after = DAY + timedelta(days=1)

        for day, no, more in (
            (DAY + timedelta(days=2), 2, {}),
            (DAY - timedelta(days=1), 2, {}),
            (after, 3, {"previous": checksum(1)}),
            (after, 2, {"previous": checksum(5)}),
        ):
            with pytest.raises(DBAPIError, match="does not follow"):
                async with sessions.begin(SYSTEM) as session:
                    await certify(session, day, no, **more)

    async def test_r3_the_first_leaves_no_movement_behind_it(self, sessions: Sessions) -> None:
        async with sessions.begin(SYSTEM) as session:
            await book(session, at(DAY, 9))

        with pytest.raises(DBAPIError, match="does not follow"):
            async with sessions.begin(SYSTEM) as session:
                await certify(session, DAY + timedelta(days=1))

    async def test_t4_is_never_of_today(self, sessions: Sessions) -> None:
        with pytest.raises(DBAPIError, match="never_of_today"):
            async with sessions.begin(SYSTEM) as session:
                await certify(session, DAY, closed_at=at(DAY, 23, 59, 59))
        async with sessions.begin(SYSTEM) as session:
            await certify(session, DAY, closed_at=at(DAY + timedelta(days=1), 0))

    @pytest.mark.parametrize(
        "statement", ["UPDATE certificates SET no = no", "DELETE FROM certificates"]
    )
    async def test_m3_cannot_be_changed(
        self, sessions: Sessions, owner_sessions: Sessions, statement: str
    ) -> None:
        for role, refusal in ((sessions, "permission denied"), (owner_sessions, "append-only")):
            with pytest.raises(DBAPIError, match=refusal):
                async with role.begin(SYSTEM) as session:
                    await session.execute(text(statement))

    async def test_a3_is_not_for_marketing(self, sessions: Sessions) -> None:
        async with sessions.begin(SYSTEM) as session:
            await certify(session, DAY)
        wawan = Principal(UUID(int=0xB), "Bapak Wawan", "marketing", UUID(int=0xB))

        async with sessions.begin(wawan) as session:
            assert (await session.execute(text("SELECT * FROM certificates"))).all() == []
            booked = text("SELECT open_day('2026-11-01')")
            assert (await session.execute(booked)).scalar_one() == DAY + timedelta(days=1)


class TestAtOnce:
    async def test_k1_a_close_waits_for_movements_that_have_begun(self, sessions: Sessions) -> None:
        begun, order = asyncio.Event(), []

        async def pay() -> None:
            async with sessions.begin(SYSTEM) as session:
                assert await book(session, at(DAY, 23)) == DAY
                begun.set()
                await until_somebody_waits(sessions)
                order.append("paid")

        async def close() -> None:
            await begun.wait()
            async with sessions.begin(SYSTEM) as session:
                await certify(session, DAY)
                order.append("closed")

        await asyncio.gather(pay(), close())

        assert order == ["paid", "closed"]

    async def test_k1_a_movement_that_meets_the_close_is_booked_on_the_next_day(
        self, sessions: Sessions
    ) -> None:
        begun = asyncio.Event()

        async def close() -> None:
            async with sessions.begin(SYSTEM) as session:
                await certify(session, DAY)
                begun.set()
                await until_somebody_waits(sessions)

        async def pay() -> date:
            await begun.wait()
            async with sessions.begin(SYSTEM) as session:
                return await book(session, at(DAY, 23))

        _, booked = await asyncio.gather(close(), pay())

        assert booked == DAY + timedelta(days=1)


_WAITING = text(
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


async def until_somebody_waits(sessions: Sessions) -> None:
    """Look until another transaction of this database waits for the lock of the books."""
    async with asyncio.timeout(20):
        while True:
            async with sessions.begin(SYSTEM) as session:
                if (await session.execute(_WAITING)).scalar_one():
                    return
