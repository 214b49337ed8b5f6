"""Many payments at once, and notifications that are sent again."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from bni_sandbox.api.context import Sandbox


async def send_all(sandbox: Sandbox) -> None:
    while (pause := await sandbox.sender.step()) is not None and not pause:
        continue


class TestPayingMany:
    async def pay(self, client: Any, *payments: tuple[str, int]) -> list[dict[str, Any]]:
        body = {"payments": [{"virtual_account": n, "amount_idr": a} for n, a in payments]}
        answer = await client.http.post("/simulate/pay-many", json=body)
        assert answer.status_code == 200, answer.text
        return list(answer.json())

    async def test_each_stands_for_itself_and_in_its_order(self, client: Any) -> None:
        closed = (await client.create("T1"))[1]["virtual_account"]
        parts = (await client.create("T2", billing_type="i"))[1]["virtual_account"]

        told = await self.pay(
            client, (closed, 100_000), (parts, 40_000), (closed, 100_000), (parts, 60_000),
            (parts, 1), ("8001000000000000", 1),
        )  # fmt: skip

        assert [each.get("code") for each in told] == [None, None, "100", None, "100", "101"]
        assert [each.get("cumulative_payment_amount") for each in told][3] == 100_000

    async def test_the_notifications_follow_several_at_a_time(
        self, client: Any, merchant: Any, sandbox: Sandbox
    ) -> None:
        number = (await client.create(billing_type="o", trx_amount="0"))[1]["virtual_account"]

        told = await self.pay(client, *((number, 1) for _ in range(20)))
        assert {each["callback"] for each in told} == {"queued"}
        assert merchant.bodies == []
        await send_all(sandbox)

        totals = {int(str(merchant.received(n)["cumulative_payment_amount"])) for n in range(20)}
        assert totals == set(range(1, 21))

    async def test_faults_strike_here_too(
        self, client: Any, merchant: Any, sandbox: Sandbox
    ) -> None:
        number = (await client.create(billing_type="o", trx_amount="0"))[1]["virtual_account"]
        await client.faults(drop=1)

        told = await self.pay(client, (number, 1), (number, 2))
        await send_all(sandbox)

        assert {each["callback"] for each in told} == {"withheld"}
        assert merchant.bodies == []

    @pytest.mark.parametrize("count", [0, 501])
    async def test_none_and_too_many_are_refused(self, client: Any, count: int) -> None:
        one = {"virtual_account": "1", "amount_idr": 1}
        answer = await client.http.post("/simulate/pay-many", json={"payments": [one] * count})
        assert answer.status_code == 422


class TestSendingAgain:
    async def again(self, client: Any, payment_id: str, times: int = 1) -> httpx.Response:
        path = f"/simulate/payments/{payment_id}/notify"
        answer: httpx.Response = await client.http.post(path, json={"times": times})
        return answer

    async def test_a_withheld_one_can_be_sent_after_all(
        self, client: Any, merchant: Any, sandbox: Sandbox
    ) -> None:
        number = (await client.create())[1]["virtual_account"]
        await client.faults(drop=1)
        paid = (await client.pay(number, 100_000)).json()
        await client.faults()

        assert (await self.again(client, paid["payment_id"], 2)).json() == {"queued": 2}
        await send_all(sandbox)

        assert merchant.received(0) == merchant.received(1)

    async def test_one_that_waits_for_its_next_try_goes_at_once(
        self, client: Any, merchant: Any, sandbox: Sandbox
    ) -> None:
        merchant.answers = [httpx.Response(500)]
        number = (await client.create())[1]["virtual_account"]
        paid = (await client.pay(number, 100_000)).json()

        await self.again(client, paid["payment_id"])
        await send_all(sandbox)

        [payment] = (await client.http.get("/simulate/payments")).json()
        assert len(merchant.bodies) == 2
        [told] = payment["notifications"]
        assert (told["state"], told["attempts"]) == ("delivered", 2)

    async def test_the_list_tells_how_each_try_went(self, client: Any, merchant: Any) -> None:
        merchant.answers = [httpx.Response(200, json={"status": "999"})]
        number = (await client.create())[1]["virtual_account"]
        await client.pay(number, 100_000)

        [payment] = (await client.http.get("/simulate/payments")).json()

        assert payment["virtual_account"] == number
        [told] = payment["notifications"]
        assert (told["state"], told["attempts"]) == ("pending", 1)
        assert told["answer"] == 'HTTP 200 {"status":"999"}'
        assert told["due_at"] == "2026-11-23T02:00:02Z"

    async def test_an_unknown_payment_is_not_found(self, client: Any) -> None:
        assert (await self.again(client, str(uuid4()))).status_code == 404


async def test_a_reset_forgets_everything_but_the_faults(client: Any) -> None:
    number = (await client.create())[1]["virtual_account"]
    await client.pay(number, 100_000)
    await client.faults(drop=0.5)

    assert (await client.http.post("/simulate/reset")).status_code == 204

    for path in ("billings", "payments", "requests"):
        assert (await client.http.get(f"/simulate/{path}")).json() == []
    assert (await client.http.get("/simulate/faults")).json()["drop"] == 0.5
