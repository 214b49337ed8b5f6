"""W1: how long a session still lives is told without prolonging it, and prolonged when asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from shared.clock import FrozenClock


async def left(door: Any, browser: dict[str, str]) -> Any:
    headers = browser | {"Accept": "application/json"}
    return await door.ask("GET", "/session/left", headers=headers)


async def keep(door: Any, browser: dict[str, str], csrf: str) -> Any:
    headers = browser | {"Accept": "application/json", "X-CSRF-Token": csrf}
    return await door.ask("POST", "/session/keep", headers=headers)


class TestTheEnd:
    async def test_looking_at_the_time_left_does_not_prolong_it(
        self, door: Any, clock: FrozenClock
    ) -> None:
        browser = await door.browser()
        seen = []
        for _ in range(2):
            clock.advance(timedelta(minutes=14))
            seen.append((await left(door, browser)).json())
        clock.advance(timedelta(minutes=2))

        assert seen == [{"seconds": 960, "final": False}, {"seconds": 120, "final": False}]
        assert (await left(door, browser)).status_code == 401

    async def test_staying_gives_half_an_hour_and_is_a_form_of_ours(
        self, door: Any, clock: FrozenClock
    ) -> None:
        browser = await door.browser()
        csrf = await door.csrf(browser)
        clock.advance(timedelta(minutes=29))

        forged = await keep(door, browser, "0" * 64)
        kept = await keep(door, browser, csrf)

        assert forged.status_code == 403
        assert kept.json() == {"seconds": 1800, "final": False}

    async def test_after_eight_hours_staying_does_not_help(
        self, door: Any, clock: FrozenClock
    ) -> None:
        browser = await door.browser()
        csrf = await door.csrf(browser)
        for _ in range(17):
            clock.advance(timedelta(minutes=28))
            await keep(door, browser, csrf)
        clock.advance(timedelta(minutes=3))

        assert (await keep(door, browser, csrf)).json() == {"seconds": 60, "final": True}

    async def test_a_page_is_told_how_long_it_has(self, door: Any) -> None:
        browser = await door.browser()

        echo = await door.ask("GET", "/", headers=browser)

        assert echo.json()["headers"]["x-lunas-session-seconds"] == "1800"
