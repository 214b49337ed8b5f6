"""Fixtures of the notification service: a story in events, as other services would tell it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest

from notification.domain.ladder import Channel
from notification.domain.outgoing import Outcome, Parcel, Result
from notification.handlers.desk import Desk
from notification.main import build
from notification.sender import Sender
from notification.settings import Settings
from shared.bus import Message as BusMessage
from shared.contracts.bank_gateway import VaCreated, VaFailed
from shared.contracts.customer import CustomerRegistered
from shared.contracts.gateway import UserChanged
from shared.contracts.invoicing import InvoiceIssued, InvoiceLine
from shared.contracts.reconciliation import AllocationPart, PaymentPosted
from shared.contracts.reporting import DocumentReady
from shared.events import Event
from shared.principal import Principal
from shared.service import Outside, Service
from shared.testing import SARI, WAWAN
from shared.testing.plugin import NOW

CUSTOMER = UUID(int=0x100)
INVOICE = UUID(int=0x200)
ACCOUNT = UUID(int=0x300)
PAYMENT = UUID(int=0x400)
PAPER = UUID(int=0x500)
REQUEST = UUID(int=0x600)
NUMBER = "INV/2026/11/000123"


def _of(kind: type[Event], aggregate_id: UUID, state: dict[str, Any], other: dict[str, Any]) -> Any:
    version = other.pop("version", 1)
    return kind.of(version, NOW, aggregate_id, **(state | other))


@dataclass(frozen=True)
class Story:
    """Makes events about Bapak Mahmud; fields may be replaced."""

    customer_id: UUID = CUSTOMER
    invoice_id: UUID = INVOICE
    payment_id: UUID = PAYMENT

    def user(self, person: Principal) -> Any:
        state = {"username": "x", "role": person.role, "phone": None, "disabled": False}
        return _of(UserChanged, person.user_id, state | {"name": person.name}, {})

    def request(self, kind: type[Event], **other: Any) -> Any:
        state = {
            "customer_id": self.customer_id,
            "customer_name": "Bapak Mahmud Sulaiman",
            "about": "customer",
            "about_number": "PLG-000042",
            "asked_by_id": WAWAN.user_id,
            "asked_by": WAWAN.name,
        }
        return _of(kind, REQUEST, state, other)

    def customer(self, kind: type[Event] = CustomerRegistered, **other: Any) -> Any:
        state = {
            "number": "PLG-000042",
            "name": "Bapak Mahmud Sulaiman",
            "phone": "+628561101133",
            "address": "Bogor",
            "email": None,
            "marketing_id": WAWAN.user_id,
            "marketing_name": WAWAN.name,
            "status": "active",
            "registered_at": NOW,
        }
        return _of(kind, other.pop("id", CUSTOMER), state, other)

    def invoice(self, kind: type[Event] = InvoiceIssued, **other: Any) -> Any:
        line = InvoiceLine(
            description="Angsuran 3 dari 20: Kavling B-12",
            quantity=1,
            unit_price_idr=1_250_000,
            amount_idr=1_250_000,
        )
        state = {
            "number": NUMBER,
            "customer_id": CUSTOMER,
            "booking_id": None,
            "plan_id": None,
            "plan_line_no": 3,
            "plan_kind": "installment",
            "title": "Angsuran 3 dari 20",
            "status": "issued",
            "issued_at": NOW,
            "due_on": date(2026, 12, 10),
            "total_idr": 1_250_000,
            "paid_idr": 0,
            "lines": [line],
        }
        return _of(kind, INVOICE, state, other)

    def account(self, kind: type[Event] = VaCreated, **other: Any) -> Any:
        state = {
            "invoice_id": INVOICE,
            "customer_id": CUSTOMER,
            "trx_id": "1",
            "number": "8810081234567890",
            "holder_name": "Mahmud Sulaiman",
            "status": "failed" if kind is VaFailed else "active",
            "amount_idr": 1_250_000,
            "expires_at": None,
        }
        return _of(kind, ACCOUNT, state, other)

    def paper(self, **other: Any) -> Any:
        state = {
            "kind": "invoice",
            "number": NUMBER,
            "customer_id": CUSTOMER,
            "invoice_id": INVOICE,
            "payment_id": None,
            "revision": 1,
            "link_path": "/d/a1b2c3",
        }
        return _of(DocumentReady, other.pop("id", PAPER), state, other)

    def payment(self, kind: type[Event] = PaymentPosted, **other: Any) -> Any:
        part = AllocationPart(
            allocation_id=UUID(int=1),
            invoice_id=INVOICE,
            invoice_number=NUMBER,
            amount_idr=1_250_000,
        )
        state = {
            "channel": "bni_va",
            "virtual_account": "8810081234567890",
            "bank_reference": "123456",
            "customer_id": CUSTOMER,
            "amount_idr": 1_250_000,
            "paid_at": NOW,
            "received_at": NOW,
            "status": "allocated",
            "verification": "unverified",
            "allocations": [part],
            "unallocated_idr": 0,
        }
        return _of(kind, PAYMENT, state, other)

    def ready_to_send(self) -> list[Any]:
        """Everything that a message about the bill needs."""
        return [self.customer(), self.invoice(), self.account(), self.paper()]


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.fixture
def service_folder() -> Path:
    return Path(__file__).parent.parent


@pytest.fixture
async def service(common_settings: dict[str, Any], outside: Outside) -> AsyncIterator[Service]:
    ours = {"public_base_url": "https://tagihan.example", "company_name": "PT Griya Bogor"}
    made = build(Settings(**common_settings, **ours), outside)
    yield made
    await made.engine.dispose()


@pytest.fixture
def hear(service: Service) -> Callable[..., Awaitable[None]]:
    """Let the service receive events as the bus brings them."""

    async def receive(*events: Event) -> None:
        for event in events:
            body = event.model_dump_json().encode()
            message = BusMessage(event.routing_key(), body, event.event_id)
            await service.consumer.receive(message)

    return receive


@pytest.fixture
async def staff(hear: Callable[..., Awaitable[None]], story: Story) -> None:
    """The service knows both Marketing."""
    await hear(story.user(WAWAN), story.user(SARI))


@dataclass
class Pigeon:
    """Carries whatever it is given, and answers as it is told."""

    answers: list[Outcome] = field(default_factory=list)
    taken: list[Parcel] = field(default_factory=list)

    async def send(self, parcel: Parcel) -> Outcome:
        self.taken.append(parcel)
        name = f"p{len(self.taken)}"
        return self.answers.pop(0) if self.answers else Outcome(Result.SENT, name, 350)


@pytest.fixture
def pigeon() -> Pigeon:
    return Pigeon()


@pytest.fixture
def channel() -> Channel:
    return Channel.SMS


@pytest.fixture
def desk(service: Service, channel: Channel) -> Desk:
    return Desk(service.app.state.letterhead, frozenset({channel}))


@pytest.fixture
def sender(service: Service, pigeon: Pigeon, channel: Channel, desk: Desk) -> Sender:
    carriers = {channel: pigeon}
    return Sender(service.sessions, service.principal, desk.letterhead, carriers, Random(1))
