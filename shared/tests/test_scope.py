"""A2, A3: what a Marketing sees is decided by the database, even where a query forgot it."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.database import Sessions
from shared.principal import Principal
from shared.testing import ADMIN, SARI, WAWAN

_INSERT = text("INSERT INTO customers (id, marketing_id, version) VALUES (:id, :owner, 1)")
_NOTE = text("INSERT INTO notes (id, customer_id, words) VALUES (:id, :customer, 'x')")


async def add_customer(sessions: Sessions, owner: UUID) -> UUID:
    customer = uuid4()
    async with sessions.begin(Principal.system("sample")) as session:
        await session.execute(_INSERT, {"id": customer, "owner": owner})
        await session.execute(_NOTE, {"id": uuid4(), "customer": customer})
    return customer


async def count(sessions: Sessions, principal: Principal, table: str) -> int:
    async with sessions.begin(principal) as session:
        counted = await session.execute(text(f"SELECT count(*) FROM {table}"))
        return int(counted.scalar_one())


@pytest.mark.parametrize("table", ["customers", "notes"])
class TestRowLevelSecurity:
    async def test_a2_a_marketing_sees_only_his_own(self, sessions: Sessions, table: str) -> None:
        await add_customer(sessions, WAWAN.user_id)
        await add_customer(sessions, SARI.user_id)
        await add_customer(sessions, SARI.user_id)

        seen = {p.name: await count(sessions, p, table) for p in (WAWAN, SARI, ADMIN)}

        assert seen == {"Bapak Wawan": 1, "Ibu Sari": 2, "Ibu Ratna": 3}

    async def test_a3_without_an_identity_there_are_no_rows(
        self, sessions: Sessions, table: str
    ) -> None:
        await add_customer(sessions, WAWAN.user_id)

        async with sessions._factory(info={}) as bare:
            seen = (await bare.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()

        assert seen == 0


class TestWritingOutsideTheScope:
    async def test_a3_a_marketing_cannot_add_a_row_for_another(self, sessions: Sessions) -> None:
        with pytest.raises(DBAPIError, match="row-level security"):
            async with sessions.begin(WAWAN) as session:
                await session.execute(_INSERT, {"id": uuid4(), "owner": SARI.user_id})

    async def test_a3_the_identity_ends_with_the_transaction(self, sessions: Sessions) -> None:
        await add_customer(sessions, WAWAN.user_id)
        async with sessions.begin(ADMIN) as session:
            await session.execute(text("SELECT 1"))
            await session.commit()
            scope = text("SELECT current_setting('lunas.scope', true)")

            async with sessions._factory(info={}) as bare:
                left = (await bare.execute(scope)).scalar_one()

        assert not left
