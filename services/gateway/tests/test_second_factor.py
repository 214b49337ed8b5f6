"""W3, A8: a second factor: set up with a proof, asked at sign-in, each code good once."""

from __future__ import annotations

import asyncio
import base64
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from gateway.domain import second_factor as rules
from gateway.settings import Settings
from shared.clock import FrozenClock
from shared.principal import Principal
from shared.service import Service

PASSWORD = "tujuh-gajah-menari"
STEP = timedelta(seconds=30)


class TestCodes:
    @pytest.mark.parametrize(
        ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]
    )
    def test_they_are_those_of_rfc_6238(self, seconds: int, code: str) -> None:
        assert rules.code_at(b"12345678901234567890", seconds // 30) == code

    def test_a_step_around_counts_and_none_counts_twice(self, clock: FrozenClock) -> None:
        now, secret = clock.now(), b"12345678901234567890"
        present = rules.step_at(now)
        codes = {offset: rules.code_at(secret, present + offset) for offset in (-2, -1, 0, 1, 2)}

        found = {at: rules.matching_step(secret, code, now, 0) for at, code in codes.items()}

        assert found == {-2: None, -1: present - 1, 0: present, 1: present + 1, 2: None}
        assert rules.matching_step(secret, codes[0], now, present) is None

    def test_recovery_codes_are_read_however_they_are_typed(self) -> None:
        code = rules.new_recovery_codes()[0]

        assert rules.plain_code(f" {code.upper()} ") == rules.plain_code(code.replace("-", ""))


class App:
    """An authenticator on a phone."""

    def __init__(self, secret: str, clock: FrozenClock) -> None:
        self._secret = base64.b32decode(secret)
        self._clock = clock

    @property
    def code(self) -> str:
        return rules.code_at(self._secret, rules.step_at(self._clock.now()))


@pytest.fixture
def enrol(door: Any, clock: FrozenClock) -> Any:
    """``app, recovery = await enrol(headers)``"""

    async def once(headers: dict[str, str]) -> Any:
        setup = await door.ask("POST", "/api/v1/me/second-factor", headers=headers)
        app = App(setup.json()["secret"], clock)
        path = "/api/v1/me/second-factor/enable"
        done = await door.ask("POST", path, headers=headers, json={"code": app.code})
        assert done.status_code == 200, done.text
        clock.advance(STEP)
        return app, done.json()["recovery_codes"]

    return once


@pytest.fixture
def give(door: Any) -> Any:
    """``await give(code)``: sign in with the password, then send the code."""

    async def once(code: str, half: str = "") -> Any:
        if not half:
            half = half_of(await door.sign_in())
        return await door.post_form("/login/code", {"Cookie": half}, code=code, next="/users")

    return once


def half_of(answer: Any) -> str:
    cookies = answer.headers.get_list("set-cookie")
    assert answer.headers["location"].startswith("/login/code?next=")
    assert not any(each.startswith("__Host-lunas=") for each in cookies), "not signed in yet"
    return next(c.partition(";")[0] for c in cookies if c.startswith("__Host-lunas-half="))


class TestSettingItUp:
    async def test_it_counts_only_after_a_code_proved_it(
        self, door: Any, admin: dict[str, str]
    ) -> None:
        started = await door.ask("POST", "/api/v1/me/second-factor", headers=admin)
        again = await door.ask("POST", "/api/v1/me/second-factor", headers=admin)
        path = "/api/v1/me/second-factor/enable"
        wrong = await door.ask("POST", path, headers=admin, json={"code": "000000"})

        assert started.json() == again.json(), "the picture stays while he scans it"
        assert started.json()["address"].startswith("otpauth://totp/Lunas%3Aadmin?secret=")
        wide = await door.ask("POST", path, headers=admin, json={"code": "１２３４５６"})

        assert (wrong.status_code, wide.status_code) == (422, 422)
        assert (await door.sign_in()).headers["location"] == "/"

    async def test_an_enabled_one_is_not_replaced_by_who_finds_a_session(
        self, door: Any, admin: dict[str, str], enrol: Any
    ) -> None:
        await enrol(admin)

        answer = await door.ask("POST", "/api/v1/me/second-factor", headers=admin)

        assert answer.status_code == 409

    async def test_p2_the_database_holds_neither_the_secret_nor_a_code(
        self, door: Any, admin: dict[str, str], enrol: Any, service: Service
    ) -> None:
        key = {"Idempotency-Key": "kunci-yang-sama"}
        setup = await door.ask("POST", "/api/v1/me/second-factor", headers=admin | key)
        _, recovery = await enrol(admin)

        rows: list[str] = []
        async with service.sessions.begin(Principal.system("gateway")) as session:
            for table in ("second_factors", "recovery_codes", "audit_log", "idempotency_keys"):
                found = await session.execute(text(f"SELECT t::text FROM {table} t"))
                rows += found.scalars()
        raw = base64.b32decode(setup.json()["secret"]).hex()
        told = [setup.json()["secret"], raw, *recovery]
        assert not [row for row in rows if any(each in row for each in told)]


class TestSigningIn:
    async def test_the_password_alone_opens_nothing(
        self, door: Any, admin: dict[str, str], enrol: Any
    ) -> None:
        await enrol(admin)
        half = half_of(await door.sign_in())

        as_session = half.replace("__Host-lunas-half", "__Host-lunas")
        page = await door.ask("GET", "/", headers={"Cookie": as_session, "Accept": "text/html"})

        assert page.headers["location"] == "/login?next=/"

    async def test_the_code_opens_the_asked_page_and_makes_a_new_id(
        self, door: Any, admin: dict[str, str], enrol: Any, give: Any
    ) -> None:
        app, _ = await enrol(admin)

        answer = await give(app.code)

        cookies = answer.headers.get_list("set-cookie")
        assert answer.headers["location"] == "/users"
        assert any(each.startswith("__Host-lunas=") for each in cookies)

    async def test_a_code_is_good_once_also_for_two_at_once(
        self, door: Any, admin: dict[str, str], enrol: Any, give: Any
    ) -> None:
        app, _ = await enrol(admin)

        answers = await asyncio.gather(*(give(app.code) for _ in range(3)))

        arrived = [a for a in answers if a.headers["location"] == "/users"]
        assert len(arrived) == 1

    async def test_a_recovery_code_is_good_once(
        self, door: Any, admin: dict[str, str], enrol: Any, give: Any
    ) -> None:
        _, recovery = await enrol(admin)

        first, second = await give(recovery[0].upper()), await give(recovery[0])
        state = await door.ask("GET", "/api/v1/me/second-factor", headers=admin)

        assert first.headers["location"] == "/users"
        assert second.headers["location"] == "/login/code?error=1&next=/users"
        assert state.json() == {"enabled": True, "required": False, "recovery_codes": 9}

    async def test_w3_guessing_codes_waits_longer_each_time_whatever_the_session(
        self, door: Any, admin: dict[str, str], enrol: Any, give: Any
    ) -> None:
        app, _ = await enrol(admin)

        answers = [(await give("000000")).headers["location"] for _ in range(5)]
        early = await give(app.code)

        assert answers[3] == "/login/code?error=1&next=/users"
        assert answers[4] == "/login/code?error=1&wait=2&next=/users"
        assert early.headers["location"] == "/login/code?error=1&wait=2&next=/users"

    async def test_the_half_way_ends_after_ten_minutes(
        self, door: Any, admin: dict[str, str], enrol: Any, give: Any, clock: FrozenClock
    ) -> None:
        app, _ = await enrol(admin)
        half = half_of(await door.sign_in())
        clock.advance(timedelta(minutes=10))

        assert (await give(app.code, half)).headers["location"] == "/login?next=/users"

    async def test_a_program_sends_the_code_along(
        self, door: Any, admin: dict[str, str], enrol: Any
    ) -> None:
        app, _ = await enrol(admin)
        body = {"username": "admin", "password": PASSWORD}

        bare = await door.ask("POST", "/api/v1/tokens", json=body)
        wrong = await door.ask("POST", "/api/v1/tokens", json=body | {"code": "000000"})
        right = await door.ask("POST", "/api/v1/tokens", json=body | {"code": app.code})

        assert bare.json()["type"] == "/problems/second-factor-needed"
        assert (wrong.status_code, right.status_code) == (401, 201)


class TestLosingIt:
    async def test_admin_takes_it_from_somebody_who_lost_his_phone(
        self, door: Any, admin: dict[str, str], make_user: Any, enrol: Any
    ) -> None:
        user = await make_user("wawan")
        await enrol(await door.token("wawan"))
        path = f"/api/v1/users/{user['id']}"
        assert (await door.ask("GET", path, headers=admin)).json()["second_factor"] is True

        gone = await door.ask("DELETE", f"{path}/second-factor", headers=admin)

        assert gone.status_code == 204
        assert (await door.sign_in("wawan")).headers["location"] == "/"


class TestWhereItIsRequired:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"admin_second_factor": True})

    async def test_admin_sets_it_up_before_anything_else(
        self, door: Any, admin: dict[str, str], enrol: Any
    ) -> None:
        browser = await door.browser()

        page = await door.ask("GET", "/customers", headers=browser)
        setting_up = await door.ask("GET", "/profile/second-factor", headers=browser)
        listed = await door.ask("GET", "/api/v1/users", headers=admin)
        await enrol(admin)
        after = await door.ask("GET", "/api/v1/users", headers=admin)
        removed = await door.ask("DELETE", "/api/v1/me/second-factor", headers=admin)

        assert page.headers["location"] == "/profile/second-factor"
        assert setting_up.status_code == 200
        assert listed.json()["type"] == "/problems/second-factor-missing"
        assert (after.status_code, removed.status_code) == (200, 409)
