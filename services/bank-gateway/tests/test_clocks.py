"""T3: how far the bank's clock is from ours, and when that is too much."""

from datetime import UTC, datetime, timedelta

import pytest

from bank_gateway.domain.clocks import Clocks

NOW = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


@pytest.mark.parametrize(("told", "took", "measured"), [
    (0, 0, 0),
    (90, 0, 90),
    (-90, 0, -90),
    (5, 10, 0),  # written while we waited
    (10, 10, 0),
    (12, 10, 2),  # ahead even of when it arrived
    (-3, 10, -3),  # before we asked
    (86_400 // 2, 86_400, 0),  # a clock that was moved meanwhile proves nothing
])  # fmt: skip
def test_t3_only_what_the_waiting_cannot_explain_is_a_difference(
    told: float, took: float, measured: float
) -> None:
    clocks = Clocks()

    clocks.learn(NOW + seconds(told), NOW, NOW + seconds(took))

    assert clocks.seconds == measured


@pytest.mark.parametrize(("difference", "bearable"), [
    (0, True), (240, True), (-240, True), (241, False), (-241, False), (90_000, False),
])  # fmt: skip
def test_t3_more_than_240_seconds_are_too_much(difference: float, bearable: bool) -> None:
    clocks = Clocks()

    clocks.learn(NOW + seconds(difference), NOW, NOW)

    assert clocks.bearable(NOW) is bearable


def test_t3_nothing_is_held_against_a_bank_that_said_nothing_or_long_ago() -> None:
    clocks = Clocks()
    unmeasured = clocks.bearable(NOW)
    clocks.learn(NOW + seconds(500), NOW, NOW)

    assert unmeasured
    assert not clocks.bearable(NOW + timedelta(minutes=15))
    assert clocks.bearable(NOW + timedelta(minutes=15, seconds=1))
