"""Undoing decisions: everything they posted is reversed, once (M3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from tellings import Telling

from reconciliation.models import Allocation, MoneyException, Payment, Resolution
from shared.contracts.bank_gateway import PaymentDisputed
from shared.testing import ADMIN, confirmed

BUDI = confirmed(replace(ADMIN, user_id=UUID(int=0xD), name="Bapak Budi"))
WHY = {"reason": "Pengirim mengaku salah kirim."}
BEFORE = {"bank": 500, "suspense": -500, "receivable": 700, "billed": -700}


def denied(story: Any, payment: Any) -> Any:
    """The bank knows nothing of it."""
    told = {"verification": "disputed", "trouble": "tidak ada di bank"}
    return story.next(payment, PaymentDisputed, **told)


class TestUndoing:
    @pytest.mark.parametrize("action", ["match", "credit", "return", "write_off"])
    async def test_m3_every_decision_is_undone_by_reversal(
        self,
        inbox: Any,
        siti: Any,
        stray: Any,
        balances: Any,
        differing: Any,
        action: str,
        find: Any,
    ) -> None:
        more = {"customer_id": str(siti[0])} if action in {"match", "credit"} else WHY
        done = (await inbox.resolve(action, **more)).json()
        if action in {"return", "write_off"}:
            done = (await inbox.act(done, "approve", {}, BUDI)).json()
        assert await balances() != BEFORE

        answer = await inbox.act(done, "undo", {"reason": "Salah orang."})

        shown = answer.json()
        assert (answer.status_code, shown["closed_at"], shown["resolution"]) == (200, None, None)
        assert shown["resolutions"][0]["undo_reason"] == "Salah orang."
        assert (shown["amount_idr"], "match" in shown["actions"]) == (500, True)
        assert await balances() == BEFORE
        assert (await find(Payment, stray.aggregate_id)).customer_id is None
        assert await differing() == []

    async def test_it_may_be_decided_anew_and_its_history_stays(
        self,
        inbox: Any,
        siti: Any,
        stray: Any,
        story: Any,
        arrive: Any,
        rows: Any,
        differing: Any,
    ) -> None:
        other = story.customer(name="Siti Nurhaliza")
        await arrive(other, story.invoice(other.aggregate_id, 500))
        done = (await inbox.resolve("match", customer_id=str(siti[0]))).json()
        await inbox.act(done, "undo", {"reason": "Salah orang."})

        again = await inbox.resolve("match", customer_id=str(other.aggregate_id))

        assert again.json()["payment"]["customer"]["name"] == "Siti Nurhaliza"
        assert [each.state for each in await rows(Resolution)] == ["undone", "done"]
        assert len(await rows(Allocation)) == 3
        assert await differing() == []

    async def test_m3_it_is_undone_at_most_once(self, inbox: Any, siti: Any, stray: Any) -> None:
        done = (await inbox.resolve("match", customer_id=str(siti[0]))).json()
        undone = (await inbox.act(done, "undo", {"reason": "Salah orang."})).json()

        again = await inbox.act(undone, "undo", {"reason": "Lagi."})

        assert (again.status_code, again.json()["title"]) == (409, "Nothing to undo")

    async def test_only_what_the_decision_paid_is_taken_back(
        self, inbox: Any, siti: Any, story: Any, arrive: Any, call_as: Any, differing: Any
    ) -> None:
        customer, _ = siti
        await arrive(story.payment(800, None, customer_id=customer))
        extra = story.invoice(customer, 60, status="draft")
        await arrive(extra)
        done = (await inbox.resolve("credit", kind="overpaid")).json()
        payment = done["payment"]

        undone = (await inbox.act(done, "undo", {"reason": "Belum."})).json()

        assert undone["payment"]["allocations"] == payment["allocations"]
        assert (undone["closed_at"], undone["amount_idr"]) == (None, 100)
        assert await differing() == []

    async def test_money_that_left_since_bars_the_way_back(
        self, inbox: Any, siti: Any, stray: Any, differing: Any
    ) -> None:
        _, bills = siti
        matched = (await inbox.resolve("match", invoices=[{"invoice_id": str(bills[0])}])).json()
        proposed = (await inbox.resolve("return", kind="overpaid", **WHY)).json()
        await inbox.act(proposed, "approve", {}, BUDI)

        answer = await inbox.act(matched, "undo", {"reason": "Salah orang."})

        assert (answer.status_code, answer.json()["title"]) == (409, "Money gone")
        assert await differing() == []

    async def test_a8_it_needs_the_password_again(self, inbox: Any, siti: Any, stray: Any) -> None:
        done = (await inbox.resolve("match", customer_id=str(siti[0]))).json()

        answer = await inbox.act(done, "undo", {"reason": "x"}, ADMIN)

        assert (answer.status_code, answer.json()["title"]) == (403, "Confirmation needed")


class TestAnExplanation:
    """What moved no money is asked again only as far as the sources still differ (ADR-0018)."""

    async def test_what_the_sources_settled_meanwhile_is_not_asked_again(
        self, telling: Telling, inbox: Any, rows: Any
    ) -> None:
        await telling.tell(telling.callback(1_000, "NTB777"))()
        await telling.statement(telling.stranger(5), days=2)()
        done = (await inbox.resolve("explain", kind="missing_at_bank", **WHY)).json()
        await telling.statement(telling.row(1_000, "NTB777", after=2), days=1, opening_idr=-5)()

        shown = (await inbox.act(done, "undo", {"reason": "Baris datang terlambat."})).json()

        assert shown["outcome"] == "Semua sumber kini cocok."
        assert [each for each in await rows(MoneyException) if each.closed_at is None] == []

    @pytest.mark.parametrize(("came", "asked"), [(1_000, []), (400, [600])])
    async def test_r3_what_the_bank_had_more_is_asked_once_and_with_what_is_missing_now(
        self, telling: Telling, inbox: Any, rows: Any, came: int, asked: list[int]
    ) -> None:
        await telling.tell(telling.inquired(1_000, hours=2))()
        done = (await inbox.resolve("explain", kind="missing_here", **WHY)).json()
        await telling.tell(telling.callback(came, "NTB777"))()

        await inbox.act(done, "undo", {"reason": "Keliru."})

        missing = [each for each in await rows(MoneyException) if each.kind == "missing_here"]
        assert [each.amount_idr for each in missing if each.closed_at is None] == asked

    async def test_what_still_differs_is_open_again_as_it_was(
        self, telling: Telling, inbox: Any
    ) -> None:
        await telling.tell(telling.callback(1_000, "NTB777"))()
        await telling.statement(telling.stranger(5), days=2)()
        done = (await inbox.resolve("explain", kind="missing_at_bank", **WHY)).json()

        shown = (await inbox.act(done, "undo", {"reason": "Keliru."})).json()

        assert (shown["closed_at"], shown["amount_idr"]) == (None, 1_000)
        assert "explain" in shown["actions"]


class TestTheBankChangesItsMind:
    @pytest.mark.parametrize("action", ["match", "credit", "return"])
    async def test_c11_a_dispute_takes_every_decision_back(
        self,
        inbox: Any,
        siti: Any,
        stray: Any,
        story: Any,
        arrive: Any,
        balances: Any,
        differing: Any,
        action: str,
        find: Any,
    ) -> None:
        more = {"customer_id": str(siti[0])} if action != "return" else WHY
        done = (await inbox.resolve(action, **more)).json()
        if action == "return":
            await inbox.act(done, "approve", {}, BUDI)

        await arrive(denied(story, stray))

        assert await balances() == {"receivable": 700, "billed": -700}
        assert (await find(Payment, stray.aggregate_id)).status == "reversed"
        assert await differing() == []

    async def test_c11_what_was_left_over_of_it_asks_nobody_any_more(
        self, inbox: Any, siti: Any, stray: Any, story: Any, arrive: Any, call_as: Any
    ) -> None:
        await inbox.resolve("match", invoices=[{"invoice_id": str(siti[1][0])}])
        assert (await inbox.one("overpaid"))["amount_idr"] == 200

        await arrive(denied(story, stray))

        open_ = (await call_as(ADMIN).get("/api/v1/exceptions")).json()["items"]
        assert [item["kind"] for item in open_] == ["disputed"]

    async def test_m9_the_accounts_own_customer_outranks_a_guess(
        self, inbox: Any, siti: Any, story: Any, arrive: Any, balances: Any, differing: Any
    ) -> None:
        mahmud = story.customer()
        account = story.account(mahmud.aggregate_id)
        await arrive(story.payment(500, virtual_account=account.number))
        await inbox.resolve("match", customer_id=str(siti[0]))

        await arrive(mahmud, account, story.payment(70, virtual_account=account.number))

        assert await differing() == []
        moved = await balances()
        assert (moved["credit"], moved["receivable"]) == (-570, 700)
