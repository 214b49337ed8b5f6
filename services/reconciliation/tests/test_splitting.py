"""Splitting money of nobody known over several customers: one decision, one way back (ADR-0029)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from reconciliation.models import Payment, Resolution
from shared.contracts.bank_gateway import PaymentDisputed, PaymentVerified
from shared.contracts.reconciliation import PaymentPosted, PaymentReversed
from shared.database import Sessions
from shared.principal import Principal
from shared.tables import AuditEntry
from shared.testing import ADMIN, SARI, WAWAN, confirmed

SYSTEM = Principal.system("reconciliation")
BUDI = confirmed(replace(ADMIN, user_id=UUID(int=0xD), name="Bapak Budi"))
WHY = {"reason": "Pengirim mengaku salah kirim."}
BEFORE = {"bank": 500, "suspense": -500, "receivable": 800, "billed": -800}


@pytest.fixture
async def mahmud(story: Any, arrive: Any) -> Any:
    """A customer of Sari's with one bill of 100."""
    customer = story.customer(SARI, "Mahmud Sulaiman")
    bill = story.invoice(customer.aggregate_id, 100)
    await arrive(customer, bill)
    return customer.aggregate_id, bill.aggregate_id


@pytest.fixture
def split(inbox: Any, siti: Any, mahmud: Any, stray: Any) -> Any:
    """``await split()``: 500 over Siti's bill of 300, 100 of Mahmud's, the rest as her credit."""

    async def once(*amounts: int | None, **more: Any) -> Any:
        bills = [siti[1][0], mahmud[1]]
        shares = [
            {"invoice_id": str(bill)} | ({} if amount is None else {"amount_idr": amount})
            for bill, amount in zip(bills, amounts or (300, 100), strict=True)
        ]
        return await inbox.resolve("split", invoices=shares, **more)

    return once


class TestSplitting:
    async def test_m5_each_customer_gets_a_payment_of_his_own_and_the_sum_is_exact(
        self,
        split: Any,
        siti: Any,
        mahmud: Any,
        stray: Any,
        balances: Any,
        rows: Any,
        differing: Any,
    ) -> None:
        assert await balances() == BEFORE

        answer = await split(customer_id=str(siti[0]))

        shown = answer.json()
        assert (answer.status_code, shown["resolution"]["action"]) == (200, "split")
        assert shown["outcome"] == "Rp500 dibagi untuk 2 pelanggan: 2 tagihan, titipan Rp100."
        parts = {each.customer_id: each for each in await rows(Payment) if each.part_of}
        assert {owner: each.amount_idr for owner, each in parts.items()} == {
            siti[0]: 400,
            mahmud[0]: 100,
        }
        assert {each.part_of for each in parts.values()} == {stray.aggregate_id}
        assert parts[siti[0]].unallocated.amount == 100
        assert await balances() == {"bank": 500, "receivable": 400, "billed": -800, "credit": -100}
        assert await differing() == []

    async def test_m2_the_money_moves_in_one_transaction(
        self, split: Any, siti: Any, sessions: Sessions
    ) -> None:
        await split(customer_id=str(siti[0]))

        query = text(
            "SELECT count(DISTINCT t.id), array_agg(e.amount_idr ORDER BY e.no)"
            " FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id"
            " WHERE t.kind = 'split'"
        )
        async with sessions.begin(SYSTEM) as session:
            assert (await session.execute(query)).one() == (1, [500, -400, -100])

    async def test_a_bill_without_an_amount_gets_what_it_needs(self, split: Any, siti: Any) -> None:
        shown = (await split(None, None, customer_id=str(siti[0]))).json()

        assert [part["amount_idr"] for part in shown["payment"]["parts"]] == [400, 100]

    async def test_the_rest_goes_to_the_credit_of_whoever_is_named(
        self, split: Any, story: Any, arrive: Any, call_as: Any, differing: Any
    ) -> None:
        third = story.customer(name="Ani Lestari")
        await arrive(third)

        shown = (await split(customer_id=str(third.aggregate_id))).json()

        rest = shown["payment"]["parts"][-1]
        assert (rest["customer"]["name"], rest["unallocated_idr"]) == ("Ani Lestari", 100)
        open_ = (await call_as(ADMIN).get("/api/v1/exceptions")).json()
        assert open_["items"] == [], "a person decided that the rest is credit"
        assert await differing() == []

    async def test_m9_nothing_is_left_to_nobody(self, split: Any, balances: Any, rows: Any) -> None:
        answer = await split()

        assert (answer.status_code, answer.json()["title"]) == (422, "Rest of nobody")
        assert "Rp100" in answer.json()["detail"]
        assert await balances() == BEFORE
        assert await rows(Resolution) == []

    @pytest.mark.parametrize(
        ("amounts", "status", "title"),
        [
            ((300, 201), 422, "More than the money"),
            ((301, 100), 422, "More than outstanding"),
            ((300, 101), 422, "More than outstanding"),
        ],
    )
    async def test_m6_what_does_not_fit_is_refused_as_a_whole(
        self, split: Any, siti: Any, balances: Any, rows: Any, amounts: Any, status: int, title: str
    ) -> None:
        answer = await split(*amounts, customer_id=str(siti[0]))

        assert (answer.status_code, answer.json()["title"]) == (status, title)
        assert await balances() == BEFORE
        assert [each.part_of for each in await rows(Payment)] == [None]

    async def test_bills_of_one_customer_are_a_match(
        self, inbox: Any, siti: Any, stray: Any, rows: Any
    ) -> None:
        shares = [{"invoice_id": str(bill), "amount_idr": 200} for bill in siti[1]]

        shown = (await inbox.resolve("split", invoices=shares)).json()

        assert shown["resolution"]["action"] == "match"
        assert shown["payment"]["unallocated_idr"] == 100
        assert len(await rows(Payment)) == 1

    async def test_money_that_has_an_owner_is_not_split_over_others(
        self, inbox: Any, siti: Any, mahmud: Any, story: Any, arrive: Any, rows: Any
    ) -> None:
        await arrive(story.payment(900, None, customer_id=siti[0]))
        shares = [{"invoice_id": str(mahmud[1])}]

        answer = await inbox.resolve(
            "split", kind="overpaid", invoices=shares, customer_id=str(siti[0])
        )

        assert (answer.status_code, answer.json()["title"]) == (409, "Action not offered")
        assert len(await rows(Payment)) == 1

    async def test_bills_have_to_be_named_and_there(self, inbox: Any, stray: Any) -> None:
        nobody = [{"invoice_id": str(uuid4())}]

        answers = [
            await inbox.resolve("split"),
            await inbox.resolve("split", invoices=nobody),
        ]

        assert [answer.status_code for answer in answers] == [422, 404]

    async def test_a_transfer_of_a_statement_is_split_as_well(
        self, bring: Any, inbox: Any, siti: Any, mahmud: Any, differing: Any
    ) -> None:
        await bring((400, "BAYAR KAVLING SITI DAN MAHMUD"))
        shares = [{"invoice_id": str(siti[1][0])}, {"invoice_id": str(mahmud[1])}]

        shown = (await inbox.resolve("split", invoices=shares)).json()

        assert shown["outcome"] == "Rp400 dibagi untuk 2 pelanggan: 2 tagihan."
        assert await differing() == []


class TestWhatOthersSee:
    async def test_its_parts_are_told_of_and_it_counts_no_more(
        self, split: Any, siti: Any, stray: Any, told: Any
    ) -> None:
        await split(customer_id=str(siti[0]))

        (whole,) = await told(PaymentReversed)
        assert (whole.aggregate_id, whole.status) == (stray.aggregate_id, "reversed")
        assert whole.reason == "Rp500 dibagi untuk 2 pelanggan: 2 tagihan, titipan Rp100."
        parts = [each for each in await told(PaymentPosted) if each.part_of]
        assert {each.part_of for each in parts} == {stray.aggregate_id}
        assert sorted(each.amount_idr for each in parts) == [100, 400]

    async def test_a2_a_marketing_sees_the_part_of_his_own_customer_only(
        self, split: Any, siti: Any, mahmud: Any, stray: Any, call_as: Any
    ) -> None:
        await split(customer_id=str(siti[0]))

        for who, amount in ((WAWAN, 400), (SARI, 100)):
            page = (await call_as(who).get("/api/v1/payments")).json()
            assert [item["amount_idr"] for item in page["items"]] == [amount]
            assert page["totals"]["unverified"] == {"count": 1, "amount_idr": amount}
            whole = await call_as(who).get(f"/api/v1/payments/{stray.aggregate_id}")
            assert whole.status_code == 404

    async def test_a2_who_was_asked_reads_of_it_without_the_others(
        self, split: Any, inbox: Any, siti: Any, stray: Any, call_as: Any
    ) -> None:
        asked = await inbox.one()
        ask = {"to": "marketing", "marketing_id": str(WAWAN.user_id), "note": "Kenal?"}
        await inbox.act(asked, "assign", ask)
        await split(customer_id=str(siti[0]))

        seen = await call_as(WAWAN).get(f"/api/v1/exceptions/{asked['id']}")

        assert seen.json()["payment"] is None
        assert "Mahmud" not in seen.text
        assert "INV/" not in seen.text

    async def test_an_admin_sees_it_by_its_parts_and_each_rupiah_once(
        self, split: Any, siti: Any, stray: Any, call_as: Any
    ) -> None:
        await split(customer_id=str(siti[0]))

        page = (await call_as(ADMIN).get("/api/v1/payments")).json()
        whole = (await call_as(ADMIN).get(f"/api/v1/payments/{stray.aggregate_id}")).json()

        assert (page["total"], page["totals"]["amount_idr"]) == (2, 500)
        assert (whole["split_idr"], whole["unallocated_idr"]) == (500, 0)
        assert {part["customer"]["name"] for part in whole["parts"]} == {
            "Siti Aminah",
            "Mahmud Sulaiman",
        }

    async def test_p1_who_split_it_is_in_the_audit_log(
        self, split: Any, siti: Any, mahmud: Any, rows: Any
    ) -> None:
        await split(customer_id=str(siti[0]), reason="Titip bayar tetangga.")

        found = [(row.action, row.reason) for row in await rows(AuditEntry)]
        assert ("exception.resolved", "Titip bayar tetangga.") in found
        assert ("payment.split", "Titip bayar tetangga.") in found
        assert [action for action, _ in found].count("payment.posted") == 3

    async def test_c11_the_banks_word_about_the_whole_holds_for_its_parts(
        self, split: Any, siti: Any, stray: Any, story: Any, arrive: Any, rows: Any, differing: Any
    ) -> None:
        await split(customer_id=str(siti[0]))

        await arrive(story.next(stray, PaymentVerified, verification="verified"))

        assert {each.verification for each in await rows(Payment)} == {"verified"}
        assert await differing() == []


class TestTheWayBack:
    async def test_m3_it_is_undone_as_one(
        self, split: Any, inbox: Any, siti: Any, balances: Any, rows: Any, differing: Any
    ) -> None:
        done = (await split(customer_id=str(siti[0]))).json()

        answer = await inbox.act(done, "undo", {"reason": "Salah bagi."})

        shown = answer.json()
        assert (answer.status_code, shown["closed_at"], shown["amount_idr"]) == (200, None, 500)
        assert await balances() == BEFORE
        assert [each.status for each in await rows(Payment) if each.part_of] == ["reversed"] * 2
        assert (await inbox.one())["actions"][:2] == ["match", "split"]
        assert await differing() == []

    async def test_it_may_be_split_anew_or_matched(
        self, split: Any, inbox: Any, siti: Any, rows: Any, balances: Any, differing: Any
    ) -> None:
        done = (await split(customer_id=str(siti[0]))).json()
        await inbox.act(done, "undo", {"reason": "Salah bagi."})
        again = (await split(200, 100, customer_id=str(siti[0]))).json()
        await inbox.act(again, "undo", {"reason": "Salah lagi."})

        await inbox.resolve("match", customer_id=str(siti[0]))

        assert await balances() == {"bank": 500, "receivable": 300, "billed": -800}
        assert len(await rows(Payment)) == 5
        assert await differing() == []

    async def test_what_the_rest_paid_since_is_taken_back_too(
        self, split: Any, inbox: Any, siti: Any, story: Any, arrive: Any, balances: Any
    ) -> None:
        done = (await split(customer_id=str(siti[0]))).json()
        await arrive(story.invoice(siti[0], 60))
        assert "credit" not in await balances()

        await inbox.act(done, "undo", {"reason": "Salah bagi."})

        assert await balances() == BEFORE | {"receivable": 860, "billed": -860}

    async def test_money_that_left_since_bars_the_way_back(
        self, split: Any, inbox: Any, siti: Any, mahmud: Any, call_as: Any, differing: Any
    ) -> None:
        done = (await split(customer_id=str(siti[0]))).json()
        paid = {part["customer"]["name"]: part for part in done["payment"]["parts"]}
        allocation = paid["Mahmud Sulaiman"]["allocations"][0]["id"]
        await call_as(BUDI).call("DELETE", f"/api/v1/allocations/{allocation}")
        proposed = (await inbox.resolve("return", kind="overpaid", **WHY)).json()
        await inbox.act(proposed, "approve", {}, BUDI)

        answer = await inbox.act(done, "undo", {"reason": "Salah bagi."})

        assert (answer.status_code, answer.json()["title"]) == (409, "Money gone")
        assert await differing() == []

    async def test_c11_a_denial_of_the_whole_takes_every_part_back(
        self,
        split: Any,
        siti: Any,
        stray: Any,
        story: Any,
        arrive: Any,
        rows: Any,
        balances: Any,
        differing: Any,
    ) -> None:
        await split(customer_id=str(siti[0]))
        told = {"verification": "disputed", "trouble": "tidak ada di bank"}

        await arrive(story.next(stray, PaymentDisputed, **told))

        assert await balances() == {"receivable": 800, "billed": -800}
        found = await rows(Payment)
        assert {(each.status, each.verification) for each in found} == {("reversed", "disputed")}
        assert [each.state for each in await rows(Resolution)] == ["undone"]
        assert await differing() == []

    async def test_m9_the_accounts_own_customer_outranks_a_split(
        self,
        inbox: Any,
        siti: Any,
        mahmud: Any,
        story: Any,
        arrive: Any,
        balances: Any,
        rows: Any,
        differing: Any,
    ) -> None:
        third = story.customer(name="Ani Lestari")
        account = story.account(third.aggregate_id)
        await arrive(story.payment(400, virtual_account=account.number))
        shares = [{"invoice_id": str(siti[1][0])}, {"invoice_id": str(mahmud[1])}]
        await inbox.resolve("split", invoices=shares)

        await arrive(third, account, story.payment(70, virtual_account=account.number))

        standing = [each for each in await rows(Payment) if each.status != "reversed"]
        assert {each.customer_id for each in standing} == {third.aggregate_id}
        moved = await balances()
        assert (moved["credit"], moved["receivable"]) == (-470, 800)
        assert await differing() == []


class TestTheDatabaseItself:
    @pytest.mark.parametrize(
        "broken",
        [
            "UPDATE payments SET reversed_at = now() WHERE part_of IS NOT NULL AND amount_idr = 100"
            " AND allocated_idr = 0",
            "INSERT INTO payments SELECT (jsonb_populate_record(p, jsonb_build_object("
            "'id', gen_random_uuid(), 'allocated_idr', 0))).* FROM payments p"
            " WHERE part_of IS NOT NULL LIMIT 1",
        ],
        ids=["one less", "one more"],
    )
    async def test_m5_the_parts_sum_to_the_whole_or_nothing_commits(
        self, split: Any, story: Any, arrive: Any, sessions: Sessions, broken: str
    ) -> None:
        third = story.customer(name="Ani Lestari")
        await arrive(third)
        await split(customer_id=str(third.aggregate_id))

        with pytest.raises(IntegrityError, match="the parts of"):
            async with sessions.begin(SYSTEM) as session:
                await session.execute(text(broken))
