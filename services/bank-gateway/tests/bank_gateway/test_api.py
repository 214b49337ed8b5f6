"""``/api/v1/virtual-accounts``: scoped lists, one account, asking the bank, trying again."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from bank_gateway.domain.bank import Outcome
from bank_gateway.ecollection import outcome_of
from bank_gateway.handlers.invoices import keep_customer
from bni_protocol.codes import classify
from shared.contracts.customer import CustomerReassigned
from shared.testing import ADMIN, SARI, WAWAN

BASE = "/api/v1/virtual-accounts"
OTHER_ID = UUID(int=0xC1)


async def two_customers(bench: Any) -> tuple[Any, Any]:
    """Wawan's Mahmud and Sari's Siti, each with an open account."""
    await bench.customer(OTHER_ID, name="Siti Aminah", marketing_id=SARI.user_id)
    hers = await bench.open(customer_id=OTHER_ID, number="INV/2026/11/000002")
    his = await bench.open()
    return his, hers


class TestWhoSeesWhat:
    async def test_a2_marketing_sees_his_own_and_admin_everything(
        self, bench: Any, call_as: Any
    ) -> None:
        await two_customers(bench)

        names = {}
        for person in (WAWAN, SARI, ADMIN):
            page = (await call_as(person).get(BASE)).json()
            names[person.name] = [item["customer"]["name"] for item in page["items"]]
            assert page["total"] == len(page["items"])

        assert names == {
            "Bapak Wawan": ["Mahmud Sulaiman"],
            "Ibu Sari": ["Siti Aminah"],
            "Ibu Ratna": ["Mahmud Sulaiman", "Siti Aminah"],
        }

    async def test_a7_anothers_account_and_a_missing_one_look_the_same(
        self, bench: Any, call_as: Any
    ) -> None:
        _, hers = await two_customers(bench)

        for method, tail in (("GET", ""), ("POST", "/inquire"), ("POST", "/retry")):
            his_view = [
                await call_as(WAWAN).call(method, f"{BASE}/{account_id}{tail}")
                for account_id in (hers.id, uuid4())
            ]
            assert [answer.status_code for answer in his_view] == [404, 404]
            bodies = [answer.json() | {"instance": ""} for answer in his_view]
            assert bodies[0] == bodies[1]

    async def test_a6_a_reassigned_customer_takes_his_accounts_along(
        self, bench: Any, call_as: Any
    ) -> None:
        his, _ = await two_customers(bench)
        moved = {"marketing_id": SARI.user_id, "marketing_name": "Ibu Sari"}
        facts = bench.customer_facts() | moved
        event = CustomerReassigned.of(
            2, bench.clock.now(), his.customer_id,
            **facts, previous_marketing_id=WAWAN.user_id, reason="pindah",
        )  # fmt: skip
        await bench.handle(keep_customer, event)

        assert (await call_as(WAWAN).get(f"{BASE}/{his.id}")).status_code == 404
        assert (await call_as(SARI).get(f"{BASE}/{his.id}")).status_code == 200

    async def test_a1_nobody_signed_in_sees_nothing(self, bench: Any, call_as: Any) -> None:
        assert (await call_as(None).get(BASE)).status_code == 401


class TestListing:
    async def test_shows_state_here_and_at_the_bank(self, bench: Any, call_as: Any) -> None:
        account = await bench.open()
        before = (await call_as(WAWAN).get(f"{BASE}/{account.id}")).json()

        asked = await call_as(WAWAN).post(f"{BASE}/{account.id}/inquire")
        await bench.work()

        after = (await call_as(WAWAN).get(f"{BASE}/{account.id}")).json()
        assert asked.status_code == 200
        assert before["bank"] is None
        assert after["bank"] == {
            "status": "active", "paid_idr": 0, "asked_at": "2026-11-23T02:00:00Z"
        }  # fmt: skip
        assert after["number"] == "8001000000000001"
        assert after["invoice"]["number"] == "INV/2026/11/000001"

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"status": "active"}, 2),
            ({"status": "paid"}, 0),
            ({"search": "mahmud"}, 1),
            ({"search": "000002"}, 2),  # the number of one, the bill of the other
            ({"search": "8001 0000 0000 0001"}, 1),
            ({"search": "%"}, 0),
            ({"customer_id": str(OTHER_ID)}, 1),
            ({"invoice_id": str(OTHER_ID)}, 0),
        ],
    )
    async def test_filters(
        self, bench: Any, call_as: Any, query: dict[str, str], found: int
    ) -> None:
        await two_customers(bench)

        page = (await call_as(ADMIN).get(BASE, params=query)).json()

        assert (len(page["items"]), page["total"]) == (found, found)

    async def test_pages_by_keyset(self, bench: Any, call_as: Any) -> None:
        await two_customers(bench)
        admin = call_as(ADMIN)

        first = (await admin.get(BASE, params={"limit": 1})).json()
        cursor = {"limit": 1, "cursor": first["next_cursor"]}
        second = (await admin.get(BASE, params=cursor)).json()

        assert first["items"][0]["id"] != second["items"][0]["id"]
        assert second["next_cursor"] is None
        assert first["total"] == second["total"] == 2

    @pytest.mark.parametrize(
        "query", [{"status": "x"}, {"limit": "0"}, {"cursor": "x"}, {"customer_id": "1"}]
    )
    async def test_b2_a_wrong_filter_is_422(
        self, bench: Any, call_as: Any, query: dict[str, str]
    ) -> None:
        assert (await call_as(ADMIN).get(BASE, params=query)).status_code == 422


class TestTryingAgain:
    async def test_a_failed_account_is_opened_anew(self, bench: Any, call_as: Any) -> None:
        bench.bank.script = [outcome_of("017")]
        failed = await bench.open()

        answer = await call_as(WAWAN).post(f"{BASE}/{failed.id}/retry")
        await bench.work()

        assert answer.status_code == 200
        assert answer.json()["id"] != str(failed.id)
        assert answer.json()["status"] == "requested"
        assert (await bench.account(failed.invoice_id)).status == "active"

    async def test_twice_opens_one(self, bench: Any, call_as: Any) -> None:
        bench.bank.script = [outcome_of("017")]
        failed = await bench.open()
        await call_as(WAWAN).post(f"{BASE}/{failed.id}/retry")

        again = await call_as(WAWAN).post(f"{BASE}/{failed.id}/retry")

        assert (again.status_code, again.json()["title"]) == (409, "Virtual account still live")

    async def test_an_active_account_stays_as_it_is(self, bench: Any, call_as: Any) -> None:
        account = await bench.open()

        assert (await call_as(WAWAN).post(f"{BASE}/{account.id}/retry")).status_code == 409

    async def test_one_that_waits_for_the_bank_is_hurried(self, bench: Any, call_as: Any) -> None:
        bench.bank.script = [Outcome(classify("997"), no_effect=True)] * 6
        account = await bench.issue()
        for _ in range(6):
            await bench.worker.step()
            bench.clock.advance(timedelta(seconds=60))
        bench.clock.advance(timedelta(seconds=-60))

        hurried = await call_as(WAWAN).post(f"{BASE}/{account.id}/retry")
        await bench.work()

        assert (hurried.status_code, hurried.json()["id"]) == (200, str(account.id))
        assert (await bench.account(account.invoice_id)).status == "active"

    async def test_nothing_is_opened_for_a_bill_without_debt(
        self, bench: Any, call_as: Any
    ) -> None:
        account = await bench.open()
        await bench.follow(bench.invoice(id=account.invoice_id, version=2, status="cancelled"))
        await bench.work()

        answer = await call_as(WAWAN).post(f"{BASE}/{account.id}/retry")

        assert (answer.status_code, answer.json()["title"]) == (409, "Invoice not open")
