"""The live stream: what events do to open pages, in the reader's scope."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from dashboard.handlers import live as handlers
from dashboard.handlers.hub import Hub
from dashboard.models import LiveEvent
from dashboard.store import live as store
from shared.contracts.customer import CustomerReassigned, CustomerRegistered
from shared.contracts.gateway import UserChanged
from shared.contracts.reconciliation import PaymentPosted
from shared.database import Sessions
from shared.errors import NotFound
from shared.principal import Principal
from shared.testing import ADMIN, SARI, WAWAN, Database

SYSTEM = Principal.system("dashboard")
MAHMUD, PAYMENT = UUID(int=42), UUID(int=77)


class Told:
    """Tells the dashboard events, each in a transaction of its own."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self.now = sessions.clock.now()

    async def customer(self, owner: Principal = WAWAN, version: int = 1) -> None:
        kind: Any = CustomerRegistered
        more: dict[str, Any] = {}
        if version > 1:
            kind = CustomerReassigned
            more = {"previous_marketing_id": WAWAN.user_id, "reason": "wilayah"}
        event = kind.of(
            version,
            self.now,
            MAHMUD,
            number="PLG-000042",
            name="Bapak Mahmud",
            phone="+628561101133",
            address="Bogor",
            email=None,
            marketing_id=owner.user_id,
            marketing_name=owner.name,
            status="active",
            registered_at=self.now,
            **more,
        )
        await self._tell(handlers.hear_customer, event)

    async def payment(self, version: int = 1, **changed: Any) -> None:
        facts = {
            "channel": "bni_va",
            "virtual_account": "8810",
            "bank_reference": "1",
            "customer_id": MAHMUD,
            "amount_idr": 1_250_000,
            "paid_at": self.now,
            "received_at": self.now,
            "status": "posted",
            "verification": "unverified",
            "allocations": [],
            "unallocated_idr": 1_250_000,
        }
        event = PaymentPosted.of(version, self.now, PAYMENT, **{**facts, **changed})
        await self._tell(handlers.hear_payment, event)

    async def user(self, user_id: UUID) -> None:
        facts: dict[str, Any] = {"username": "wawan", "name": "Wawan", "role": "marketing"}
        event = UserChanged.of(2, self.now, user_id, **facts, phone=None, disabled=True)
        await self._tell(handlers.hear_user, event)

    async def _tell(self, handler: Any, event: Any) -> None:
        async with self.sessions.begin(SYSTEM) as session:
            await handler(event, session)

    async def seen_by(self, reader: Principal) -> list[LiveEvent]:
        async with self.sessions.begin(reader) as session:
            return await store.after(session, 0, 100)


@pytest.fixture
def where_events_live(database: Database) -> str:
    return database.url


@pytest.fixture
def told(sessions: Sessions) -> Told:
    return Told(sessions)


@pytest.fixture
def stopping() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
def hub(sessions: Sessions, stopping: asyncio.Event) -> Hub:
    return Hub("dashboard", sessions, stopping)


class TestScope:
    async def test_a2_a_payment_is_seen_by_its_marketing_and_by_admin_only(
        self, told: Told
    ) -> None:
        await told.customer(WAWAN)
        await told.payment()

        kinds = {p.name: [e.type for e in await told.seen_by(p)] for p in (WAWAN, ADMIN, SARI)}

        expected = ["customer.registered", "payment.posted"]
        assert kinds == {WAWAN.name: expected, ADMIN.name: expected, SARI.name: []}

    async def test_a6_a_reassignment_moves_visibility_at_once(self, told: Told) -> None:
        await told.customer(WAWAN)
        await told.customer(SARI, version=2)
        await told.payment()

        assert not await told.seen_by(WAWAN)
        assert await told.seen_by(SARI)

    async def test_m9_money_of_nobody_is_seen_by_those_who_see_everything(self, told: Told) -> None:
        await told.payment(customer_id=None)

        assert [e.type for e in await told.seen_by(ADMIN)] == ["payment.posted"]
        assert not await told.seen_by(WAWAN)


class TestEventsComeAsTheyLike:
    async def test_e1_the_same_payment_twice_is_told_once(self, told: Told) -> None:
        await told.customer()
        await told.payment()
        await told.payment()

        assert len([e for e in await told.seen_by(ADMIN) if e.type == "payment.posted"]) == 1

    async def test_e5_an_older_state_of_a_payment_is_not_told(self, told: Told) -> None:
        await told.customer()
        await told.payment(version=2, verification="verified")
        await told.payment(version=1)

        [payment] = [e for e in await told.seen_by(ADMIN) if e.type == "payment.posted"]
        assert payment.facts["verification"] == "verified"

    async def test_r4_a_payment_that_comes_before_its_customer_waits(self, told: Told) -> None:
        with pytest.raises(NotFound):
            await told.payment()

        assert not await told.seen_by(ADMIN)

    async def test_e5_an_older_owner_does_not_come_back(self, told: Told) -> None:
        await told.customer(SARI, version=2)
        await told.customer(WAWAN, version=1)

        assert not await told.seen_by(WAWAN)


class TestFollowing:
    async def test_what_was_missed_is_replayed_and_what_comes_wakes_the_stream(
        self, told: Told, hub: Hub
    ) -> None:
        await told.customer()
        await hub.step()
        stream = hub.follow(WAWAN, 0, 30)

        missed = await anext(stream)
        coming = asyncio.ensure_future(anext(stream))
        await told.payment()
        await hub.step()
        arrived = await coming

        assert missed is not None
        assert arrived is not None
        assert arrived.names == ["payment", "badge", f"customer:{MAHMUD}"]
        await stream.aclose()

    async def test_too_much_missed_is_answered_with_start_over(
        self, told: Told, hub: Hub, sessions: Sessions
    ) -> None:
        await told.customer()
        await told.payment()
        async with sessions.begin(SYSTEM) as session:
            await store.forget_before(session, told.now + timedelta(seconds=1))
        await told.payment(version=2)
        await hub.step()
        stream = hub.follow(ADMIN, 0, 30)

        assert await anext(stream) is None
        await stream.aclose()

    async def test_a6_the_stream_of_a_changed_user_ends(self, told: Told, hub: Hub) -> None:
        await hub.step()
        his = asyncio.ensure_future(_all(hub, WAWAN))
        hers = asyncio.ensure_future(_all(hub, SARI))
        await asyncio.sleep(0)
        await told.user(WAWAN.user_id)
        await hub.step()

        assert await his == []
        assert not hers.done()
        hers.cancel()

    async def test_r6_streams_end_at_once_when_the_process_stops(
        self, hub: Hub, stopping: asyncio.Event
    ) -> None:
        reading = asyncio.ensure_future(_all(hub, WAWAN))
        await asyncio.sleep(0)

        stopping.set()

        assert await asyncio.wait_for(reading, 2) == []


class TestOverHttp:
    async def test_a25_a_page_gets_the_ready_row(
        self, call_as: Any, service: Any, told: Told
    ) -> None:
        await told.customer()
        await told.payment()
        await service.app.state.desk.hub.step()

        response = await call_as(WAWAN).get("/live?after=0")

        assert response.headers["content-type"].startswith("text/event-stream")
        assert "event: payment\r\n" in response.text
        assert f'<tr id="pay-{PAYMENT}"' in response.text
        assert "Bapak Mahmud" in response.text

    async def test_a_program_gets_the_same_as_json(
        self, call_as: Any, service: Any, told: Told
    ) -> None:
        await told.customer()
        await told.payment()
        await service.app.state.desk.hub.step()

        caller = call_as(WAWAN)
        response = await caller.get("/api/v1/events", headers={"Last-Event-ID": "0"})

        [line] = [t for t in response.text.split("\n") if t.startswith("data: ") and "amount" in t]
        body = json.loads(line.removeprefix("data: "))
        assert (body["type"], body["amount_idr"]) == ("payment.posted", 1_250_000)

    async def test_another_marketing_gets_nothing(
        self, call_as: Any, service: Any, told: Told
    ) -> None:
        await told.customer()
        await told.payment()
        await service.app.state.desk.hub.step()

        response = await call_as(SARI).get("/live?after=0")

        assert "event: payment" not in response.text

    async def test_w4_nobody_gets_a_stream_without_signing_in(self, call_as: Any) -> None:
        assert (await call_as(None).get("/live")).status_code == 401


async def _all(hub: Hub, reader: Principal) -> list[Any]:
    return [event async for event in hub.follow(reader, None, 30)]
