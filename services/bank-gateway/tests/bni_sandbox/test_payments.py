"""What may be paid, and how the simulated bank tells the merchant (sections 5, 9 and 11)."""

from typing import Any

import httpx
import pytest

from bni_sandbox.api.context import Sandbox
from bni_sandbox.domain.faults import Faults
from bni_sandbox.handlers import payment as handlers

REFUSAL = {"status": "999"}


def refuse(times: int) -> list[httpx.Response]:
    return [httpx.Response(200, json=REFUSAL) for _ in range(times)]


class TestWhatMayBePaid:
    @pytest.mark.parametrize(
        ("letter", "billed", "payments", "allowed"),
        [
            ("c", "100000", [100_000], True),
            ("c", "100000", [99_999], False),
            ("c", "100000", [100_001], False),
            ("o", "0", [1, 250_000, 7], True),
            ("i", "100000", [40_000, 60_000], True),
            ("i", "100000", [40_000, 60_001], False),
            ("m", "100000", [100_001], True),
            ("m", "100000", [99_999], False),
            ("n", "100000", [100_000, 250_000], True),
            ("n", "100000", [100_000, 99_999], False),
            ("x", "100000", [100_000, 1], True),
            ("x", "100000", [100_001], False),
        ],
    )
    async def test_follows_the_billing_type(
        self, client: Any, letter: str, billed: str, payments: list[int], allowed: bool
    ) -> None:
        _, answer = await client.create(billing_type=letter, trx_amount=billed)

        statuses = [
            (await client.pay(answer["virtual_account"], amount)).status_code for amount in payments
        ]

        assert statuses == [200] * (len(payments) - 1) + [200 if allowed else 409]

    @pytest.mark.parametrize("letter", ["c", "m"])
    async def test_some_types_are_paid_once(self, client: Any, letter: str) -> None:
        number = (await client.create(billing_type=letter))[1]["virtual_account"]
        await client.pay(number, 100_000)

        again = await client.pay(number, 100_000)

        assert (again.status_code, again.json()["code"]) == (409, "100")

    async def test_an_unknown_number_is_refused(self, client: Any) -> None:
        assert (await client.pay("8001000000000000", 1)).json()["code"] == "101"

    @pytest.mark.parametrize("number", ["", "8 0", "8001000000000000\x00", "80010000000000001"])
    async def test_nonsense_is_not_even_looked_up(self, client: Any, number: str) -> None:
        assert (await client.pay(number, 1)).status_code == 422

    @pytest.mark.parametrize("amount", [0, -1, 1.5, "100"])
    async def test_m1_an_amount_is_whole_rupiah(self, client: Any, amount: Any) -> None:
        assert (await client.pay("8001000000000000", amount)).status_code == 422


class TestTheNotification:
    async def test_carries_this_payment_and_the_running_total(
        self, client: Any, merchant: Any
    ) -> None:
        number = (await client.create(billing_type="i"))[1]["virtual_account"]
        await client.pay(number, 40_000)

        paid = (await client.pay(number, 60_000)).json()

        told = merchant.received()
        assert paid["callback"] == "delivered"
        assert told["payment_amount"] == "60000"
        assert told["cumulative_payment_amount"] == "100000"
        assert told["payment_ntb"] == paid["payment_ntb"]
        assert told["datetime_payment_iso8601"] == "2026-11-23T09:00:00+07:00"

    async def test_the_inquiry_gives_the_total_where_the_notification_gives_the_part(
        self, client: Any
    ) -> None:
        number = (await client.create(billing_type="i"))[1]["virtual_account"]
        await client.pay(number, 40_000)
        await client.pay(number, 60_000)

        _, state = await client.ask({"type": "inquirybilling", "trx_id": "T1"})

        assert (state["payment_amount"], state["va_status"]) == ("100000", "2")

    async def test_is_repeated_five_times_with_growing_pauses(
        self, client: Any, merchant: Any, sandbox: Sandbox, later: Any
    ) -> None:
        merchant.answers = refuse(6)
        number = (await client.create())[1]["virtual_account"]

        first = (await client.pay(number, 100_000)).json()
        pauses = []
        while (pause := await sandbox.sender.step()) is not None:
            pauses.append(pause.total_seconds())
            later(seconds=pause.total_seconds())

        assert first["callback"] == "failed"
        assert len(merchant.bodies) == 6
        assert [pause for pause in pauses if pause] == [2, 5, 15, 60, 300]

    async def test_each_try_is_encrypted_anew(
        self, client: Any, merchant: Any, sandbox: Sandbox, later: Any
    ) -> None:
        merchant.answers = refuse(1)
        number = (await client.create())[1]["virtual_account"]
        await client.pay(number, 100_000)
        later(hours=1)

        await sandbox.sender.step()

        assert merchant.received()["trx_id"] == "T1"
        assert merchant.bodies[0]["data"] != merchant.bodies[1]["data"]

    @pytest.mark.parametrize(
        "answer",
        [
            httpx.Response(201, json={"status": "000"}),
            httpx.Response(200, text="000"),
            httpx.Response(500, json={"status": "000"}),
        ],
    )
    async def test_only_http_200_with_000_is_success(
        self, client: Any, merchant: Any, answer: httpx.Response
    ) -> None:
        merchant.answers = [answer]
        number = (await client.create())[1]["virtual_account"]

        assert (await client.pay(number, 100_000)).json()["callback"] == "failed"

    async def test_a_try_survives_a_crash_of_the_sender(
        self, client: Any, merchant: Any, sandbox: Sandbox, later: Any
    ) -> None:
        number = (await client.create())[1]["virtual_account"]
        async with sandbox.sessions.begin(sandbox.principal) as session:
            payment, billing = await handlers.pay(handlers.Offer(number, 100_000), session)
            delivery = await handlers.announce(
                payment, billing, Faults(), sandbox.knobs.chance, session
            )
            assert handlers.lease_at_once(delivery, session)

        assert await sandbox.sender.step() == handlers.LEASE  # still held by the dead sender
        later(seconds=handlers.LEASE.total_seconds())
        await sandbox.sender.step()

        assert merchant.received()["trx_id"] == "T1"


class TestTheInquiryLimit:
    async def test_996_when_the_hour_is_used_up(
        self, client: Any, sandbox: Sandbox, later: Any
    ) -> None:
        object.__setattr__(sandbox.contract, "inquiries_per_hour", 2)
        await client.create()
        ask = {"type": "inquirybilling", "trx_id": "T1"}

        statuses = [(await client.ask(ask))[0] for _ in range(3)]
        later(hours=1, seconds=1)

        assert statuses == ["000", "000", "996"]
        assert (await client.ask(ask))[0] == "000"
