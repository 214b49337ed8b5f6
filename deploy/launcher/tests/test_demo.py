"""The demo company is the same everywhere, and nobody in it is impossible."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from launcher.demo.company import CATALOGUE, STAFF
from launcher.demo.people import MAHMUD_NO, people
from launcher.demo.rest import Time
from launcher.demo.story import STORY_DAYS, Habit, purchases
from launcher.demo.waiting import WaitingRoom
from shared.clock import ShiftedClock
from shared.http import HttpClient
from shared.phones import is_indonesian_mobile, normalise

TODAY = date(2026, 11, 23)
COUNT = 44


class TestPeople:
    def test_they_are_the_same_each_time(self) -> None:
        assert people(COUNT) == people(COUNT)

    def test_all_have_a_mobile_number_of_their_own(self) -> None:
        phones = [normalise(person.phone) for person in people(2_000)]

        assert all(map(is_indonesian_mobile, phones))
        assert len(set(phones)) == 2_000

    def test_mahmud_sulaiman_is_customer_42_and_wawans(self) -> None:
        mahmud = people(COUNT)[MAHMUD_NO - 1]

        assert (mahmud.name, mahmud.marketing) == ("Bapak Mahmud Sulaiman", "wawan")
        assert normalise(mahmud.phone) == "+628561101133"


class TestStory:
    def test_it_covers_six_months_in_order(self) -> None:
        story = purchases(people(COUNT), TODAY)
        moments = [purchase.booked_at for purchase in story]
        days = [moment.date() for moment in moments]

        assert moments == sorted(moments)
        assert days[0] == TODAY - timedelta(days=STORY_DAYS)
        assert days[-1] < TODAY

    def test_every_habit_and_every_kind_of_plan_occurs(self) -> None:
        story = purchases(people(COUNT), TODAY)

        assert {purchase.habit for purchase in story} == set(Habit)
        kinds = Counter(purchase.plan["kind"] for purchase in story)
        assert set(kinds) == {"cash", "installment", "monthly"}

    @pytest.mark.parametrize("today", [TODAY, date(2028, 2, 29), date(2027, 1, 1)])
    def test_it_can_be_told_on_any_day(self, today: date) -> None:
        for purchase in purchases(people(COUNT), today):
            assert purchase.booked_at.date() <= today

    def test_a_payment_never_comes_before_its_bill(self) -> None:
        for purchase in purchases(people(COUNT), TODAY):
            for line_no in range(1, 8):
                due_on = purchase.booked_at.date() + timedelta(days=30 * line_no)
                issued_at = purchase.issue_at(due_on)
                paid_at = purchase.pays_at(line_no, due_on, issued_at)

                assert paid_at is None or paid_at > issued_at > purchase.booked_at


class TestCompany:
    def test_codes_are_unique(self) -> None:
        assert len({product.code for product in CATALOGUE}) == len(CATALOGUE)

    def test_the_sign_ins_are_those_of_the_brief(self) -> None:
        signed = [(person.username, person.role) for person in STAFF]

        assert signed == [("admin", "admin"), ("wawan", "marketing"), ("sari", "marketing")]


class TestWaitingRoom:
    async def test_who_comes_early_is_told_to_come_again(self) -> None:
        room = WaitingRoom()
        room.until = "24-07-2026"
        client = HttpClient.of_app(room)

        answer = await client.request("GET", "/customers")
        await client.close()

        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert "sampai 24-07-2026" in answer.text


class TestTime:
    def test_waiting_never_reaches_into_the_future(self) -> None:
        """A demo that ended later than now showed old answers of the bank above new ones."""
        begun = datetime.now(UTC)
        time = Time(ShiftedClock(begun - timedelta(seconds=15)), [])

        time.nudge()
        assert time.now() >= begun - timedelta(seconds=5)
        time.nudge()
        time.nudge()

        assert begun <= time.now() <= datetime.now(UTC)
