"""What the service hears and tells again: users in any order, its whole state on request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from customer.handlers import republish
from shared.bus import Message
from shared.database import Sessions
from shared.events import Event
from shared.principal import Principal
from shared.service import Service
from shared.testing import ADMIN, SARI, WAWAN
from shared.testing.plugin import CallAs

Made = dict[str, Any]
Make = Callable[..., Awaitable[Made]]
Published = Callable[[], Awaitable[list[Made]]]


async def hear(service: Service, *events: Event) -> None:
    for event in events:
        body = event.model_dump_json().encode()
        await service.consumer.receive(Message(event.routing_key(), body, event.event_id))


class TestFollowingUsers:
    async def test_a_renamed_marketing_is_renamed_on_his_customers(
        self,
        service: Service,
        register: Make,
        user_event: Callable[..., Event],
        call_as: CallAs,
        published: Published,
    ) -> None:
        made = await register(WAWAN)
        await register(SARI)

        await hear(service, user_event(WAWAN, 2, name="Bapak Wawan Setiawan"))

        now = (await call_as(WAWAN).get(f"/api/v1/customers/{made['id']}")).json()
        assert (now["marketing"]["name"], now["version"]) == ("Bapak Wawan Setiawan", 2)
        changed = [e for e in await published() if e["type"] == "customer.changed.v1"]
        assert [e["aggregate_id"] for e in changed] == [made["id"]]

    async def test_e1_e5_twice_and_out_of_order_changes_nothing_more(
        self,
        service: Service,
        register: Make,
        user_event: Callable[..., Event],
        published: Published,
    ) -> None:
        await register(WAWAN)
        newer = user_event(WAWAN, 3, name="Bapak W.")
        older = user_event(WAWAN, 2, name="Bapak X.")

        await hear(service, newer, older, newer, older)

        names = [e["marketing_name"] for e in await published() if "marketing_name" in e]
        assert names == ["Bapak Wawan", "Bapak W."]

    async def test_a_disabled_marketing_gets_no_new_customer(
        self, service: Service, user_event: Callable[..., Event], call_as: CallAs, register: Make
    ) -> None:
        made = await register(WAWAN)
        await hear(service, user_event(SARI, 2, disabled=True))
        order = {"marketing_id": str(SARI.user_id), "reason": "x"}

        answer = await call_as(ADMIN).post(f"/api/v1/customers/{made['id']}/reassign", order)

        assert answer.status_code == 422

    async def test_e1_a_marketing_can_work_before_his_own_event_arrives(
        self, service: Service, user_event: Callable[..., Event], call_as: CallAs
    ) -> None:
        body = {"name": "Ibu Siti", "phone": "081234567890", "address": "Bogor"}
        own = UUID(int=0xD)
        newcomer = Principal(own, "Bapak Baru", "marketing", own, WAWAN.permissions)

        answer = await call_as(newcomer).post("/api/v1/customers", body)
        await hear(service, user_event(newcomer, 1, name="Bapak Baru Sekali"))

        path = f"/api/v1/customers/{answer.json()['id']}"
        assert answer.json()["marketing"]["name"] == "Bapak Baru"
        named = (await call_as(newcomer).get(path)).json()["marketing"]["name"]
        assert named == "Bapak Baru Sekali"


class TestTellingEverythingAgain:
    async def test_e7_a_new_listener_gets_the_present_state_prerequisites_first(
        self,
        service: Service,
        sessions: Sessions,
        call_as: CallAs,
        register: Make,
        offer: Make,
        book: Make,
    ) -> None:
        customer, product = await register(), await offer()
        drafts = [await book(customer, product) for _ in range(4)]
        for draft in drafts[:2]:
            await call_as(WAWAN).post(f"/api/v1/bookings/{draft['id']}/confirm")
        for draft in drafts[1:3]:
            await call_as(WAWAN).post(f"/api/v1/bookings/{draft['id']}/cancel")

        async with sessions.begin(service.principal) as session:
            told = [event async for event in republish(session)]

        assert [(e.TYPE, str(e.aggregate_id), e.aggregate_version) for e in told] == [
            ("product.changed", product["id"], 1),
            ("customer.changed", customer["id"], 1),
            ("booking.confirmed", drafts[0]["id"], 2),
            ("booking.cancelled", drafts[1]["id"], 3),
        ]


class TestTheDatabase:
    @pytest.mark.parametrize("table", ["customers", "bookings", "booking_items"])
    async def test_a3_a_forgotten_filter_shows_nothing_of_others(
        self, sessions: Sessions, register: Make, offer: Make, book: Make, table: str
    ) -> None:
        await book(await register(WAWAN), await offer())
        count = text(f"SELECT count(*) FROM {table}")

        seen = []
        for person in (WAWAN, SARI, ADMIN):
            async with sessions.begin(person) as session:
                seen.append((await session.execute(count)).scalar_one())

        assert seen == [1, 0, 1]

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE bookings SET total_idr = 0",
            "UPDATE bookings SET status = 'confirmed'",
            "UPDATE customers SET phone = '0856'",
            "UPDATE booking_items SET amount_idr = 1",
            "DELETE FROM customers",
            "DELETE FROM reassignments",
            "UPDATE reassignments SET reason = 'x'",
        ],
    )
    async def test_k1_the_database_itself_refuses_what_must_not_be(
        self, sessions: Sessions, register: Make, offer: Make, book: Make, statement: str
    ) -> None:
        await book(await register(WAWAN), await offer())

        with pytest.raises(DBAPIError):
            async with sessions.begin(ADMIN) as session:
                await session.execute(text(statement))

    async def test_a2_a_marketing_cannot_give_a_customer_away(
        self, sessions: Sessions, register: Make
    ) -> None:
        await register(WAWAN)

        with pytest.raises(DBAPIError, match="row-level security"):
            async with sessions.begin(WAWAN) as session:
                give = text("UPDATE customers SET marketing_id = :owner")
                await session.execute(give, {"owner": SARI.user_id})
