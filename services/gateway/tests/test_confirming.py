"""A8: a sensitive act needs a password that was given within the last minutes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import text

from shared.clock import FrozenClock
from shared.principal import Principal
from shared.service import Service

PASSWORD = "tujuh-gajah-menari"
LATER = timedelta(minutes=11)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
async def wawan(make_user: Any) -> Any:
    return await make_user("wawan")


@pytest.fixture
def rename(door: Any, wawan: Any) -> Any:
    """``await rename(headers)``: a sensitive act."""

    async def once(headers: dict[str, str], version: int = 1) -> Any:
        whole = headers | {"If-Match": f'"{version}"'}
        path = f"/api/v1/users/{wawan['id']}"
        return await door.ask("PATCH", path, headers=whole, json={"name": "Bapak Baru"})

    return once


@pytest.fixture
def confirm(door: Any) -> Any:
    async def once(headers: dict[str, str], password: str = PASSWORD) -> Any:
        body = {"password": password}
        return await door.ask("POST", "/api/v1/me/confirm", headers=headers, json=body)

    return once


async def actions(service: Service) -> list[str]:
    query = text("SELECT action FROM audit_log WHERE action LIKE 'confirmation.%' ORDER BY at, id")
    async with service.sessions.begin(Principal.system("gateway")) as session:
        return list((await session.execute(query)).scalars())


class TestASensitiveAct:
    async def test_a8_it_needs_the_password_again_after_ten_minutes(
        self, admin: dict[str, str], rename: Any, confirm: Any, clock: FrozenClock
    ) -> None:
        assert (await rename(admin)).status_code == 200
        clock.advance(LATER)

        refused = await rename(admin, 2)
        confirmed = await confirm(admin)
        done = await rename(admin, 2)

        assert (refused.status_code, refused.json()["type"]) == (
            403,
            "/problems/confirmation-needed",
        )
        assert "kata sandi" in refused.json()["detail"]
        assert confirmed.json() == {"confirmed_until": "2026-11-23T02:21:00Z"}
        assert done.status_code == 200

    async def test_a8_confirming_is_for_the_one_credential_only(
        self, door: Any, admin: dict[str, str], rename: Any, confirm: Any, clock: FrozenClock
    ) -> None:
        other = await door.token()
        clock.advance(LATER)

        await confirm(admin)

        assert (await rename(other)).status_code == 403
        assert (await rename(admin)).status_code == 200

    async def test_what_is_not_sensitive_needs_none(
        self, door: Any, admin: dict[str, str], clock: FrozenClock
    ) -> None:
        clock.advance(LATER)

        assert (await door.ask("GET", "/api/v1/users", headers=admin)).status_code == 200


class TestAWrongPassword:
    async def test_it_confirms_nothing_and_stays_in_the_audit_log(
        self,
        admin: dict[str, str],
        rename: Any,
        confirm: Any,
        clock: FrozenClock,
        service: Service,
    ) -> None:
        clock.advance(LATER)

        wrong = await confirm(admin, "salah")

        assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "password")
        assert (await rename(admin)).status_code == 403
        assert await actions(service) == ["confirmation.refused"]

    async def test_w3_the_fifth_in_a_row_ends_the_session(
        self, door: Any, admin: dict[str, str], confirm: Any, service: Service
    ) -> None:
        answers = [(await confirm(admin, "salah")).status_code for _ in range(5)]

        assert answers == [422, 422, 422, 422, 401]
        assert (await confirm(admin)).status_code == 401
        assert (await actions(service))[-1] == "confirmation.ended"
        assert await door.token(), "the account itself is not locked"

    async def test_w3_the_right_one_starts_the_count_again(
        self, admin: dict[str, str], confirm: Any
    ) -> None:
        for _ in range(2):
            for _ in range(4):
                assert (await confirm(admin, "salah")).status_code == 422
            assert (await confirm(admin)).status_code == 200

    async def test_p2_it_is_nowhere_in_the_audit_log(
        self, admin: dict[str, str], confirm: Any, service: Service
    ) -> None:
        await confirm(admin, "kata-sandi-lain")

        async with service.sessions.begin(Principal.system("gateway")) as session:
            rows = (await session.execute(text("SELECT audit_log::text FROM audit_log"))).scalars()
        assert not any("kata-sandi-lain" in row for row in rows)


class TestInABrowser:
    @pytest.fixture
    def send(self, door: Any) -> Any:
        async def once(browser: dict[str, str], password: str, wanted: str) -> Any:
            csrf = await door.csrf(browser)
            form = urlencode({"password": password, "next": wanted, "csrf_token": csrf})
            headers = browser | FORM
            return await door.ask("POST", "/confirm", headers=headers, content=form.encode())

        return once

    async def test_the_form_leads_back_to_the_page_that_asked(
        self, door: Any, send: Any, clock: FrozenClock, upstream: Any
    ) -> None:
        browser = await door.browser()
        clock.advance(LATER)
        before = await door.ask("GET", "/", headers=browser)

        answer = await send(browser, PASSWORD, "/exceptions/1?act=return")

        after = await door.ask("GET", "/", headers=browser)
        assert (answer.status_code, answer.headers["location"]) == (303, "/exceptions/1?act=return")
        assert not upstream.principal(before, "dashboard").confirmed
        assert upstream.principal(after, "dashboard").confirmed

    async def test_a_wrong_password_is_told_to_the_page(self, door: Any, send: Any) -> None:
        browser = await door.browser()

        answers = [await send(browser, "salah", page) for page in ("/exceptions/1?a=b", "/profile")]

        assert [answer.headers["location"] for answer in answers] == [
            "/exceptions/1?a=b&password=refused",
            "/profile?password=refused",
        ]

    async def test_w4_it_leads_to_no_other_site_and_needs_the_token(
        self, door: Any, send: Any
    ) -> None:
        browser = await door.browser()
        bare = urlencode({"password": PASSWORD}).encode()

        away = await send(browser, PASSWORD, "//evil.test/")
        forged = await door.ask("POST", "/confirm", headers=browser | FORM, content=bare)

        assert away.headers["location"] == "/"
        assert forged.status_code == 403
