"""Every fault of ``PUT /simulate/faults``: that its effect really happens."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bni_protocol.cipher import Undecodable
from bni_sandbox.api.context import Sandbox
from bni_sandbox.main import build_app
from shared.http import HttpClient, Unreachable
from shared.server import make_server


async def paid(client: Any, **faults: Any) -> str:
    """Pay a billing of Rp100.000 under these faults."""
    number = (await client.create())[1]["virtual_account"]
    await client.faults(**faults)
    return str((await client.pay(number, 100_000)).json()["callback"])


@pytest.fixture
async def line(sandbox: Sandbox) -> AsyncIterator[HttpClient]:
    """The sandbox behind a real connection, which it can cut."""
    listening = socket.create_server(("127.0.0.1", 0))  # whoever calls early waits in its queue
    address = f"127.0.0.1:{listening.getsockname()[1]}"
    server = make_server(build_app(sandbox), address)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    client = HttpClient(f"http://{address}")
    yield client
    await client.close()
    server.should_exit = True
    await serving


class TestOfNotifications:
    async def test_a_duplicate_arrives_twice(self, client: Any, merchant: Any) -> None:
        assert await paid(client, duplicate=1) == "delivered"
        assert len(merchant.bodies) == 2
        assert merchant.received(0) == merchant.received(1)

    async def test_a_dropped_one_never_arrives(
        self, client: Any, merchant: Any, sandbox: Sandbox, later: Any
    ) -> None:
        assert await paid(client, drop=1) == "withheld"
        later(days=1)
        assert await sandbox.sender.step() is None
        assert merchant.bodies == []

    async def test_a_delayed_one_arrives_later(
        self, client: Any, merchant: Any, sandbox: Sandbox, later: Any
    ) -> None:
        assert await paid(client, delay_ms=5000) == "withheld"
        assert (await sandbox.sender.step()).total_seconds() == 5  # type: ignore[union-attr]
        later(seconds=5)
        await sandbox.sender.step()
        assert len(merchant.bodies) == 1

    async def test_reordered_ones_arrive_in_pairs_the_later_first(
        self, client: Any, merchant: Any, sandbox: Sandbox
    ) -> None:
        number = (await client.create(billing_type="o", trx_amount="0"))[1]["virtual_account"]
        await client.faults(reorder=1)

        for amount in (1, 2, 3, 4):
            await client.pay(number, amount)
            while await sandbox.sender.step() is not None and len(merchant.bodies) % 2:
                continue

        told = [merchant.received(no)["payment_amount"] for no in range(4)]
        assert told == ["2", "1", "4", "3"]

    async def test_a_held_one_does_not_wait_for_ever(
        self, client: Any, merchant: Any, sandbox: Sandbox, later: Any
    ) -> None:
        assert await paid(client, reorder=1) == "withheld"
        later(seconds=5)
        await sandbox.sender.step()
        assert len(merchant.bodies) == 1

    async def test_c4_a_corrupt_one_never_tells_the_truth(self, client: Any, merchant: Any) -> None:
        number = (await client.create(billing_type="o", trx_amount="0"))[1]["virtual_account"]
        await client.pay(number, 12_345)
        truth = merchant.received()
        seen: set[str] = set()

        for seed in range(12):
            await client.faults(corrupt=1, seed=seed)
            await client.pay(number, 12_345)
            try:
                seen.add("decodes")
                assert merchant.received() != truth
            except Undecodable as refused:
                seen.add(refused.reason)

        assert len(seen) > 1

    async def test_c4_a_tampered_one_decodes_and_has_another_amount(
        self, client: Any, merchant: Any
    ) -> None:
        await paid(client, tamper=1)

        told = merchant.received()
        assert told["cumulative_payment_amount"] == "100000"
        assert told["payment_amount"] != "100000"
        assert len(str(told["payment_amount"])) == 6

    async def test_c7_an_undecodable_one_is_no_message(self, client: Any, merchant: Any) -> None:
        await paid(client, undecodable=1)
        with pytest.raises(Undecodable, match="json"):
            merchant.received()

    async def test_c7_a_wrong_key_gives_nothing_readable(self, client: Any, merchant: Any) -> None:
        await paid(client, wrong_key=1)
        with pytest.raises(Undecodable):
            merchant.received()

    @pytest.mark.parametrize("fault", [{"old_timestamp": 1}, {"clock_skew_s": 481}])
    async def test_c7_a_wrong_time_is_outside_the_window(
        self, client: Any, merchant: Any, fault: dict[str, Any]
    ) -> None:
        await paid(client, **fault)
        with pytest.raises(Undecodable, match="window"):
            merchant.received()

    async def test_a_damaged_try_is_followed_by_a_sound_one(
        self, client: Any, merchant: Any, sandbox: Sandbox, later: Any
    ) -> None:
        merchant.answers = [httpx.Response(200, json={"status": "999"})]
        assert await paid(client, tamper=1) == "failed"
        await client.faults()
        later(seconds=2)
        await sandbox.sender.step()
        assert merchant.received()["payment_amount"] == "100000"


class TestOfRequests:
    async def test_an_error_code_answers_everything_and_changes_nothing(self, client: Any) -> None:
        await client.faults(error_code="997")
        assert (await client.create())[0] == "997"
        await client.faults()
        assert (await client.create())[0] == "000"

    async def test_a_rate_strikes_some_and_spares_some(self, client: Any) -> None:
        await client.faults(error_code="999", error_rate=0.5, seed=7)

        statuses = [(await client.create(f"T{no}"))[0] for no in range(40)]

        assert 10 < statuses.count("999") < 30
        assert statuses.count("000") + statuses.count("999") == 40

    async def test_only_the_chosen_operations_suffer(self, client: Any) -> None:
        await client.faults(error_code="996", operations=["inquirybilling"])

        assert (await client.create())[0] == "000"
        assert (await client.ask({"type": "inquiryBilling", "trx_id": "T1"}))[0] == "996"

    async def test_a_skewed_clock_refuses_honest_requests(self, client: Any) -> None:
        await client.faults(clock_skew_s=-481)
        assert (await client.create())[0] == "009"

    async def test_a_refused_connection_is_cut_and_nothing_happened(
        self, client: Any, line: HttpClient
    ) -> None:
        body = {"client_id": "001", "data": "x"}
        await client.faults(refuse_connections=True)
        with pytest.raises(Unreachable):
            await line.request("POST", "/", json=body)

        await client.faults()
        assert (await line.request("POST", "/", json=body)).json()["status"] == "009"

    async def test_a_lost_answer_is_cut_after_the_effect(
        self, client: Any, line: HttpClient
    ) -> None:
        await client.faults(answer_lost=1)
        with pytest.raises(Unreachable):
            await line.request(
                "POST", "/", content=client.sealed(client.creation()),
                headers={"Content-Type": "application/json"},
            )  # fmt: skip

        await client.faults()
        assert (await client.create())[0] == "105"

    async def test_one_that_took_too_long_has_its_effect(self, client: Any) -> None:
        await client.faults(answer_timeout=1)
        assert (await client.create())[0] == "010"

        await client.faults()
        assert (await client.create())[0] == "105"

    async def test_a_server_that_cannot_cut_answers_as_a_proxy_does(self, client: Any) -> None:
        await client.faults(refuse_connections=1)
        response = await client.http.post("/", json={"client_id": "001", "data": "x"})
        assert response.status_code == 504

    async def test_a_slow_bank_takes_its_time(
        self, client: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waited: list[float] = []

        async def note(seconds: float) -> None:
            waited.append(seconds)

        monkeypatch.setattr("bni_sandbox.api.disturbance.asyncio.sleep", note)
        await client.faults(answer_delay_ms=2500, operations=["createbilling"])
        await client.create()
        await client.ask({"type": "inquirybilling", "trx_id": "T1"})

        assert waited == [2.5]

    async def test_what_struck_is_written_beside_the_request(self, client: Any) -> None:
        await client.faults(error_code="997")
        await client.create("T1")
        await client.faults(refuse_connections=1)
        with pytest.raises(ValueError, match="not JSON"):
            await client.create("T2")
        await client.faults()

        told = (await client.http.get("/simulate/requests")).json()

        assert [(r["trx_id"], r["status"], r["fault"]) for r in told] == [
            ("T1", "997", "error_code"),
            ("T2", "", "refuse_connections"),
        ]


class TestTheKnobs:
    @pytest.mark.parametrize(
        "faults",
        [{"explode": True}, {"drop": 1.1}, {"drop": -0.1}, {"operations": ["x"]}, {"delay_ms": -1}],
    )
    async def test_an_impossible_one_is_refused(self, client: Any, faults: dict[str, Any]) -> None:
        assert (await client.http.put("/simulate/faults", json=faults)).status_code == 422

    async def test_an_empty_object_clears_all(self, client: Any) -> None:
        await client.faults(drop=0.5, error_code="997", seed=3)
        await client.faults()

        faults = (await client.http.get("/simulate/faults")).json()
        assert (faults["drop"], faults["error_code"], faults["seed"]) == (0, "", None)

    async def test_they_survive_a_restart(
        self, client: Any, sandbox: Sandbox, settings: Any, merchant: Any
    ) -> None:
        from bni_sandbox.main import build_sandbox

        await client.faults(drop=0.25, operations=["inquirybilling"], seed=5)
        other = HttpClient("http://merchant", httpx.MockTransport(merchant))
        restarted = build_sandbox(settings, sandbox.sessions, other)

        assert await restarted.knobs.read() == await sandbox.knobs.read()
        assert restarted.knobs.chance.seed == 5

    async def test_a_seed_repeats_the_same_fates(self, client: Any) -> None:
        async def fates() -> list[str]:
            await client.http.post("/simulate/reset")
            await client.faults(drop=0.5, seed=42)
            number = (await client.create(billing_type="o", trx_amount="0"))[1]["virtual_account"]
            answers = [await client.pay(number, amount) for amount in range(1, 21)]
            return [answer.json()["callback"] for answer in answers]

        first, second = await fates(), await fates()

        assert first == second
        assert set(first) == {"delivered", "withheld"}
