"""P1: every change leaves a row that nobody can alter unseen."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared import audit
from shared.database import Sessions
from shared.testing import ADMIN, WAWAN


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
