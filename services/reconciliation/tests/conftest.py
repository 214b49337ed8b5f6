from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from bank_files import Row, csv_file
from sqlalchemy import text
from sqlmodel import select
from tellings import House, Telling

from reconciliation import handlers
from reconciliation.main import build
from reconciliation.settings import Settings
from shared.clock import FrozenClock
from shared.consumer import deliver
from shared.contracts.bank_gateway import PaymentReceived, VaCreated
from shared.contracts.customer import CustomerRegistered
from shared.contracts.invoicing import InvoiceIssued
from shared.database import Sessions
from shared.events import Event, parse
from shared.principal import Principal
from shared.service import Outside, Service
from shared.tables import OutboxEntry
from shared.testing import ADMIN, WAWAN, confirmed

SYSTEM = Principal.system("reconciliation")
RATNA = confirmed(ADMIN)


@pytest.fixture
def service_folder() -> Path:
    return Path(__file__).parents[1]


@pytest.fixture
def apply_credit() -> bool:
    """The setting; a module of tests may turn it off."""
    return True


@pytest.fixture
def service(common_settings: dict[str, Any], outside: Outside, apply_credit: bool) -> Service:
    return build(Settings(**common_settings, apply_credit=apply_credit), outside)


@pytest.fixture
def arrive(sessions: Sessions, apply_credit: bool) -> Callable[..., Awaitable[list[bool]]]:
    """``await arrive(event, ...)``: the whole deliveries, inbox and commit included."""

    subscriptions = handlers.subscriptions(apply_credit=apply_credit)

    async def each(*events: Event) -> list[bool]:
        return [
            await deliver(event, subscriptions[type(event)], sessions, "reconciliation")
            for event in events
        ]

    return each


@pytest.fixture
def told(sessions: Sessions) -> Callable[..., Awaitable[list[Any]]]:
    """``await told(PaymentPosted)``: what was published so far, of some types or all."""

    async def published(*types: type[Event]) -> list[Any]:
        async with sessions.begin(SYSTEM) as session:
            rows = (await session.exec(select(OutboxEntry).order_by(OutboxEntry.position))).all()
        events = [parse(row.routing_key, row.body) for row in rows]
        return [event for event in events if not types or isinstance(event, types)]

    return published


@pytest.fixture
def rows(sessions: Sessions) -> Callable[..., Awaitable[list[Any]]]:
    """``await rows(Payment)``: every row of a table."""

    async def every(model: type[Any]) -> list[Any]:
        async with sessions.begin(SYSTEM) as session:
            return list((await session.exec(select(model))).all())

    return every


@pytest.fixture
def find(sessions: Sessions) -> Callable[..., Awaitable[Any]]:
    """``await find(Payment, id)``: one row."""

    async def one(model: type[Any], key: UUID) -> Any:
        async with sessions.begin(SYSTEM) as session:
            return await session.get(model, key)

    return one


class Story:
    """Events as other services would publish them."""

    def __init__(self, clock: FrozenClock) -> None:
        self._clock = clock

    def customer(self, owner: Principal = WAWAN, name: str = "Mahmud Sulaiman", **more: Any) -> Any:
        now = self._clock.now()
        facts = {
            "number": "PLG-000001",
            "name": name,
            "phone": "+628561101133",
            "address": "Bogor",
            "email": None,
            "marketing_id": owner.user_id,
            "marketing_name": owner.name,
            "status": "active",
            "registered_at": now,
        }
        return CustomerRegistered.of(1, now, uuid4(), **facts | more)

    def invoice(
        self, customer: UUID, total_idr: int, due_on: str = "2026-12-01", **more: Any
    ) -> Any:
        now, invoice = self._clock.now(), uuid4()
        facts = {
            "number": f"INV/2026/11/{invoice.hex[:6]}",
            "customer_id": customer,
            "booking_id": None,
            "plan_id": None,
            "plan_line_no": None,
            "plan_kind": None,
            "title": "Angsuran",
            "status": "issued",
            "issued_at": now,
            "due_on": date.fromisoformat(due_on),
            "total_idr": total_idr,
            "paid_idr": 0,
            "lines": [],
        }
        return InvoiceIssued.of(1, now, invoice, **facts | more)

    def payment(self, amount_idr: int, invoice: Any = None, **more: Any) -> Any:
        now = self._clock.now()
        facts = {
            "channel": "bni_va",
            "virtual_account": "8810081234567890",
            "trx_id": "LNS1",
            "invoice_id": invoice.aggregate_id if invoice else None,
            "customer_id": invoice.customer_id if invoice else None,
            "amount_idr": amount_idr,
            "cumulative_idr": amount_idr,
            "bank_reference": f"NTB{uuid4().hex[:6]}",
            "payer_name": "MAHMUD",
            "paid_at": now,
            "received_at": now,
            "verification": "unverified",
        }
        return PaymentReceived.of(1, now, uuid4(), **facts | more)

    def account(self, customer: UUID, invoice: Any = None, **more: Any) -> Any:
        """A virtual account of a bill, or of the customer himself."""
        now = self._clock.now()
        facts = {
            "invoice_id": invoice.aggregate_id if invoice else None,
            "customer_id": customer,
            "trx_id": f"LNS{uuid4().hex[:6]}",
            "number": f"8810{uuid4().int % 10**12:012d}",
            "holder_name": "MAHMUD SULAIMAN",
            "status": "active",
            "amount_idr": invoice.total_idr if invoice else 0,
            "expires_at": now + timedelta(days=30),
            "mode": "invoice" if invoice else "customer",
            "billing_type": "c" if invoice else "o",
        }
        return VaCreated.of(1, now, uuid4(), **facts | more)

    def next(self, event: Any, contract: type[Any], **more: Any) -> Any:
        """The next state of the same aggregate, as another event of it."""
        facts = {
            "event_id": uuid4(),
            "aggregate_version": event.aggregate_version + 1,
            "occurred_at": self._clock.now(),
        }
        return contract(**event.model_dump() | facts | more)


@pytest.fixture
def story(clock: FrozenClock) -> Story:
    return Story(clock)


class Inbox:
    """The one open exception, and acts on it as somebody."""

    def __init__(self, call_as: Any) -> None:
        self._call_as = call_as

    async def one(self, kind: str = "unknown_payer", state: str = "open") -> dict[str, Any]:
        params = {"kind": kind, "state": state}
        answer = await self._call_as(ADMIN).get("/api/v1/exceptions", params=params)
        (item,) = answer.json()["items"]
        return dict(item)

    async def act(self, item: dict[str, Any], what: str, body: Any, who: Principal = RATNA) -> Any:
        path = f"/api/v1/exceptions/{item['id']}/{what}"
        return await self._call_as(who).post(path, body, version=item["version"])

    async def resolve(self, action: str, who: Principal = RATNA, **more: Any) -> Any:
        item = await self.one(more.pop("kind", "unknown_payer"))
        return await self.act(item, "resolve", {"action": action, **more}, who)


@pytest.fixture
def inbox(call_as: Any) -> Inbox:
    return Inbox(call_as)


@pytest.fixture
async def siti(story: Any, arrive: Any) -> Any:
    """A customer with two bills, of 300 and 400."""
    customer = story.customer(name="Siti Aminah")
    bills = [
        story.invoice(customer.aggregate_id, 300, "2026-12-01"),
        story.invoice(customer.aggregate_id, 400, "2027-01-01"),
    ]
    await arrive(customer, *bills)
    return customer.aggregate_id, [bill.aggregate_id for bill in bills]


@pytest.fixture
async def stray(story: Any, arrive: Any) -> Any:
    """Money of 500 that nobody knows."""
    event = story.payment(500, payer_name="SITI A")
    await arrive(event)
    return event


@pytest.fixture
def balances(sessions: Sessions) -> Any:
    """``await balances()``: every account that is not at zero, customers without their ids."""

    async def of_all() -> dict[str, int]:
        query = text(
            "SELECT split_part(account, ':', 1), sum(amount_idr)::bigint FROM ledger_entries"
            " GROUP BY 1 HAVING sum(amount_idr) <> 0"
        )
        async with sessions.begin(SYSTEM) as session:
            return dict((await session.execute(query)).all())

    return of_all


@pytest.fixture
def house(sessions: Sessions, arrive: Any, story: Any, clock: FrozenClock) -> House:
    return House(sessions, arrive, story, clock)


@pytest.fixture
async def telling(house: House) -> Telling:
    """A customer with a bill of Rp1.000 and its account; his story is some days old."""
    made = house.open()
    await house.arrive(made.customer, made.bill, made.account)
    return made


@pytest.fixture
def bring(house: House, clock: FrozenClock) -> Callable[..., Awaitable[None]]:
    """``await bring((amount, text), ...)``: import yesterday's statement and compare it."""

    async def one(*lines: tuple[int, str], reference: str = "TRF1") -> None:
        yesterday = clock.today() - timedelta(days=1)
        rows = [Row(yesterday, amount, reference, said) for amount, said in lines]
        await house.import_file(csv_file(rows, 1_000_000))

    return one
