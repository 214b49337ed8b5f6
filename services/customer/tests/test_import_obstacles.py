"""A44: what stands in an import's way stops that import alone, and nothing slips past it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from customer.domain.customer import CustomerStatus
from customer.handlers.customers import edit_customer
from customer.importer import Importer
from customer.store import imports
from shared.database import Sessions
from shared.principal import Principal
from shared.testing import ADMIN, SARI
from shared.testing.plugin import CallAs

PATH = "/api/v1/imports"
HEAD = "Nama;No. HP;Alamat;Marketing\r\n"
SITI = "Ibu Siti Aminah;0812 3456 7890;Depok;Ibu Sari\r\n"
MAHMUD = "Bapak Mahmud Sulaiman;8561101133;Bogor, Jawa Barat;Bapak Wawan\r\n"
SYSTEM = Principal.system("customer")

Made = dict[str, Any]
Make = Callable[..., Awaitable[Made]]
Work = Callable[[], Awaitable[int]]


@pytest.fixture
def state_of(call_as: CallAs) -> Callable[[Made], Awaitable[Made]]:
    async def read(made: Made) -> Made:
        return dict((await call_as(ADMIN).get(f"{PATH}/{made['id']}")).json())

    return read


async def change(sessions: Sessions, statement: str) -> None:
    async with sessions.begin(SYSTEM) as session:
        await session.execute(text(statement))


async def somebody_waits(sessions: Sessions) -> None:
    """Until a transaction waits for a lock that another one has."""
    waits = text("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
    async with asyncio.timeout(20):
        while True:
            async with sessions.begin(SYSTEM) as session:
                if (await session.execute(waits)).scalar_one():
                    return


class TestObstacles:
    @pytest.fixture
    async def number_taken(self, sessions: Sessions, register: Make) -> None:
        """The next customer's number is one that exists: the database refuses him."""
        await register(SARI, name="Satu", phone="0812000001")
        await register(SARI, name="Dua", phone="0812000002")
        await change(sessions, "UPDATE number_series SET last = 1 WHERE series = 'PLG'")

    async def test_r6_what_the_database_refuses_gives_the_whole_import_back(
        self, upload: Make, act: Any, work: Work, number_taken: None, state_of: Any
    ) -> None:
        made = await upload((HEAD + SITI).encode())
        await act(made, "run", whole=True)

        await work()

        now = await state_of(made)
        assert (now["state"], now["note"][:40]) == (
            "draft",
            "Baris 2: data ini tidak dapat disimpan. "[:40],
        )

    async def test_r6_otherwise_that_row_alone_fails(
        self, upload: Make, act: Any, work: Work, number_taken: None, rows_of: Any, state_of: Any
    ) -> None:
        made = await upload((HEAD + SITI).encode())
        await act(made, "run", whole=False)

        await work()

        [row] = await rows_of(made)
        assert ((await state_of(made))["state"], row["state"]) == ("done", "failed")

    async def test_r6_an_import_that_breaks_the_worker_holds_up_no_other(
        self,
        upload: Make,
        act: Any,
        work: Work,
        sessions: Sessions,
        people: Any,
        state_of: Any,
    ) -> None:
        broken, sound = await upload((HEAD + SITI).encode()), await upload((HEAD + MAHMUD).encode())
        await change(
            sessions, f"UPDATE import_rows SET fields = '{{}}' WHERE import_id = '{broken['id']}'"
        )
        for each in (broken, sound):
            await act(each, "run", whole=True)

        await work()

        stopped = await state_of(broken)
        assert (stopped["state"], stopped["note"][:35]) == (
            "draft",
            "Impor berhenti karena kesalahan sis",
        )
        assert ((await state_of(sound))["state"], set(await people())) == (
            "done",
            {"Bapak Mahmud Sulaiman"},
        )

    async def test_r6_a_worker_rests_while_another_one_has_the_only_import(
        self, upload: Make, act: Any, sessions: Sessions
    ) -> None:
        made = await upload((HEAD + SITI).encode())
        await act(made, "run", whole=True)
        importer = Importer(sessions, "customer")

        async with sessions.begin(SYSTEM) as other:
            await imports.claim(other, UUID(made["id"]))
            pause = await importer.step()

        assert pause is None
        assert await importer.step() is not None


class TestTakingBackAgainstABooking:
    async def test_k4_a_booking_that_is_being_made_stops_it(
        self,
        upload: Make,
        act: Any,
        work: Work,
        sessions: Sessions,
        people: Any,
        offer: Make,
        book: Make,
        state_of: Any,
    ) -> None:
        made, product = await upload((HEAD + SITI).encode()), await offer()
        await act(made, "run", whole=True)
        await work()
        siti = (await people())["Ibu Siti Aminah"]
        await act(made, "undo")

        async with sessions.begin(SYSTEM) as ahead:  # both wait in line behind this one
            await ahead.execute(text("SELECT FROM customers FOR UPDATE"))
            booking = asyncio.create_task(book(siti, product, SARI))
            await somebody_waits(sessions)
            undoing = asyncio.create_task(Importer(sessions, "customer").step())
        await asyncio.gather(booking, undoing)

        now = await state_of(made)
        assert (now["state"], "Ibu Siti Aminah" in now["note"]) == ("done", True)
        assert (await people())["Ibu Siti Aminah"]["status"] == "active"

    async def test_k4_nobody_books_for_a_customer_who_is_being_retired(
        self, sessions: Sessions, register: Make, offer: Make, call_as: CallAs
    ) -> None:
        siti, product = await register(SARI), await offer()
        item = {"product_id": product["id"], "quantity": 1, "unit_price_idr": 30_000_000}
        plan = {"kind": "cash", "due_on": "2026-12-10"}
        body = {"customer_id": siti["id"], "items": [item], "plan": plan}

        async with sessions.begin(ADMIN) as session:
            retired = {"status": CustomerStatus.INACTIVE}
            await edit_customer(session, UUID(siti["id"]), retired)
            await session.flush()
            booking = asyncio.create_task(call_as(SARI).post("/api/v1/bookings", body))
            await somebody_waits(sessions)
        answer = await booking

        assert answer.status_code == 409
        assert "tidak aktif" in answer.json()["detail"]
