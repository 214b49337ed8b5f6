"""A customer is told of his payment by himself: once, confirmed, lately, if the rules say so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from notification.domain.ladder import Channel
from notification.handlers import subscriptions
from notification.handlers.desk import Desk
from notification.models import Message
from notification.sender import Sender
from shared.bus import Message as BusMessage
from shared.clock import FrozenClock
from shared.consumer import Consumer
from shared.contracts.customer import CustomerChanged
from shared.database import Sessions
from shared.principal import Principal
from shared.service import Service
from shared.testing import ADMIN
from shared.testing.plugin import CallAs

RULES = "/api/v1/message-rules"
SYSTEM = Principal.system("notification")

Hear = Callable[..., Awaitable[None]]


@pytest.fixture
def channel() -> Channel:
    return Channel.EMAIL


@pytest.fixture
def listen(service: Service, desk: Desk) -> Hear:
    """Receive events as a service whose settings name a mail server does."""
    consumer = Consumer(service.name, subscriptions(desk), service.sessions)

    async def receive(*told: Any) -> None:
        for event in told:
            body = event.model_dump_json().encode()
            await consumer.receive(BusMessage(event.routing_key(), body, event.event_id))

    return receive


@pytest.fixture
def paid(story: Any) -> list[Any]:
    paper = story.paper(
        id=UUID(int=0x501), kind="receipt", invoice_id=None, payment_id=story.payment_id
    )
    verified = story.payment(verification="verified", version=2)
    mail = story.customer(CustomerChanged, email="mahmud@contoh.example", version=2)
    return [story.customer(), mail, story.payment(), paper, verified]


async def test_b21_a_confirmed_payment_is_told_once_by_mail(
    listen: Hear, paid: list[Any], call_as: CallAs, sender: Sender, pigeon: Any
) -> None:
    wanted = {"ladder": [], "quiet_from": 20, "quiet_until": 8}
    wanted |= {"channel": "email", "receipts": True}
    await call_as(ADMIN).patch(RULES, {"rules": wanted}, version=0)

    await listen(*paid, *paid)
    while await sender.step() == timedelta():
        pass

    (parcel,) = pigeon.taken
    assert (parcel.recipient, parcel.subject) == (
        "mahmud@contoh.example",
        "Pembayaran Anda kami terima",
    )
    assert "Kwitansi: https://tagihan.example/d/a1b2c3" in parcel.text


async def test_nobody_is_told_unless_the_rules_say_so(
    listen: Hear, paid: list[Any], sessions: Sessions
) -> None:
    await listen(*paid)

    async with sessions.begin(SYSTEM) as session:
        assert (await session.exec(select(Message))).all() == []


async def test_of_an_old_payment_nobody_is_told(
    listen: Hear, paid: list[Any], call_as: CallAs, clock: FrozenClock, sessions: Sessions
) -> None:
    wanted = {"ladder": [], "quiet_from": 20, "quiet_until": 8, "receipts": True}
    await call_as(ADMIN).patch(RULES, {"rules": wanted}, version=0)
    clock.advance(timedelta(days=3))

    await listen(*paid)

    async with sessions.begin(SYSTEM) as session:
        assert (await session.exec(select(Message))).all() == []
