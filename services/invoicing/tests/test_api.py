"""What is owed, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.clock import WIB, FrozenClock
from shared.contracts.bank_gateway import VaCreated
from shared.contracts.invoicing import BillingRunProgressed, InvoiceCancelled
from shared.testing import ADMIN, SARI, WAWAN

Arrive = Callable[[Any], Awaitable[bool]]
CASH = {"kind": "cash", "due_on": "2026-12-01"}


@pytest.fixture
async def customer(story: Any, arrive: Arrive) -> UUID:
    event = story.customer()
    await arrive(event)
    return event.aggregate_id  # type: ignore[no-any-return]


@pytest.fixture
async def plan(
    story: Any, arrive: Arrive, call_as: Any, customer: UUID, installments: dict[str, Any]
) -> dict[str, Any]:
    await arrive(story.booking(customer, installments))
    found = (await call_as(WAWAN).get("/api/v1/plans")).json()["items"][0]
    return dict(found)


def free_bill(customer: UUID, amount: Any = 150_000, **more: Any) -> dict[str, Any]:
    line = {"description": "Balik nama", "quantity": 2, "unit_price_idr": amount}
    return {"customer_id": str(customer), "due_on": "2026-12-01", "lines": [line]} | more


class TestPreview:
    async def test_m7_shows_dated_lines_that_sum_to_the_price(
        self, call_as: Any, installments: dict[str, Any]
    ) -> None:
        body = {"total_idr": 25_000_001, "plan": installments}

        answer = await call_as(WAWAN).post("/api/v1/plans/preview", body)

        shown = answer.json()
        assert answer.status_code == 200
        assert shown["total_idr"] == sum(line["amount_idr"] for line in shown["lines"])
        assert shown["lines"][0] == {
            "no": 1,
            "kind": "down_payment",
            "label": "Uang muka",
            "due_on": "2026-11-23",
            "amount_idr": 5_000_000,
        }

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"down_payment_idr": 25_000_000}, "plan.down_payment_idr"),
            ({"first_due_on": "2026-11-01"}, "plan.first_due_on"),
            ({"installments": 0}, "plan.installment.installments"),
            ({"installments": 121}, "plan.installment.installments"),
            ({"down_payment_idr": 10.5}, "plan.installment.down_payment_idr"),
            ({"kind": "barter"}, "plan"),
            ({"owner": "x"}, "plan.installment.owner"),
        ],
    )
    async def test_b1_a_plan_that_does_not_add_up_names_its_field(
        self, call_as: Any, installments: dict[str, Any], change: dict[str, Any], field: str
    ) -> None:
        body = {"total_idr": 25_000_000, "plan": installments | change}

        answer = await call_as(WAWAN).post("/api/v1/plans/preview", body)

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == field

    async def test_stores_nothing(self, call_as: Any, installments: dict[str, Any]) -> None:
        await call_as(WAWAN).post(
            "/api/v1/plans/preview", {"total_idr": 25_000_000, "plan": installments}
        )

        assert (await call_as(ADMIN).get("/api/v1/plans")).json()["total"] == 0


class TestIssuing:
    async def test_a_line_becomes_a_bill(self, call_as: Any, plan: dict[str, Any]) -> None:
        body = {"plan_id": plan["id"], "line_no": 2}

        answer = await call_as(WAWAN).post("/api/v1/invoices", body)

        bill = answer.json()
        assert answer.status_code == 201
        assert (bill["number"], bill["title"]) == ("INV/2026/11/000001", "Angsuran 1 dari 3")
        assert (bill["status"], bill["due_on"]) == ("issued", "2026-12-10")
        assert bill["customer"]["name"] == "Mahmud Sulaiman"
        assert bill["marketing"] == {"id": str(WAWAN.user_id), "name": "Bapak Wawan"}
        assert bill["virtual_account"] is None
        shown = (await call_as(WAWAN).get(f"/api/v1/plans/{plan['id']}")).json()
        assert shown["lines"][1]["invoice_id"] == bill["id"]

    async def test_an_issued_line_is_not_issued_again(
        self, call_as: Any, plan: dict[str, Any]
    ) -> None:
        body = {"plan_id": plan["id"], "line_no": 1}
        await call_as(WAWAN).post("/api/v1/invoices", body)

        again = await call_as(WAWAN).post("/api/v1/invoices", body)

        assert again.status_code == 409
        assert again.json()["type"] == "/problems/already-issued"
        assert (await call_as(WAWAN).get("/api/v1/invoices")).json()["total"] == 1

    async def test_k1_two_at_once_make_one_bill(self, call_as: Any, plan: dict[str, Any]) -> None:
        body = {"plan_id": plan["id"], "line_no": 1}

        answers = await asyncio.gather(
            *(call_as(WAWAN).post("/api/v1/invoices", body) for _ in range(4))
        )

        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]

    async def test_i_the_same_key_answers_the_same_bill(
        self, call_as: Any, plan: dict[str, Any]
    ) -> None:
        body = {"plan_id": plan["id"], "line_no": 1}

        first, second = [
            await call_as(WAWAN).post("/api/v1/invoices", body, key="issue-once-1") for _ in "ab"
        ]

        assert second.status_code == 201
        assert second.json() == first.json()
        assert second.headers["Idempotency-Replayed"] == "true"

    async def test_a_free_bill_adds_its_lines_up(self, call_as: Any, customer: UUID) -> None:
        answer = await call_as(WAWAN).post("/api/v1/invoices", free_bill(customer))

        bill = answer.json()
        assert (bill["total_idr"], bill["lines"][0]["amount_idr"]) == (300_000, 300_000)
        assert (bill["plan_id"], bill["issued_by"]) == (None, "Bapak Wawan")

    @pytest.mark.parametrize("amount", [1.5, "100", 0, -5, 10**14, True, None])
    async def test_m1_only_whole_rupiah(self, call_as: Any, customer: UUID, amount: Any) -> None:
        answer = await call_as(WAWAN).post("/api/v1/invoices", free_bill(customer, amount))

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "free.lines.0.unit_price_idr"

    @pytest.mark.parametrize(
        "more", [{"paid_idr": 5}, {"status": "paid"}, {"marketing_id": str(SARI.user_id)}]
    )
    async def test_b3_state_and_owner_are_never_taken_from_the_body(
        self, call_as: Any, customer: UUID, more: dict[str, Any]
    ) -> None:
        answer = await call_as(WAWAN).post("/api/v1/invoices", free_bill(customer, **more))

        assert answer.status_code == 422

    async def test_numbers_begin_again_with_each_month_of_issue(
        self, call_as: Any, customer: UUID, clock: FrozenClock
    ) -> None:
        await call_as(WAWAN).post("/api/v1/invoices", free_bill(customer))
        clock.move_to(datetime(2026, 12, 1, 0, 5, tzinfo=WIB))

        answer = await call_as(WAWAN).post("/api/v1/invoices", free_bill(customer))

        assert answer.json()["number"] == "INV/2026/12/000001"


class TestCancelling:
    async def test_voids_the_bill_and_frees_its_line(
        self, call_as: Any, plan: dict[str, Any], told: Any
    ) -> None:
        body = {"plan_id": plan["id"], "line_no": 1}
        bill = (await call_as(WAWAN).post("/api/v1/invoices", body)).json()

        answer = await call_as(WAWAN).post(
            f"/api/v1/invoices/{bill['id']}/cancel", {"reason": "salah tanggal"}
        )
        again = await call_as(WAWAN).post("/api/v1/invoices", body)

        assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
        assert answer.json()["outstanding_idr"] == 0
        assert (await told(InvoiceCancelled))[0].cancel_reason == "salah tanggal"
        assert (again.status_code, again.json()["number"]) == (201, "INV/2026/11/000002")

    async def test_m6_is_refused_once_money_came(
        self, call_as: Any, customer: UUID, story: Any, arrive: Arrive
    ) -> None:
        bill = (await call_as(WAWAN).post("/api/v1/invoices", free_bill(customer))).json()
        await arrive(story.reconciled(customer, {UUID(bill["id"]): 1}))

        answer = await call_as(WAWAN).post(f"/api/v1/invoices/{bill['id']}/cancel", {"reason": "x"})

        assert (answer.status_code, answer.json()["current"]) == (409, "partially_paid")

    async def test_s_twice_is_refused(self, call_as: Any, customer: UUID) -> None:
        bill = (await call_as(WAWAN).post("/api/v1/invoices", free_bill(customer))).json()
        path = f"/api/v1/invoices/{bill['id']}/cancel"

        answers = [await call_as(WAWAN).post(path, {"reason": "x"}) for _ in "ab"]

        assert [answer.status_code for answer in answers] == [200, 409]
        assert answers[1].json()["type"] == "/problems/invalid-transition"

    async def test_e1_money_that_crosses_the_cancellation_leaves_the_bill_void(
        self, call_as: Any, customer: UUID, story: Any, arrive: Arrive
    ) -> None:
        bill = (await call_as(WAWAN).post("/api/v1/invoices", free_bill(customer))).json()
        path = f"/api/v1/invoices/{bill['id']}"
        await call_as(WAWAN).post(f"{path}/cancel", {"reason": "x"})

        await arrive(story.reconciled(customer, {UUID(bill["id"]): 300_000}))

        shown = (await call_as(WAWAN).get(path)).json()
        assert (shown["status"], shown["paid_idr"]) == ("cancelled", 0)


class TestTheList:
    @pytest.fixture
    async def bills(
        self, call_as: Any, customer: UUID, story: Any, arrive: Arrive, clock: FrozenClock
    ) -> list[dict[str, Any]]:
        """Due 21 Nov (part paid), 24 Nov, 1 Dec (void), newest last."""
        found = []
        for due_on in ("2026-11-21", "2026-11-24", "2026-12-01"):
            body = free_bill(customer, due_on=due_on)
            found.append((await call_as(WAWAN).post("/api/v1/invoices", body)).json())
        await arrive(story.reconciled(customer, {UUID(found[0]["id"]): 100_000}))
        cancel = f"/api/v1/invoices/{found[2]['id']}/cancel"
        await call_as(WAWAN).post(cancel, {"reason": "x"})
        account = {
            "invoice_id": found[1]["id"],
            "customer_id": customer,
            "trx_id": "LNS1",
            "number": "8810081234567890",
            "holder_name": "MAHMUD",
            "status": "active",
            "amount_idr": 300_000,
            "expires_at": clock.now(),
        }
        await arrive(VaCreated.of(1, clock.now(), uuid4(), **account))
        return found

    async def test_sums_and_counts_the_whole_filter(
        self, call_as: Any, bills: list[dict[str, Any]]
    ) -> None:
        shown = (await call_as(WAWAN).get("/api/v1/invoices", params={"limit": 1})).json()

        assert (len(shown["items"]), shown["total"]) == (1, 3)
        assert shown["totals"] == {
            "total_idr": 600_000,
            "paid_idr": 100_000,
            "outstanding_idr": 500_000,
        }
        assert shown["views"] == {
            "all": 3,
            "draft": 0,
            "issued": 1,
            "due_soon": 1,
            "overdue": 1,
            "partially_paid": 1,
            "paid": 0,
            "cancelled": 1,
        }

    async def test_pages_by_keyset_newest_first(
        self, call_as: Any, bills: list[dict[str, Any]]
    ) -> None:
        seen, cursor = [], None
        for _ in bills:
            params = {"limit": 1} | ({"cursor": cursor} if cursor else {})
            page = (await call_as(WAWAN).get("/api/v1/invoices", params=params)).json()
            seen += [item["id"] for item in page["items"]]
            cursor = page["next_cursor"]

        assert seen == [bill["id"] for bill in reversed(bills)]
        assert cursor is None

    @pytest.mark.parametrize(
        ("params", "expected"),
        [
            ({"view": "overdue"}, [0]),
            ({"view": "due_soon"}, [1]),
            ({"overdue": "false"}, [1, 2]),
            ({"status": "cancelled"}, [2]),
            ({"due_from": "2026-11-22", "due_to": "2026-11-30"}, [1]),
            ({"search": "000002"}, [1]),
            ({"search": "mahmud"}, [0, 1, 2]),
            ({"search": "8810 0812 3456"}, [1]),
            ({"search": "100%"}, []),
            ({"marketing_id": str(SARI.user_id)}, []),
            ({"booking_id": str(uuid4())}, []),
        ],
    )
    async def test_filters(
        self,
        call_as: Any,
        bills: list[dict[str, Any]],
        params: dict[str, str],
        expected: list[int],
    ) -> None:
        shown = (await call_as(WAWAN).get("/api/v1/invoices", params=params)).json()

        assert sorted(item["id"] for item in shown["items"]) == sorted(
            bills[index]["id"] for index in expected
        )
        assert shown["total"] == len(expected)

    @pytest.mark.parametrize(
        "params", [{"cursor": "x"}, {"cursor": "WzEsMl0"}, {"limit": 201}, {"status": "late"}]
    )
    async def test_b1_a_query_that_is_not_valid_is_refused(
        self, call_as: Any, params: dict[str, Any]
    ) -> None:
        assert (await call_as(WAWAN).get("/api/v1/invoices", params=params)).status_code == 422

    async def test_shows_where_to_pay(self, call_as: Any, bills: list[dict[str, Any]]) -> None:
        shown = (await call_as(WAWAN).get(f"/api/v1/invoices/{bills[1]['id']}")).json()

        account = shown["virtual_account"]
        assert (account["number"], account["status"]) == ("8810081234567890", "active")
        assert (account["amount_idr"], account["trouble"]) == (300_000, None)


class TestBillingRuns:
    async def test_a_dry_run_only_counts(self, call_as: Any, plan: dict[str, Any]) -> None:
        body = {"period": "2026-12", "scope": {}, "dry_run": True}

        answer = await call_as(ADMIN).post("/api/v1/billing-runs", body)

        run = answer.json()
        assert answer.status_code == 202
        assert run["progress"] == {"done": 1, "total": 1, "created": 1, "skipped": 0, "failed": 0}
        assert (await call_as(ADMIN).get("/api/v1/invoices")).json()["total"] == 0

    async def test_i_a_repeat_only_fills_gaps(
        self, call_as: Any, plan: dict[str, Any], told: Any
    ) -> None:
        body = {"period": "2026-12", "scope": {"marketing_id": str(WAWAN.user_id)}}

        first, second = [(await call_as(ADMIN).post("/api/v1/billing-runs", body)) for _ in "ab"]

        assert [run.json()["progress"]["created"] for run in (first, second)] == [1, 0]
        assert second.json()["progress"]["skipped"] == 1
        assert (await call_as(ADMIN).get("/api/v1/invoices")).json()["total"] == 1
        assert [event.created for event in await told(BillingRunProgressed)] == [1, 0]
        path = f"/api/v1/billing-runs/{first.json()['id']}"
        assert (await call_as(ADMIN).get(path)).json() == first.json()

    async def test_another_marketings_scope_issues_nothing_here(
        self, call_as: Any, plan: dict[str, Any]
    ) -> None:
        body = {"period": "2026-12", "scope": {"marketing_id": str(SARI.user_id)}}

        run = (await call_as(ADMIN).post("/api/v1/billing-runs", body)).json()

        assert run["progress"]["total"] == 0

    async def test_a_period_is_a_month(self, call_as: Any) -> None:
        answer = await call_as(ADMIN).post("/api/v1/billing-runs", {"period": "2026-13"})

        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "period")

    async def test_a1_marketing_may_not(self, call_as: Any) -> None:
        answer = await call_as(WAWAN).post("/api/v1/billing-runs", {"period": "2026-12"})

        assert answer.status_code == 403


class TestScope:
    async def test_a7_anothers_object_and_a_missing_one_look_alike(
        self, call_as: Any, customer: UUID, plan: dict[str, Any]
    ) -> None:
        bill = (await call_as(WAWAN).post("/api/v1/invoices", free_bill(customer))).json()
        issue = {"plan_id": plan["id"], "line_no": 1}
        calls = [
            ("GET", f"/api/v1/invoices/{bill['id']}", None),
            ("GET", f"/api/v1/invoices/{uuid4()}", None),
            ("GET", f"/api/v1/plans/{plan['id']}", None),
            ("POST", "/api/v1/invoices", issue),
            ("POST", "/api/v1/invoices", free_bill(customer)),
            ("POST", f"/api/v1/invoices/{bill['id']}/cancel", {"reason": "x"}),
        ]

        statuses = []
        for method, path, body in calls:
            headers = {"Idempotency-Key": uuid4().hex}
            statuses.append(
                (await call_as(SARI).call(method, path, json=body, headers=headers)).status_code
            )

        assert statuses == [404] * len(calls)

    async def test_a2_lists_sums_and_counts_hold_his_own_only(
        self, call_as: Any, customer: UUID, plan: dict[str, Any]
    ) -> None:
        await call_as(WAWAN).post("/api/v1/invoices", free_bill(customer))

        shown = (
            await call_as(SARI).get("/api/v1/invoices", params={"customer_id": str(customer)})
        ).json()

        assert (shown["items"], shown["total"], shown["views"]["all"]) == ([], 0, 0)
        assert shown["totals"]["total_idr"] == 0
        assert (await call_as(SARI).get("/api/v1/plans")).json()["total"] == 0
        assert (await call_as(ADMIN).get("/api/v1/invoices")).json()["total"] == 1

    async def test_nobody_is_refused(self, call_as: Any) -> None:
        assert (await call_as(None).get("/api/v1/invoices")).status_code == 401
