"""P1: every change leaves a row that nobody can alter unseen."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared import audit, inspection
from shared.clock import FrozenClock
from shared.database import Sessions
from shared.paging import encode_instant
from shared.principal import Principal
from shared.testing import ADMIN, WAWAN
from shared.testing.plugin import NOW


async def record_three(sessions: Sessions) -> None:
    customer = uuid4()
    for number in range(3):
        async with sessions.begin(WAWAN) as session:
            audit.record(
                session,
                action="customer.changed",
                object_type="customer",
                object_id=customer,
                before={"name": f"nama {number}"},
                after={"name": f"nama {number + 1}"},
                reason="salah ketik",
            )


class TestTheAuditLog:
    async def test_p1_the_row_says_who_what_before_and_after(self, sessions: Sessions) -> None:
        customer = uuid4()
        async with sessions.begin(WAWAN) as session:
            audit.record(
                session,
                action="customer.changed",
                object_type="customer",
                object_id=customer,
                before={"name": "Siti"},
                after={"name": "Siti Aminah"},
            )

        async with sessions.begin(ADMIN) as session:
            (entry,) = await audit.of_object(session, customer)

        assert (entry.actor_name, entry.actor_role) == ("Bapak Wawan", "marketing")
        assert (entry.before, entry.after) == ({"name": "Siti"}, {"name": "Siti Aminah"})

    @pytest.mark.parametrize(
        "statement",
        ["UPDATE audit_log SET reason = 'x'", "DELETE FROM audit_log", "TRUNCATE audit_seals"],
    )
    async def test_p1_the_service_cannot_change_it(
        self, sessions: Sessions, statement: str
    ) -> None:
        await record_three(sessions)

        with pytest.raises(DBAPIError, match="permission denied"):
            async with sessions.begin(ADMIN) as session:
                await session.execute(text(statement))

    async def test_p1_the_chain_holds_until_a_row_is_altered(
        self, sessions: Sessions, owner_sessions: Sessions
    ) -> None:
        await record_three(sessions)
        await audit.Sealer("sample", sessions).step()
        async with sessions.begin(ADMIN) as session:
            intact = await audit.first_broken_link(session)
            unsealed = await audit.count_unsealed(session)

        async with owner_sessions.begin(ADMIN) as session:
            await session.execute(
                text(
                    "UPDATE audit_log SET reason = 'lain' WHERE id ="
                    " (SELECT audit_id FROM audit_seals WHERE seal_no = 2)"
                )
            )
        async with sessions.begin(ADMIN) as session:
            broken = await audit.first_broken_link(session)

        assert (intact, unsealed, broken) == (None, 0, 2)

    async def test_p1_counting_what_is_unsealed_does_not_grow_with_the_square(
        self, sessions: Sessions
    ) -> None:
        many = (
            "INSERT INTO audit_log (id, at, actor_id, actor_name, actor_role, action, object_type,"
            " object_id, correlation_id) SELECT gen_random_uuid(), now(), gen_random_uuid(), 'x',"
            " 'system', 'x.y', 'x', gen_random_uuid(), 'x' FROM generate_series(1, 20000)"
        )
        sealed = (
            "INSERT INTO audit_seals SELECT row_number() OVER (), id, '' FROM audit_log LIMIT 19990"
        )
        async with sessions.begin(ADMIN) as session:
            await session.execute(text(many))
            await session.execute(text(sealed))
            await session.execute(text("SET LOCAL work_mem = '64kB'"))
            await session.execute(text("SET LOCAL statement_timeout = '3s'"))

            unsealed = await audit.count_unsealed(session)

        assert unsealed == 10

    async def test_p1_a_row_from_before_sources_keeps_its_hash(self, sessions: Sessions) -> None:
        await record_three(sessions)
        async with sessions.begin(ADMIN) as session:
            row = (await audit.find(session, audit.Wanted(limit=1)))[0]

        facts = row.model_dump(mode="json", exclude={"source"})
        payload = json.dumps(facts, sort_keys=True, separators=(",", ":"))
        assert audit.link("", row) == hashlib.sha256(f"\n{payload}".encode()).hexdigest()
        row.source = "web"
        assert audit.link("", row) != hashlib.sha256(f"\n{payload}".encode()).hexdigest()


class TestListing:
    async def test_p11_rows_are_found_by_person_kind_and_time_page_by_page(
        self, sessions: Sessions, clock: FrozenClock
    ) -> None:
        for who in (WAWAN, ADMIN, Principal.system("sample")):
            async with sessions.begin(replace(who, via="web" if who.role != "system" else "")) as s:
                audit.record(s, action="x.done", object_type="thing", object_id=uuid4())
            clock.advance(timedelta(hours=1))

        async with sessions.begin(ADMIN) as session:
            newest = await audit.find(session, audit.Wanted(limit=2))
            rest = await audit.find(
                session, audit.Wanted(cursor=encode_instant(newest[-1].at, newest[-1].id))
            )
            his = await audit.find(session, audit.Wanted(actor_id=WAWAN.user_id))
            early = await audit.count(session, audit.Wanted(until=NOW + timedelta(minutes=30)))
            others = await audit.count(session, audit.Wanted(object_type="other"))

        assert [row.actor_role for row in newest + rest] == ["system", "admin", "marketing"]
        assert [(row.actor_name, row.source) for row in his] == [("Bapak Wawan", "web")]
        assert (early, others) == (1, 0)


class TestTheDailyLook:
    async def look(self, sessions: Sessions) -> inspection.Chain:
        await audit.Sealer("sample", sessions).step()
        await inspection.Inspector("sample", sessions).step()
        async with sessions.begin(ADMIN) as session:
            return await inspection.chain(session)

    async def test_p1_the_chain_is_examined_once_a_day(
        self, sessions: Sessions, clock: FrozenClock
    ) -> None:
        await record_three(sessions)
        first = await self.look(sessions)
        clock.advance(timedelta(hours=16, minutes=59))  # 01.59 WIB
        await record_three(sessions)
        same = await self.look(sessions)
        clock.advance(timedelta(minutes=1))
        next_day = await self.look(sessions)

        assert (first.checked_at, first.seals, first.broken_no) == (NOW, 3, None)
        assert (same.checked_at, same.seals) == (NOW, 3)
        assert (next_day.seals, next_day.broken_no) == (6, None)

    async def test_p1_an_end_that_was_cut_off_is_found(
        self, sessions: Sessions, owner_sessions: Sessions, clock: FrozenClock
    ) -> None:
        await record_three(sessions)
        await self.look(sessions)
        async with owner_sessions.begin(ADMIN) as session:
            await session.execute(text("DELETE FROM audit_seals WHERE seal_no = 3"))
            await session.execute(
                text("DELETE FROM audit_log WHERE id NOT IN (SELECT audit_id FROM audit_seals)")
            )
        clock.advance(timedelta(days=1))

        assert (await self.look(sessions)).broken_no == 3
