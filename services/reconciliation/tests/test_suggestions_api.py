"""Suggestions over HTTP: found among all customers, for those who may see them, posting nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from reconciliation.models import Allocation
from shared.clock import FrozenClock
from shared.contracts.customer import CustomerChanged
from shared.database import Sessions
from shared.principal import Principal
from shared.testing import ADMIN, SARI, WAWAN

SYSTEM = Principal.system("reconciliation")
SAID = "MAHMUD SULAIMAN BAYAR KAVLING"
Suggested = Any


@pytest.fixture
def suggested(call_as: Any, inbox: Any) -> Suggested:
    """``await suggested(WAWAN)``: the suggestions for the one open exception."""

    async def read(who: Principal = ADMIN, **wanted: str) -> Any:
        item = await inbox.one(**wanted)
        path = f"/api/v1/exceptions/{item['id']}/suggestions"
        answer = await call_as(who).get(path)
        return answer.json()["items"] if answer.status_code == 200 else answer.status_code

    return read


@pytest.fixture
async def mahmud(story: Any, arrive: Any, clock: FrozenClock) -> Any:
    """He owes 1.250.000 in three days, and is Wawan's; a namesake of half his name is Sari's."""
    customer = story.customer(name="Bapak Mahmud Sulaiman")
    due_on = (clock.today() + timedelta(days=2)).isoformat()
    other = story.customer(SARI, name="Ibu Siti Sulaiman", number="PLG-000002", phone="")
    bills = [
        story.invoice(customer.aggregate_id, 1_250_000, due_on, number="INV/2026/11/000321"),
        story.invoice(other.aggregate_id, 900_000, "2027-03-01"),
    ]
    await arrive(customer, other, *bills)
    return customer, bills[0]


class TestATransferWithAName:
    async def test_its_customer_is_first_with_the_bill_and_the_reasons(
        self, mahmud: Any, bring: Any, suggested: Suggested
    ) -> None:
        customer, bill = mahmud
        await bring((1_250_000, f"TRSF E-BANKING {SAID}"))

        (best, *_) = await suggested()

        assert best["customer"]["id"] == str(customer.aggregate_id)
        assert best["customer"]["marketing"]["name"] == WAWAN.name
        assert (best["strength"], best["leads"], best["credit_idr"]) == ("strong", True, 0)
        assert best["bills"] == [
            {
                "invoice_id": str(bill.aggregate_id),
                "number": bill.number,
                "due_on": bill.due_on.isoformat(),
                "outstanding_idr": 1_250_000,
                "amount_idr": 1_250_000,
            }
        ]
        assert "Nama sama: MAHMUD SULAIMAN" in best["supports"]
        assert f"Jumlah sama persis dengan {bill.number}" in best["supports"]

    async def test_looking_posts_nothing(
        self, mahmud: Any, bring: Any, suggested: Suggested, rows: Any, inbox: Any
    ) -> None:
        await bring((1_250_000, SAID))

        first, second = await suggested(), await suggested()

        assert first == second
        assert await rows(Allocation) == []
        assert (await inbox.one())["version"] == 1

    async def test_m6_what_is_suggested_can_be_posted_as_it_stands(
        self, mahmud: Any, bring: Any, suggested: Suggested, inbox: Any, differing: Any
    ) -> None:
        _, bill = mahmud
        await bring((1_250_000, SAID))
        (best, *_) = await suggested()

        answer = await inbox.resolve(
            "match",
            customer_id=best["customer"]["id"],
            invoices=[
                {name: each[name] for name in ("invoice_id", "amount_idr")}
                for each in best["bills"]
            ],
        )

        assert bill.number in answer.json()["outcome"]
        assert await suggested(state="closed") == []
        assert await differing() == []

    @pytest.mark.parametrize("said", ["PLG-000001", "HP 0856 1101 133", "VA {tail}", "{number}"])
    async def test_a_number_of_his_finds_him_without_his_name(
        self, mahmud: Any, bring: Any, suggested: Suggested, arrive: Any, story: Any, said: str
    ) -> None:
        customer, bill = mahmud
        account = story.account(customer.aggregate_id, bill)
        await arrive(account)

        await bring((77, said.format(tail=account.number[-8:], number=bill.number)))

        (best, *_) = await suggested()
        assert best["customer"]["id"] == str(customer.aggregate_id)

    async def test_a_new_name_finds_him_and_the_old_one_still_does(
        self, mahmud: Any, bring: Any, suggested: Suggested, arrive: Any, story: Any
    ) -> None:
        customer, _ = mahmud
        await arrive(story.next(customer, CustomerChanged, name="Bapak Yusuf Hidayat"))

        await bring((1_250_000, "JUSUF HIDAYAT"))

        assert (await suggested())[0]["customer"]["name"] == "Bapak Yusuf Hidayat"


class TestWithoutAName:
    async def test_a_rare_amount_finds_its_customer_and_a_common_one_nobody(
        self, mahmud: Any, bring: Any, suggested: Suggested, arrive: Any, story: Any
    ) -> None:
        await bring((1_250_000, "SETORAN TUNAI"))
        assert len(await suggested()) == 1

        for _ in range(20):
            other = story.customer(name="Dedi", number=f"PLG-{uuid4().int % 10**6}")
            await arrive(other, story.invoice(other.aggregate_id, 1_250_000))

        assert await suggested() == []

    async def test_nothing_alike_suggests_nobody(
        self, mahmud: Any, bring: Any, suggested: Suggested
    ) -> None:
        await bring((33, "DEDI KURNIAWAN"))

        assert await suggested() == []


class TestLearning:
    async def test_a_sender_whom_a_person_matched_is_suggested_next_time(
        self, mahmud: Any, bring: Any, suggested: Suggested, inbox: Any, clock: FrozenClock
    ) -> None:
        customer, _ = mahmud
        await bring((10, "NUR HASANAH BAYAR KAVLING NOV"))
        await inbox.resolve("credit", customer_id=str(customer.aggregate_id))

        clock.advance(timedelta(days=1))
        await bring((11, "TRF DARI HASANAH NUR DES"), reference="TRF2")

        (best, *_) = await suggested()
        assert best["customer"]["id"] == str(customer.aggregate_id)
        assert any("Pengirim yang sama dicocokkan" in words for words in best["supports"])

    async def test_a_match_that_was_undone_speaks_against_him(
        self, mahmud: Any, bring: Any, suggested: Suggested, inbox: Any
    ) -> None:
        customer, _ = mahmud
        await bring((1_250_000, SAID))
        done = await inbox.resolve("match", customer_id=str(customer.aggregate_id))
        await inbox.act(done.json(), "undo", {"reason": "Salah orang."})

        assert all(not each["leads"] for each in await suggested())


class TestWhoMaySee:
    async def test_a2_a_marketing_who_is_asked_is_suggested_his_own_customers_only(
        self, mahmud: Any, bring: Any, suggested: Suggested, inbox: Any
    ) -> None:
        await bring((1_250_000, SAID))
        before = await suggested(WAWAN)
        for asked in (SARI, WAWAN):
            question = {"to": "marketing", "marketing_id": str(asked.user_id), "note": "Siapa?"}
            await inbox.act(await inbox.one(), "assign", question)
            seen = {each["customer"]["marketing"]["name"] for each in await suggested(asked)}
            assert seen <= {asked.name}

        assert before == 404
        assert [each["customer"]["name"] for each in await suggested(WAWAN)] == [
            "Bapak Mahmud Sulaiman"
        ]
        assert await suggested(SARI) == 404

    async def test_a3_the_marks_of_others_are_out_of_reach(
        self, mahmud: Any, sessions: Sessions
    ) -> None:
        query = text("SELECT count(DISTINCT customer_id) FROM customer_marks")

        seen = []
        for who in (WAWAN, SARI, ADMIN):
            async with sessions.begin(who) as session:
                seen.append((await session.execute(query)).scalar_one())

        assert seen == [1, 1, 2]

    async def test_w1_nobody_signed_in_sees_none(self, call_as: Any) -> None:
        answer = await call_as(None).get(f"/api/v1/exceptions/{uuid4()}/suggestions")

        assert answer.status_code == 401


async def test_money_of_somebody_known_needs_no_suggestion(
    mahmud: Any, story: Any, arrive: Any, suggested: Suggested
) -> None:
    customer, _ = mahmud
    await arrive(story.payment(2_000_000, None, customer_id=customer.aggregate_id))

    assert await suggested(kind="overpaid") == []
