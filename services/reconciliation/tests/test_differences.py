"""Callback against inquiry against statement: every difference is named, with evidence, and ends.

One is open per kind and matter, whatever the order; it closes by itself once the sources agree, and
what a person closed stays closed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tellings import NOON, Acts, House, Telling, every_order

from reconciliation.domain.continuity import covers
from reconciliation.handlers.exceptions import close
from reconciliation.models import MoneyException
from reconciliation.store import exceptions as store
from shared.clock import WIB
from shared.contracts.bank_gateway import VaClosed
from shared.database import Sessions
from shared.principal import Principal

SYSTEM = Principal.system("reconciliation")
OpenNow = Callable[[], Awaitable[dict[str, MoneyException]]]


@pytest.fixture
def open_now(rows: Any) -> OpenNow:
    """``await open_now()``: what is open, by kind."""

    async def one() -> dict[str, MoneyException]:
        return {each.kind: each for each in await rows(MoneyException) if each.closed_at is None}

    return one


class TestMissingAtTheBank:
    async def test_it_is_named_once_the_statement_holds_the_day_and_the_next(
        self, telling: Telling, open_now: OpenNow
    ) -> None:
        payment = telling.verified(telling.callback(1_000, "NTB777"))
        await telling.tell(payment)()

        await telling.statement(telling.stranger(5), days=1)()
        assert "missing_at_bank" not in await open_now()
        await telling.statement(telling.stranger(5), telling.stranger(6, after=1), days=2)()

        found = (await open_now())["missing_at_bank"]
        assert (found.amount_idr, found.payment_id) == (1_000, payment.aggregate_id)
        assert "NTB777" in found.evidence
        assert ["sudah diimpor lengkap" in said for said in found.supports] == [True]
        assert found.contradicts == ["Bank membenarkannya saat ditanya (inquiry)."]

    async def test_a_line_that_comes_late_ends_it(
        self, telling: Telling, open_now: OpenNow, rows: Any
    ) -> None:
        await telling.tell(telling.callback(1_000, "NTB777"))()
        await telling.statement(telling.stranger(5), days=2)()
        assert "missing_at_bank" in await open_now()

        await telling.statement(telling.row(1_000, "NTB777", after=2), days=1)()

        assert "missing_at_bank" not in await open_now()
        ended = [each for each in await rows(MoneyException) if each.kind == "missing_at_bank"]
        assert [each.outcome for each in ended] == ["Semua sumber kini cocok."]

    def test_days_are_covered_by_several_statements_together(self) -> None:
        day = [date(2026, 11, each) for each in range(1, 6)]

        assert covers([(day[2], day[3]), (day[0], day[1])], day[0], day[3])
        assert not covers([(day[0], day[1]), (day[3], day[4])], day[0], day[3])
        assert not covers([], day[0], day[0])


class TestMissingHere:
    async def test_r3_the_banks_total_shows_money_that_we_do_not_have(
        self, telling: Telling, open_now: OpenNow
    ) -> None:
        await telling.tell(telling.inquired(1_000, hours=2))()

        found = (await open_now())["missing_here"]
        assert (found.amount_idr, found.key) == (1_000, telling.account.number)
        await telling.tell(telling.callback(1_000, "NTB777"))()
        assert await open_now() == {}

    async def test_money_that_may_still_be_told_of_is_not_missing(
        self, telling: Telling, open_now: OpenNow
    ) -> None:
        await telling.tell(telling.inquired(1_000, hours=0))()

        assert await open_now() == {}


class TestAnotherAmount:
    async def test_it_is_named_with_both_amounts_and_ends_with_the_denial(
        self, telling: Telling, open_now: OpenNow
    ) -> None:
        payment = telling.callback(1_000, "NTB777")
        await telling.tell(payment)()
        await telling.statement(telling.row(1_001, "NTB777"))()

        found = (await open_now())["amount_differs"]
        assert (found.amount_idr, found.bank_line_id is not None) == (1, True)
        assert "Rp1.000" in found.evidence
        assert "Rp1.001" in found.evidence

        await telling.tell(telling.disputed(payment))()
        assert set(await open_now()) == {"disputed", "overpaid"}

    async def test_what_a_person_closed_stays_closed(
        self, telling: Telling, open_now: OpenNow, sessions: Sessions
    ) -> None:
        payment = telling.callback(1_000, "NTB777")
        await telling.tell(payment)()
        await telling.statement(telling.row(1_001, "NTB777"))()
        async with sessions.begin(SYSTEM) as session:
            found = (await open_now())["amount_differs"]
            locked = await store.lock_current(session, found.id, found.version)
            await close(session, locked, "Sudah jelas. Alasan: pembulatan bank")

        await telling.tell(telling.verified(payment))()

        assert await open_now() == {}


class TestADeniedPayment:
    """C11: a person is asked, unless the bank knows the money by another message."""

    async def test_a_damaged_message_is_explained_by_the_true_one_in_any_order(
        self, house: House, differing: Any
    ) -> None:
        def begin(telling: Telling) -> Acts:
            damaged, true = telling.callback(1_000, "p00012"), telling.callback(1_000, "000012")
            return {
                "damaged": telling.tell(damaged),
                "denial": telling.tell(telling.disputed(damaged)),
                "true": telling.tell(telling.verified(true)),
            }

        ends = await every_order(house, begin)

        asked = Counter({("disputed", 1_000): 1})
        assert ends[frozenset({"damaged", "denial"})].exceptions == asked
        whole = ends[frozenset({"damaged", "denial", "true"})]
        assert (whole.exceptions, whole.total_idr) == (Counter(), 1_000)
        assert await differing() == []

    async def test_money_that_an_inquiry_found_later_explains_it(
        self, telling: Telling, open_now: OpenNow
    ) -> None:
        damaged = telling.callback(500, "p00012")
        await telling.tell(damaged, telling.disputed(damaged))()
        assert "disputed" in await open_now()

        sum_ = telling.callback(
            700, "000013", source="inquiry", paid_at=damaged.paid_at + timedelta(hours=1)
        )
        await telling.tell(telling.verified(sum_))()

        assert "disputed" not in await open_now()

    @pytest.mark.parametrize(
        "other",
        [
            {"paid_at": timedelta(minutes=1)},
            {"paid_at": timedelta(minutes=-1), "source": "inquiry"},
            {"amount_idr": 499},
            {"trx_id": "ANOTHER"},
        ],
        ids=str,
    )
    async def test_money_of_another_moment_less_money_or_another_billing_does_not(
        self, telling: Telling, open_now: OpenNow, other: dict[str, Any]
    ) -> None:
        damaged = telling.callback(500, "p00012")
        facts = {"amount_idr": 500, "paid_at": timedelta(), "trx_id": damaged.trx_id} | other
        facts["paid_at"] += damaged.paid_at
        true = telling.callback(facts.pop("amount_idr"), "000012", **facts)

        await telling.tell(damaged, telling.disputed(damaged), telling.verified(true))()

        assert "disputed" in await open_now()

    async def test_money_that_the_bank_has_not_confirmed_yet_does_not(
        self, telling: Telling, open_now: OpenNow
    ) -> None:
        damaged, true = telling.callback(500, "p00012"), telling.callback(500, "000012")
        await telling.tell(damaged, telling.disputed(damaged), true)()
        assert "disputed" in await open_now()

        await telling.tell(telling.verified(true))()

        assert "disputed" not in await open_now()


class TestDuplicates:
    async def test_equal_payments_minutes_apart_are_asked_about(
        self, telling: Telling, open_now: OpenNow
    ) -> None:
        first = telling.callback(500, "NTB771")
        second = telling.callback(500, "NTB772", paid_at=first.paid_at + timedelta(minutes=3))
        await telling.tell(first, second)()

        found = (await open_now())["duplicate"]
        assert (found.amount_idr, found.payment_id) == (500, second.aggregate_id)
        assert found.contradicts == ["Referensi bank berbeda: NTB771, NTB772."]

        await telling.tell(telling.disputed(second))()
        assert "duplicate" not in await open_now()

    async def test_equal_payments_hours_apart_are_not(
        self, telling: Telling, open_now: OpenNow
    ) -> None:
        first = telling.callback(500, "NTB771")
        second = telling.callback(500, "NTB772", paid_at=first.paid_at + timedelta(hours=3))
        await telling.tell(first, second)()

        assert "duplicate" not in await open_now()

    async def test_m8_what_an_inquiry_found_below_a_payment_only_borrows_its_moment(
        self, telling: Telling, open_now: OpenNow
    ) -> None:
        """The callback before was lost: the bank tells that it came no later, and nothing else."""
        told = telling.callback(500, "NTB772")
        found = {"source": "inquiry", "verification": "verified"}
        await telling.tell(told, telling.callback(500, "TANPA NOMOR 500", **found))()
        assert "duplicate" not in await open_now()

        after = told.paid_at + timedelta(minutes=3)
        await telling.tell(telling.callback(500, "NTB773", paid_at=after, **found))()

        asked = (await open_now())["duplicate"]
        assert asked.contradicts == ["Referensi bank berbeda: NTB772, NTB773."]


class TestLateAndTooLittle:
    async def test_s_money_after_the_end_of_its_account_is_late(
        self, telling: Telling, open_now: OpenNow
    ) -> None:
        """The account is told to be over before or after the money: the same."""
        end = datetime.combine(telling.day, NOON, WIB) - timedelta(hours=1)
        over = telling.story.next(telling.account, VaClosed, status="expired", expires_at=end)
        await telling.tell(telling.callback(1_000, "NTB777"))()
        assert await open_now() == {}

        await telling.tell(over)()

        found = (await open_now())["late"]
        assert (found.amount_idr, "berakhir" in found.evidence) == (1_000, True)

    async def test_an_exact_account_that_got_too_little_until_the_bill_is_paid(
        self, telling: Telling, open_now: OpenNow
    ) -> None:
        await telling.statement(telling.row(900, "NTB777"))()

        found = (await open_now())["underpaid"]
        assert (found.amount_idr, found.key) == (100, str(telling.bill.aggregate_id))
        rest = telling.callback(
            100, "NTB778", trx_id="LNSOTHER", virtual_account="9880000011112222"
        )
        await telling.tell(rest)()
        assert "underpaid" not in await open_now()

    async def test_every_payment_of_the_bill_counts_for_what_it_lacks(
        self, house: House, differing: Any
    ) -> None:
        def begin(telling: Telling) -> Acts:
            return {
                "early": telling.statement(telling.row(300, "NTB777"), days=1),
                "late": telling.statement(telling.row(600, "NTB778", after=2), days=1),
            }

        ends = await every_order(house, begin)

        assert ends[frozenset({"early"})].exceptions == Counter({("underpaid", 700): 1})
        assert ends[frozenset({"late"})].exceptions == Counter({("underpaid", 400): 1})
        both = ends[frozenset({"early", "late"})]
        assert both.exceptions == Counter({("underpaid", 100): 1})
        assert await differing() == []

    @pytest.mark.parametrize("earlier", [True, False])
    async def test_money_that_came_another_way_counts_as_well(
        self, telling: Telling, open_now: OpenNow, *, earlier: bool
    ) -> None:
        other = telling.tell(
            telling.callback(40, "NTB778", trx_id="LNSOTHER", virtual_account="9880000011112222")
        )
        short = telling.statement(telling.row(900, "NTB777"))

        for act in (other, short) if earlier else (short, other):
            await act()

        found = (await open_now())["underpaid"]
        assert (found.amount_idr, "kurang Rp60 " in found.evidence) == (60, True)
