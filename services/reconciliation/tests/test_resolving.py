"""Resolving exceptions: what each decision posts, and what is refused."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from reconciliation.models import Payment, Resolution
from shared.contracts.bank_gateway import PaymentDisputed, PaymentVerified
from shared.contracts.reconciliation import ExceptionClosed, PaymentPosted, PaymentReconciled
from shared.database import Sessions
from shared.principal import Principal
from shared.testing import ADMIN, confirmed

SYSTEM = Principal.system("reconciliation")
RATNA = confirmed(ADMIN)
BUDI = confirmed(replace(ADMIN, user_id=UUID(int=0xD), name="Bapak Budi"))
WHY = {"reason": "Pengirim mengaku salah kirim."}
BEFORE = {"bank": 500, "suspense": -500, "receivable": 700, "billed": -700}


def denied(story: Any, payment: Any) -> Any:
    """The bank knows nothing of it."""
    told = {"verification": "disputed", "trouble": "tidak ada di bank"}
    return story.next(payment, PaymentDisputed, **told)


class TestMatching:
    async def test_m9_unknown_money_becomes_a_customers_and_pays_by_the_rule(
        self, inbox: Any, siti: Any, stray: Any, balances: Any, find: Any, differing: Any
    ) -> None:
        customer, bills = siti
        assert await balances() == BEFORE

        answer = await inbox.resolve("match", customer_id=str(customer))

        shown = answer.json()
        assert (answer.status_code, shown["resolution"]["state"]) == (200, "done")
        paid = {part["invoice_id"]: part["amount_idr"] for part in shown["payment"]["allocations"]}
        assert paid == {str(bills[0]): 300, str(bills[1]): 200}
        assert shown["payment"]["customer"]["name"] == "Siti Aminah"
        assert shown["outcome"].startswith("Dicocokkan ke Siti Aminah: INV/")
        assert await balances() == {"bank": 500, "receivable": 200, "billed": -700}
        assert (await find(Payment, stray.aggregate_id)).customer_id == customer
        assert await differing() == []

    async def test_it_is_told_to_everybody(
        self, inbox: Any, siti: Any, stray: Any, told: Any
    ) -> None:
        customer, _ = siti

        await inbox.resolve("match", customer_id=str(customer))

        (reconciled,) = await told(PaymentReconciled)
        (closed,) = await told(ExceptionClosed)
        assert (reconciled.customer_id, reconciled.status) == (customer, "allocated")
        assert (closed.kind, closed.customer_id) == ("unknown_payer", customer)

    async def test_it_is_split_over_the_bills_that_are_named(
        self, inbox: Any, siti: Any, stray: Any, differing: Any
    ) -> None:
        _, bills = siti
        split = [
            {"invoice_id": str(bills[1]), "amount_idr": 350},
            {"invoice_id": str(bills[0]), "amount_idr": 100},
        ]

        shown = (await inbox.resolve("match", invoices=split)).json()

        paid = {part["invoice_id"]: part["amount_idr"] for part in shown["payment"]["allocations"]}
        assert paid == {str(bills[1]): 350, str(bills[0]): 100}
        assert shown["payment"]["unallocated_idr"] == 50
        assert "titipan Rp50" in shown["outcome"]
        assert (await inbox.one("overpaid"))["amount_idr"] == 50
        assert await differing() == []

    async def test_a_bill_without_an_amount_gets_what_it_needs(
        self, inbox: Any, siti: Any, stray: Any
    ) -> None:
        _, bills = siti

        shown = (await inbox.resolve("match", invoices=[{"invoice_id": str(bills[0])}])).json()

        assert [part["amount_idr"] for part in shown["payment"]["allocations"]] == [300]
        assert shown["payment"]["unallocated_idr"] == 200

    async def test_m6_no_bill_gets_more_than_it_needs_and_nothing_is_left_behind(
        self, inbox: Any, siti: Any, stray: Any, balances: Any, rows: Any
    ) -> None:
        _, bills = siti
        share = {"invoice_id": str(bills[0]), "amount_idr": 301}

        answer = await inbox.resolve("match", invoices=[share])

        assert answer.status_code == 422
        assert await balances() == BEFORE
        assert await rows(Resolution) == []

    async def test_a_bill_of_somebody_else_is_refused(
        self, inbox: Any, siti: Any, stray: Any, story: Any, arrive: Any, balances: Any
    ) -> None:
        _, bills = siti
        other = story.customer(name="Siti Nurhaliza")
        await arrive(other)

        answer = await inbox.resolve(
            "match",
            customer_id=str(other.aggregate_id),
            invoices=[{"invoice_id": str(bills[0])}],
        )

        assert (answer.status_code, answer.json()["title"]) == (409, "Another customer")
        assert await balances() == BEFORE

    async def test_somebody_has_to_own_it(self, inbox: Any, stray: Any) -> None:
        answers = [
            await inbox.resolve("match"),
            await inbox.resolve("match", customer_id=str(uuid4())),
            await inbox.resolve("match", invoices=[{"invoice_id": str(uuid4())}]),
        ]

        assert [answer.status_code for answer in answers] == [422, 404, 404]

    async def test_r3_money_of_a_closed_day_is_attributed_today(
        self, inbox: Any, siti: Any, stray: Any, clock: Any, call_as: Any, sessions: Sessions
    ) -> None:
        day = clock.today()
        clock.advance(timedelta(days=2))
        closed = await call_as(ADMIN).post("/api/v1/closes", {"day": day.isoformat()})
        assert closed.status_code == 201

        await inbox.resolve("match", customer_id=str(siti[0]))

        query = text("SELECT booked_on FROM ledger_transactions WHERE kind = 'attribution'")
        async with sessions.begin(SYSTEM) as session:
            assert (await session.execute(query)).scalar_one() == clock.today()


class TestKeepingAsCredit:
    async def test_m5_it_waits_as_his_credit_and_asks_nobody_again(
        self,
        inbox: Any,
        siti: Any,
        stray: Any,
        balances: Any,
        call_as: Any,
        story: Any,
        arrive: Any,
        told: Any,
        differing: Any,
    ) -> None:
        shown = (await inbox.resolve("credit", customer_id=str(siti[0]))).json()

        assert shown["payment"]["unallocated_idr"] == 500
        assert shown["outcome"] == "Rp500 disimpan sebagai titipan Siti Aminah."
        assert await balances() == {"bank": 500, "credit": -500, "receivable": 700, "billed": -700}
        await arrive(story.next(stray, PaymentVerified, verification="verified"))
        assert (await call_as(ADMIN).get("/api/v1/exceptions")).json()["total"] == 0
        assert [e.unallocated_idr for e in await told(PaymentPosted)] == [500, 500, 500]
        assert await differing() == []

    async def test_what_a_customer_overpaid_is_accepted_as_credit(
        self, inbox: Any, siti: Any, story: Any, arrive: Any, differing: Any
    ) -> None:
        customer, _ = siti
        await arrive(story.payment(800, None, customer_id=customer))

        shown = (await inbox.resolve("credit", kind="overpaid")).json()

        assert shown["outcome"] == "Rp100 disimpan sebagai titipan Siti Aminah."
        assert await differing() == []


class TestTwoAtOnce:
    async def test_k4_the_second_admin_is_told(
        self, inbox: Any, siti: Any, stray: Any, rows: Any, differing: Any
    ) -> None:
        item = await inbox.one()
        body = {"action": "match", "customer_id": str(siti[0])}

        answers = await asyncio.gather(
            *(inbox.act(item, "resolve", body, who) for who in (RATNA, BUDI))
        )

        assert sorted(answer.status_code for answer in answers) == [200, 412]
        assert len(await rows(Resolution)) == 1
        assert await differing() == []

    async def test_i_the_same_key_is_one_act(
        self, inbox: Any, siti: Any, stray: Any, call_as: Any, rows: Any
    ) -> None:
        item = await inbox.one()
        path = f"/api/v1/exceptions/{item['id']}/resolve"
        body = {"action": "match", "customer_id": str(siti[0])}

        answers = [
            await call_as(RATNA).post(path, body, key="satu-kunci", version=item["version"])
            for _ in "ab"
        ]

        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[1].headers["idempotency-replayed"] == "true"
        assert len(await rows(Resolution)) == 1

    async def test_k4_no_version_is_no_act(self, inbox: Any, stray: Any) -> None:
        item = await inbox.one() | {"version": None}

        answer = await inbox.act(item, "resolve", {"action": "explain", **WHY})

        assert answer.status_code == 428


class TestWhatIsNotMoney:
    async def test_a_contradiction_is_explained_with_a_reason(
        self, inbox: Any, siti: Any, stray: Any, story: Any, arrive: Any, told: Any
    ) -> None:
        await arrive(denied(story, stray))
        offered = (await inbox.one("disputed"))["actions"]

        bare = await inbox.resolve("explain", kind="disputed")
        shown = (await inbox.resolve("explain", kind="disputed", reason="Bank benar.")).json()

        assert (offered, bare.status_code) == (["explain"], 422)
        assert shown["outcome"] == "Sudah jelas. Alasan: Bank benar."
        assert (await told(ExceptionClosed))[-1].outcome == shown["outcome"]
        undone = (await inbox.act(shown, "undo", {"reason": "Ternyata belum."})).json()
        assert undone["closed_at"] is None

    async def test_money_is_not_explained_away(self, inbox: Any, stray: Any) -> None:
        answer = await inbox.resolve("explain", **WHY)

        assert (answer.status_code, answer.json()["title"]) == (409, "Action not offered")

    @pytest.mark.parametrize(
        "body",
        [
            {"action": "pay"},
            {"action": "return"},
            {"action": "return", "reason": "x", "customer_id": str(uuid4())},
            {"action": "credit", "invoices": [{"invoice_id": str(uuid4())}]},
            {"action": "match", "invoices": [{"invoice_id": str(UUID(int=1))}] * 2},
            {"action": "match", "amount_idr": 5},
        ],
    )
    async def test_b1_a_body_that_does_not_fit_is_refused(
        self, inbox: Any, stray: Any, body: dict[str, Any]
    ) -> None:
        answer = await inbox.act(await inbox.one(), "resolve", body)

        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
