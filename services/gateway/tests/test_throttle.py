"""W3: guessing gets slower and slower, and nobody shuts the owner of an account out."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text

from gateway.domain.throttle import PACES, Subject, counted, wait_after
from shared.clock import FrozenClock
from shared.principal import Principal
from shared.service import Service

PASSWORD = "tujuh-gajah-menari"


def wait_of(answer: Any) -> int:
    """The countdown that the sign-in page is told; the form's answer leads there."""
    assert answer.status_code == 303
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert asked["error"] == ["1"]
    return int(asked.get("wait", ["0"])[0])


class TestTheWait:
    @pytest.mark.parametrize("subject", list(Subject))
    def test_it_doubles_and_has_an_end(self, subject: Subject) -> None:
        pace = PACES[subject]

        waits = [wait_after(subject, pace.free + n).total_seconds() for n in range(5)]

        assert waits == [0, 2, 4, 8, 16]
        assert wait_after(subject, 10_000) == pace.longest <= timedelta(minutes=15)

    def test_an_hour_without_a_try_forgets(self, clock: FrozenClock) -> None:
        now = clock.now()

        assert counted(50, now - timedelta(minutes=59), now) == 50
        assert counted(50, now - timedelta(minutes=60), now) == 0


class TestGuessing:
    async def test_after_four_failures_the_next_try_is_not_even_looked_at(
        self, door: Any, clock: FrozenClock
    ) -> None:
        first = [wait_of(await door.sign_in("admin", "salah")) for _ in range(5)]
        early = wait_of(await door.sign_in("admin", PASSWORD))
        clock.advance(timedelta(seconds=2))

        in_time = await door.sign_in("admin", PASSWORD)

        assert first == [0, 0, 0, 0, 2]
        assert early == 2
        assert in_time.headers["location"] == "/"

    async def test_w2_a_name_that_nobody_has_waits_just_as_long(self, door: Any) -> None:
        known = [(await door.sign_in("admin", "salah")).headers["location"] for _ in range(6)]
        nobody = [(await door.sign_in("tiada", "salah")).headers["location"] for _ in range(6)]

        assert known == nobody

    async def test_many_at_once_are_counted_one_by_one(self, door: Any) -> None:
        answers = await asyncio.gather(*(door.sign_in("admin", "salah") for _ in range(9)))

        assert sum(wait_of(answer) == 0 for answer in answers) <= 4

    async def test_one_source_that_tries_many_names_is_slowed_down(self, door: Any) -> None:
        waits = [wait_of(await door.sign_in(f"orang{n}", "Musim-Hujan-1")) for n in range(22)]

        assert waits[19:] == [0, 2, 2]

    async def test_a_program_is_told_when_to_come_back(self, door: Any) -> None:
        body = {"username": "admin", "password": "salah"}
        answers = [await door.ask("POST", "/api/v1/tokens", json=body) for _ in range(6)]

        assert [a.status_code for a in answers] == [401] * 5 + [429]
        assert [a.headers.get("retry-after") for a in answers[4:]] == ["2", "2"]
        assert len({a.text for a in answers[:5]}) == 1

    async def test_a_restart_forgets_nothing_and_names_are_kept_as_keyed_hashes(
        self, door: Any, service: Service
    ) -> None:
        await door.sign_in("rahasia-saya", "salah")

        async with service.sessions.begin(Principal.system("gateway")) as session:
            rows = (await session.execute(text("SELECT t::text FROM sign_in_tries t"))).scalars()
            kept = list(rows)
        assert len(kept) == 2
        assert not any("rahasia" in row for row in kept)


class TickingClock(FrozenClock):
    """A clock that moves on while it is read, as real ones do."""

    def now(self) -> datetime:
        self.advance(timedelta(microseconds=7))
        return super().now()


class TestWhileTimePasses:
    @pytest.fixture
    def clock(self, clock: FrozenClock) -> FrozenClock:
        return TickingClock(clock.now())

    async def test_the_very_first_try_of_an_account_waits_for_nothing(self, door: Any) -> None:
        assert wait_of(await door.sign_in("admin", "salah")) == 0
        assert (await door.sign_in()).headers["location"] == "/"


class TestTheOwner:
    async def test_his_own_browser_does_not_wait_for_what_strangers_did(self, door: Any) -> None:
        answer = await door.sign_in("admin", PASSWORD)
        cookies = answer.headers.get_list("set-cookie")
        known = next(each for each in cookies if each.startswith("__Host-lunas-known="))
        assert all(part in known for part in ("HttpOnly", "Secure", "Path=/", "SameSite=lax"))
        await self.forget_the_address(door)
        for _ in range(8):
            await door.sign_in("admin", "salah")

        stranger = await door.sign_in("admin", PASSWORD)
        owner = await door.sign_in("admin", PASSWORD, cookie=known.partition(";")[0])

        assert wait_of(stranger) > 0
        assert owner.headers["location"] == "/"

    async def test_a_made_up_mark_of_a_browser_is_worth_nothing(self, door: Any) -> None:
        for _ in range(5):
            await door.sign_in("admin", "salah")

        guessed = await door.sign_in("admin", PASSWORD, cookie="__Host-lunas-known=" + "A" * 43)

        assert wait_of(guessed) == 2

    async def test_admins_link_opens_the_door_at_once(
        self, door: Any, make_user: Any, admin: dict[str, str]
    ) -> None:
        user = await make_user("wawan")
        for _ in range(8):
            await door.sign_in("wawan", "salah")
        made = await door.ask("POST", f"/api/v1/users/{user['id']}/password-link", headers=admin)

        await door.post_form(
            "/password",
            link=made.json()["path"].removeprefix("/password/"),
            password="sembilan-kuda-tidur",
        )

        signed_in = await door.sign_in("wawan", "sembilan-kuda-tidur")
        assert signed_in.headers["location"] == "/"

    @staticmethod
    async def forget_the_address(door: Any) -> None:
        """Let later tries come from where nobody was before: only the browser is known."""
        async with door.service.sessions.begin(Principal.system("gateway")) as session:
            house = door.service.app.state.house
            address = house.keys.throttle._key("address", b"127.0.0.1")
            gone = text("DELETE FROM familiar_places WHERE mark = :mark RETURNING 1")
            assert (await session.execute(gone, {"mark": address})).first()
