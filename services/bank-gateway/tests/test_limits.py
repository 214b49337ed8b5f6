"""How much we ask of the bank: the breaker, the paces, the pauses (R1, R2)."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bank_gateway.domain.breaker import Breaker
from bank_gateway.domain.limits import Pace, questions_of_one
from bank_gateway.domain.schedule import next_day

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def failed(times: int) -> Breaker:
    breaker = Breaker()
    for _ in range(times):
        breaker = breaker.failed(NOW)
    return breaker


def turns(pace: Pace, asked_at: list[datetime]) -> list[datetime]:
    """Take a turn at each moment, and give when each of them is."""
    free_at, starts = asked_at[0], []
    for now in asked_at:
        start = pace.start(free_at, now)
        free_at = pace.after(start, free_at, now)
        starts.append(start)
    return starts


def granted(pace: Pace, asked_at: list[datetime]) -> list[datetime]:
    """Ask whether a call may leave at each moment, and give those that did."""
    free_at, left = asked_at[0], []
    for now in asked_at:
        if pace.start(free_at, now) == now:
            free_at = pace.after(now, free_at, now)
            left.append(now)
    return left


class TestTheBreaker:
    def test_r1_opens_after_ten_failures_in_a_row(self) -> None:
        assert failed(9).waits_until(NOW) is None
        assert failed(10).waits_until(NOW) == NOW + timedelta(seconds=30)

    def test_r1_lets_one_probe_through_each_thirty_seconds(self) -> None:
        later = NOW + timedelta(seconds=30)
        assert failed(10).waits_until(later) is None

        probing = failed(10).probing(later)

        assert probing.waits_until(later) == later + timedelta(seconds=30)

    def test_a_clock_that_was_set_back_stops_nobody(self) -> None:
        assert failed(10).waits_until(NOW - timedelta(days=180)) is None


class TestAPace:
    def test_hands_out_evenly_spaced_turns(self) -> None:
        starts = turns(Pace.per_second(4), [NOW] * 4)

        assert [(start - NOW).total_seconds() for start in starts] == [0, 0.25, 0.5, 0.75]

    def test_saves_up_nothing_beyond_what_may_come_at_once(self) -> None:
        later = NOW + timedelta(hours=1)

        starts = turns(Pace(MINUTE, at_once=2), [NOW, later, later, later])

        assert starts[1:] == [later, later, later + MINUTE]

    def test_a_clock_that_was_set_back_stops_nobody(self) -> None:
        pace, past = Pace.per_second(4), NOW - timedelta(days=180)

        assert pace.start(pace.after(NOW, NOW, NOW), past) == past

    def test_r2_asks_about_one_billing_at_0_1_5_15_and_60_minutes_and_no_more(self) -> None:
        pace = questions_of_one(timedelta(minutes=15))
        schedule = [NOW + MINUTE * at for at in (0, 1, 5, 15, 60)]

        assert granted(pace, schedule) == schedule
        assert turns(pace, [NOW] * 4)[3] == NOW + timedelta(minutes=15)

    @given(st.integers(1, 200), st.lists(st.integers(0, 5400), min_size=1, max_size=500))
    def test_r2_no_hour_has_more_than_its_number(self, number: int, seconds: list[int]) -> None:
        asked_at = [NOW + timedelta(seconds=second) for second in sorted(seconds)]

        left = granted(Pace.per_hour(number), asked_at)

        assert left[0] == asked_at[0]
        for first in left:
            in_an_hour = [at for at in left if first <= at < first + timedelta(hours=1)]
            assert len(in_an_hour) <= number


class TestALimitPerDay:
    def test_t1_is_over_at_the_next_midnight_in_jakarta(self) -> None:
        last_second = datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)

        assert next_day(last_second) == datetime(2026, 12, 31, 17, tzinfo=UTC)
        assert next_day(next_day(last_second)) == datetime(2027, 1, 1, 17, tzinfo=UTC)
