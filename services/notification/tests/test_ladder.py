"""When a bill is reminded of: pure rules, a still clock."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from notification.domain.delivery import TRANSITIONS, State, move
from notification.domain.ladder import (
    HolidaysTooMany,
    LadderWrong,
    Look,
    QuietHoursWrong,
    Rules,
    look,
    purpose_of,
)
from notification.domain.template import Purpose
from shared.clock import WIB
from shared.errors import InvalidTransition

DUE = date(2026, 12, 10)
SINCE = date(2026, 11, 23)
RULES = Rules()


def at(day: int, hour: int = 8, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=WIB)


class TestLooking:
    def test_b27_before_its_time_nothing_is_said(self) -> None:
        assert look(RULES, DUE, SINCE, (), at(7, 7, 59)) == Look(None, (), at(7))

    @pytest.mark.parametrize(
        ("now", "taken", "step", "next_at"),
        [
            (at(7), (), -3, at(10)),
            (at(10, 12), (-3,), 0, at(13)),
            (at(13), (-3, 0), 3, at(17)),
            (at(17), (-3, 0, 3), 7, None),
        ],
    )
    def test_b27_b28_each_step_has_its_day(
        self, now: datetime, taken: tuple[int, ...], step: int, next_at: datetime | None
    ) -> None:
        assert look(RULES, DUE, SINCE, taken, now) == Look(step, (), next_at)

    def test_a_step_is_taken_once(self) -> None:
        assert look(RULES, DUE, SINCE, (-3,), at(7, 9)).step is None

    def test_of_two_steps_that_are_late_only_the_last_is_taken(self) -> None:
        rules = Rules(ladder=(-1, 0))

        assert look(rules, DUE, SINCE, (), at(10, 9)) == Look(0, (-1,), None)

    def test_after_a_long_stop_old_steps_have_gone_by(self) -> None:
        assert look(RULES, DUE, SINCE, (), at(12, 9)) == Look(0, (-3,), at(13))
        assert look(RULES, DUE, SINCE, (), at(30)) == Look(None, (-3, 0, 3, 7), None)

    def test_a_bill_that_is_issued_late_is_not_reminded_of_the_same_day(self) -> None:
        found = look(RULES, DUE, date(2026, 12, 10), (), at(10, 9))

        assert found == Look(None, (-3, 0), at(13))

    def test_quiet_hours_put_a_late_step_off_to_the_morning(self) -> None:
        assert look(RULES, DUE, SINCE, (-3,), at(10, 21)) == Look(None, (), at(11))

    def test_a_holiday_moves_a_step_to_the_next_day(self) -> None:
        rules = Rules(holidays=frozenset({date(2026, 12, 10), date(2026, 12, 11)}))

        assert look(rules, DUE, SINCE, (-3,), at(10, 9)).next_at == at(12)
        assert look(rules, DUE, SINCE, (-3,), at(12)).step == 0

    @pytest.mark.parametrize(
        ("day", "purpose"),
        [
            (9, Purpose.REMINDER_BEFORE),
            (10, Purpose.REMINDER_DUE),
            (12, Purpose.REMINDER_AFTER),
        ],
    )
    def test_the_words_say_what_is_true_on_the_day(self, day: int, purpose: Purpose) -> None:
        assert purpose_of(DUE, date(2026, 12, day)) is purpose


class TestQuietHours:
    @pytest.mark.parametrize(
        ("hours", "asked", "allowed"),
        [
            ((20, 8), at(10, 19, 59), at(10, 19, 59)),
            ((20, 8), at(10, 20), at(11)),
            ((20, 8), at(10, 3), at(10)),
            ((12, 14), at(10, 13), at(10, 14)),
            ((0, 0), at(10, 3), at(10, 3)),
        ],
    )
    def test_nothing_leaves_in_them(
        self, hours: tuple[int, int], asked: datetime, allowed: datetime
    ) -> None:
        assert Rules(quiet_from=hours[0], quiet_until=hours[1]).allowed(asked) == allowed


class TestTheRules:
    @pytest.mark.parametrize("ladder", [(0, 0), (366,), (-366,), tuple(range(13))])
    def test_steps_that_are_no_ladder_are_refused(self, ladder: tuple[int, ...]) -> None:
        with pytest.raises(LadderWrong):
            Rules(ladder=ladder).check()

    @pytest.mark.parametrize("hours", [(24, 8), (20, -1)])
    def test_an_hour_is_one_of_the_clock(self, hours: tuple[int, int]) -> None:
        with pytest.raises(QuietHoursWrong):
            Rules(quiet_from=hours[0], quiet_until=hours[1]).check()

    def test_holidays_are_bounded(self) -> None:
        days = frozenset(date.fromordinal(740_000 + n) for n in range(401))
        with pytest.raises(HolidaysTooMany):
            Rules(holidays=days).check()

    def test_no_reminders_at_all_is_a_choice(self) -> None:
        rules = Rules(ladder=())
        rules.check()

        assert look(rules, DUE, SINCE, (), at(10)) == Look(None, (), None)


class TestTheLifeOfAMessage:
    @pytest.mark.parametrize("current", list(State))
    @pytest.mark.parametrize("target", list(State))
    def test_every_pair_is_allowed_or_raises(self, current: State, target: State) -> None:
        if target in TRANSITIONS[current]:
            assert move(current, target) is target
        else:
            with pytest.raises(InvalidTransition):
                move(current, target)
