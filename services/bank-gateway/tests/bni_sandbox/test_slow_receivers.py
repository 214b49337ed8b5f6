"""A receiver that takes its time holds nobody else's notifications up (K3)."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from bni_sandbox import sender as sending
from bni_sandbox.courier import Carried, Try
from bni_sandbox.knobs import PRINCIPAL
from bni_sandbox.models import Delivery
from bni_sandbox.sender import Policy, Sender


@dataclass
class PatientCourier:
    """Brings each notification, but waits at the doors that are named."""

    slow: set[str]
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    brought: list[str] = field(default_factory=list)

    async def carry(self, tried: Try) -> Carried:
        trx_id = tried.members["trx_id"]
        if trx_id in self.slow:
            await self.opened.wait()
        self.brought.append(trx_id)
        return Carried(True, "000")


@pytest.fixture
async def paid(client: Any, sandbox: Any) -> list[str]:
    """Five payments whose notifications are due."""
    numbers = [(await client.create(f"T{no}"))[1]["virtual_account"] for no in range(5)]
    payments = [{"virtual_account": number, "amount_idr": 100000} for number in numbers]
    assert (await client.http.post("/simulate/pay-many", json={"payments": payments})).is_success
    return [f"T{no}" for no in range(5)]


async def states(sandbox: Any) -> dict[str, str]:
    async with sandbox.sessions.begin(PRINCIPAL) as session:
        found = (await session.exec(select(Delivery))).all()
        return {delivery.members["trx_id"]: delivery.state for delivery in found}


def sender_of(sandbox: Any, courier: PatientCourier, at_once: int) -> Sender:
    policy = Policy([timedelta(minutes=1)], at_once)
    return Sender(sandbox.sessions, courier, sandbox.knobs, policy)


async def test_the_others_are_told_and_written_down_while_it_waits(
    sandbox: Any, paid: list[str]
) -> None:
    courier = PatientCourier(slow={"T0"})
    sender = sender_of(sandbox, courier, at_once=2)

    for _ in range(4):
        await sender.step()

    assert courier.brought == ["T1", "T2", "T3", "T4"]
    assert await states(sandbox) == {
        "T0": "pending", **dict.fromkeys(["T1", "T2", "T3", "T4"], "delivered")
    }  # fmt: skip
    await sender.close()


async def test_what_was_slow_is_written_down_when_it_ends(sandbox: Any, paid: list[str]) -> None:
    courier = PatientCourier(slow={"T0"})
    sender = sender_of(sandbox, courier, at_once=5)
    await sender.step()

    courier.opened.set()
    await asyncio.gather(*sender._slow)

    assert set((await states(sandbox)).values()) == {"delivered"}


async def test_no_more_than_agreed_are_on_their_way(sandbox: Any, paid: list[str]) -> None:
    courier = PatientCourier(slow={"T0", "T1"})
    sender = sender_of(sandbox, courier, at_once=2)
    await sender.step()
    waiting = asyncio.create_task(sender.step())
    await asyncio.sleep(0)

    before = list(courier.brought)
    courier.opened.set()
    await waiting

    assert before == []
    assert {"T0", "T1"} <= set(courier.brought)


async def test_k3_a_sender_that_stops_leaves_them_to_the_next_one(
    sandbox: Any, paid: list[str], later: Any
) -> None:
    sender = sender_of(sandbox, PatientCourier(slow=set(paid)), at_once=5)
    await sender.step()

    await sender.close()
    later(seconds=sending.LEASE.total_seconds())
    next_one = PatientCourier(slow=set())
    await sender_of(sandbox, next_one, at_once=5).step()

    assert sorted(next_one.brought) == paid
    assert set((await states(sandbox)).values()) == {"delivered"}
