"""What is owed, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from shared.clock import WIB, FrozenClock
from shared.contracts.invoicing import InvoiceCancelled
from shared.testing import ADMIN, SARI, WAWAN

Arrive = Callable[[Any], Awaitable[bool]]
CASH = {"kind": "cash", "due_on": "2026-12-01"}


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

    async def test_b1_a_plan_that_does_not_add_up_names_its_field(
        self, call_as: Any, installments: dict[str, Any]
    ) -> None:
        changes: list[tuple[dict[str, Any], str]] = [
            ({"down_payment_idr": 25_000_000}, "plan.down_payment_idr"),
            ({"first_due_on": "2026-11-01"}, "plan.first_due_on"),
            ({"installments": 0}, "plan.installments"),
            ({"installments": 121}, "plan.installments"),
            ({"down_payment_idr": 10.5}, "plan.down_payment_idr"),
            ({"kind": "barter"}, "plan"),
            ({"owner": "x"}, "plan.owner"),
        ]
        for change, field in changes:
            body = {"total_idr": 25_000_000, "plan": installments | change}

            answer = await call_as(WAWAN).post("/api/v1/plans/preview", body)

            assert answer.status_code == 422, change
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

    async def test_a_free_bill_adds_its_lines_up(
        self, free_bill: Any, call_as: Any, customer: UUID
    ) -> None:
        answer = await call_as(WAWAN).post("/api/v1/invoices", free_bill(customer))

        bill = answer.json()
        assert (bill["total_idr"], bill["lines"][0]["amount_idr"]) == (300_000, 300_000)
        assert (bill["plan_id"], bill["issued_by"]) == (None, "Bapak Wawan")

    async def test_m1_only_whole_rupiah(self, free_bill: Any, call_as: Any, customer: UUID) -> None:
        for amount in (1.5, "100", 0, -5, 10**14, True, None):
            answer = await call_as(WAWAN).post("/api/v1/invoices", free_bill(customer, amount))

            assert answer.status_code == 422, amount
            assert answer.json()["errors"][0]["field"] == "lines.0.unit_price_idr"

    async def test_b3_state_and_owner_are_never_taken_from_the_body(
        self, free_bill: Any, call_as: Any, customer: UUID
    ) -> None:
        for more in ({"paid_idr": 5}, {"status": "paid"}, {"marketing_id": str(SARI.user_id)}):
            answer = await call_as(WAWAN).post("/api/v1/invoices", free_bill(customer, **more))

            assert answer.status_code == 422, more

    async def test_numbers_begin_again_with_each_month_of_issue(
        self, free_bill: Any, call_as: Any, customer: UUID, clock: FrozenClock
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
        self, free_bill: Any, call_as: Any, customer: UUID, story: Any, arrive: Arrive
    ) -> None:
        bill = (await call_as(WAWAN).post("/api/v1/invoices", free_bill(customer))).json()
        await arrive(story.reconciled(customer, {UUID(bill["id"]): 1}))

        answer = await call_as(WAWAN).post(f"/api/v1/invoices/{bill['id']}/cancel", {"reason": "x"})

        assert (answer.status_code, answer.json()["current"]) == (409, "partially_paid")

    async def test_s_twice_is_refused(self, free_bill: Any, call_as: Any, customer: UUID) -> None:
        bill = (await call_as(WAWAN).post("/api/v1/invoices", free_bill(customer))).json()
        path = f"/api/v1/invoices/{bill['id']}/cancel"

        answers = [await call_as(WAWAN).post(path, {"reason": "x"}) for _ in "ab"]

        assert [answer.status_code for answer in answers] == [200, 409]
        assert answers[1].json()["type"] == "/problems/invalid-transition"

    async def test_e1_money_that_crosses_the_cancellation_leaves_the_bill_void(
        self, free_bill: Any, call_as: Any, customer: UUID, story: Any, arrive: Arrive
    ) -> None:
        bill = (await call_as(WAWAN).post("/api/v1/invoices", free_bill(customer))).json()
        path = f"/api/v1/invoices/{bill['id']}"
        await call_as(WAWAN).post(f"{path}/cancel", {"reason": "x"})

        await arrive(story.reconciled(customer, {UUID(bill["id"]): 300_000}))

        shown = (await call_as(WAWAN).get(path)).json()
        assert (shown["status"], shown["paid_idr"]) == ("cancelled", 0)


class TestScope:
    async def test_a7_anothers_object_and_a_missing_one_look_alike(
        self, free_bill: Any, call_as: Any, customer: UUID, plan: dict[str, Any]
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
        self, free_bill: Any, call_as: Any, customer: UUID, plan: dict[str, Any]
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
