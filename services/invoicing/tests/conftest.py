from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from invoicing.main import build
from invoicing.settings import Settings
from shared.clock import FrozenClock
from shared.consumer import deliver
from shared.contracts.customer import BookingCancelled, BookingConfirmed, CustomerRegistered
from shared.contracts.reconciliation import PaymentReconciled
from shared.database import Sessions
from shared.events import Event, parse
from shared.principal import Principal
from shared.service import Outside, Service
from shared.tables import OutboxEntry
from shared.testing import WAWAN

Deliver = Callable[[Event], Awaitable[bool]]


@pytest.fixture
def service_folder() -> Path:
    return Path(__file__).parents[1]


@pytest.fixture
def service(common_settings: dict[str, Any], outside: Outside) -> Service:
    return build(Settings(**common_settings), outside)


@pytest.fixture
def arrive(service: Service, sessions: Sessions) -> Deliver:
    """``await arrive(event)``: the whole delivery, inbox and commit included."""

    async def one(event: Event) -> bool:
        handler = service.subscriptions[type(event)]
        return await deliver(event, handler, sessions, "invoicing")

    return one


@pytest.fixture
def told(sessions: Sessions) -> Callable[..., Awaitable[list[Any]]]:
    """``await told(InvoiceIssued)``: what was published so far, of one type or all."""

    async def published(*types: type[Event]) -> list[Any]:
        async with sessions.begin(Principal.system("invoicing")) as session:
            rows = (await session.exec(select(OutboxEntry).order_by(OutboxEntry.position))).all()
        events = [parse(row.routing_key, row.body) for row in rows]
        return [event for event in events if not types or isinstance(event, types)]

    return published


class Story:
    """Events as other services would publish them."""

    def __init__(self, clock: FrozenClock) -> None:
        self._clock = clock

    def customer(
        self, owner: Principal = WAWAN, name: str = "Mahmud Sulaiman", **more: Any
    ) -> CustomerRegistered:
        facts = {
            "number": "PLG-000001",
            "name": name,
            "phone": "+628561101133",
            "address": "Bogor",
            "email": None,
            "marketing_id": owner.user_id,
            "marketing_name": owner.name,
            "status": "active",
            "registered_at": self._clock.now(),
        }
        return CustomerRegistered.of(1, self._clock.now(), uuid4(), **facts | more)

    def booking(
        self,
        customer: UUID,
        plan: dict[str, Any],
        total_idr: int = 25_000_000,
        *,
        version: int = 2,
        booking: UUID | None = None,
        issue_first: bool = False,
    ) -> BookingConfirmed:
        facts = self._booking_facts(customer, plan, total_idr) | {"issue_first": issue_first}
        now = self._clock.now()
        return BookingConfirmed.of(version, now, booking or uuid4(), status="confirmed", **facts)

    def cancelled(self, confirmed: BookingConfirmed) -> BookingCancelled:
        facts = self._booking_facts(
            confirmed.customer_id, confirmed.plan.model_dump(), confirmed.total_idr
        )
        return BookingCancelled.of(
            confirmed.aggregate_version + 1,
            self._clock.now(),
            confirmed.aggregate_id,
            status="cancelled",
            reason="batal beli",
            **facts,
        )

    def _booking_facts(
        self, customer: UUID, plan: dict[str, Any], total_idr: int
    ) -> dict[str, Any]:
        item = {
            "product_id": uuid4(),
            "product_name": "Kavling B-12",
            "quantity": 1,
            "unit_price_idr": total_idr,
        }
        return {
            "number": "BKG-000001",
            "customer_id": customer,
            "items": [item],
            "total_idr": total_idr,
            "notes": "",
            "plan": plan,
            "booked_at": self._clock.now(),
        }

    def reconciled(
        self,
        customer: UUID,
        parts: dict[UUID, int],
        *,
        version: int = 2,
        payment: UUID | None = None,
        contract: type[Any] = PaymentReconciled,
        **more: Any,
    ) -> Any:
        """A payment's state; a negative amount stands for a reversed part."""
        live = sum(amount for amount in parts.values() if amount > 0)
        facts = {
            "channel": "bni_va",
            "virtual_account": "8810081234567890",
            "bank_reference": "NTB-1",
            "customer_id": customer,
            "amount_idr": max(live, 1),
            "paid_at": self._clock.now(),
            "received_at": self._clock.now(),
            "status": "allocated",
            "verification": "unverified",
            "allocations": [
                {
                    "allocation_id": uuid4(),
                    "invoice_id": invoice,
                    "invoice_number": "INV",
                    "amount_idr": abs(amount),
                    "reversed": amount < 0,
                }
                for invoice, amount in parts.items()
            ],
            "unallocated_idr": 0,
        }
        now = self._clock.now()
        return contract.of(version, now, payment or uuid4(), **facts | more)


@pytest.fixture
def story(clock: FrozenClock) -> Story:
    return Story(clock)


INSTALLMENTS: dict[str, Any] = {
    "kind": "installment",
    "down_payment_idr": 5_000_000,
    "installments": 3,
    "first_due_on": "2026-12-10",
}


@pytest.fixture
def installments() -> dict[str, Any]:
    return dict(INSTALLMENTS)


@pytest.fixture
async def customer(story: Any, arrive: Deliver) -> UUID:
    event = story.customer()
    await arrive(event)
    return event.aggregate_id  # type: ignore[no-any-return]


@pytest.fixture
async def plan(
    story: Any, arrive: Deliver, call_as: Any, customer: UUID, installments: dict[str, Any]
) -> dict[str, Any]:
    await arrive(story.booking(customer, installments))
    found = (await call_as(WAWAN).get("/api/v1/plans")).json()["items"][0]
    return dict(found)


@pytest.fixture
def free_bill() -> Callable[..., dict[str, Any]]:
    """A body for a bill outside any plan: twice ``amount``."""

    def body(customer: UUID, amount: Any = 150_000, **more: Any) -> dict[str, Any]:
        line = {"description": "Balik nama", "quantity": 2, "unit_price_idr": amount}
        return {"customer_id": str(customer), "due_on": "2026-12-01", "lines": [line]} | more

    return body
