"""P21, W1: one's own sessions and password."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from shared.principal import Principal
from shared.service import Service

CHOSEN = "sembilan-kuda-tidur"
CHROME = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/131.0 Safari/537.36"}


@pytest.fixture
def change(door: Any) -> Any:
    """``await change(browser, present, chosen)``: the form of the profile."""

    async def once(browser: dict[str, str], present: str, chosen: str = CHOSEN) -> Any:
        csrf = await door.csrf(browser)
        fields = {"present": present, "password": chosen, "csrf_token": csrf}
        return await door.post_form("/profile/password", browser, **fields)

    return once


class TestSessions:
    async def test_each_is_named_by_browser_address_and_time(
        self, door: Any, admin: dict[str, str]
    ) -> None:
        await door.post_form("/login", CHROME, username="admin", password="tujuh-gajah-menari")

        found = (await door.ask("GET", "/api/v1/me/sessions", headers=admin)).json()["items"]

        [browser] = [each for each in found if each["kind"] == "session"]
        [token] = [each for each in found if each["kind"] == "token"]
        assert (browser["agent"], browser["source"]) == (CHROME["User-Agent"], "127.0.0.1")
        assert (browser["present"], token["present"]) == (False, True)
        assert "secret_hash" not in token

    async def test_the_others_end_and_this_one_stays(
        self, door: Any, admin: dict[str, str], make_user: Any
    ) -> None:
        await make_user("sari")
        theirs, browser = await door.token("sari"), await door.browser()

        ended = await door.ask("DELETE", "/api/v1/me/sessions", headers=admin)

        assert ended.json() == {"ended": 1}
        assert (await door.ask("GET", "/", headers=browser)).status_code == 303
        for alive in (admin, theirs):
            assert (await door.ask("GET", "/api/v1/me", headers=alive)).status_code == 200

    async def test_a7_the_credential_of_somebody_else_chooses_nothing(
        self, door: Any, admin: dict[str, str], service: Service
    ) -> None:
        forged = {"X-Lunas-Credential": "00000000-0000-0000-0000-000000000001"}

        await door.ask("DELETE", "/api/v1/me/sessions", headers=admin | forged)

        assert (await door.ask("GET", "/api/v1/me", headers=admin)).status_code == 200


class TestTheOwnPassword:
    async def test_w1_everything_else_ends_and_here_a_new_session_begins(
        self, door: Any, admin: dict[str, str], change: Any
    ) -> None:
        browser = await door.browser()

        answer = await change(browser, "tujuh-gajah-menari")

        cookie = answer.headers.get_list("set-cookie")[0].partition(";")[0]
        fresh = browser | {"Cookie": cookie}
        assert answer.headers["location"] == "/profile?said=password"
        assert (await door.ask("GET", "/", headers=browser)).status_code == 303
        assert (await door.ask("GET", "/api/v1/me", headers=admin)).status_code == 401
        assert (await door.ask("GET", "/", headers=fresh)).status_code == 200
        assert await door.token("admin", CHOSEN)

    async def test_the_present_one_is_needed_and_guessing_it_ends_the_session(
        self, door: Any, change: Any
    ) -> None:
        browser = await door.browser()

        answers = [(await change(browser, "salah")).headers["location"] for _ in range(5)]

        assert answers == ["/profile?rule=present"] * 4 + ["/login?next=/profile"]

    async def test_w2_a_weak_one_changes_nothing(self, door: Any, change: Any) -> None:
        answer = await change(await door.browser(), "tujuh-gajah-menari", "pendek")

        assert answer.headers["location"] == "/profile?rule=length"
        assert await door.token()

    async def test_w4_another_site_cannot_change_it(self, door: Any) -> None:
        browser = await door.browser()
        fields = {"present": "tujuh-gajah-menari", "password": CHOSEN}

        assert (await door.post_form("/profile/password", browser, **fields)).status_code == 403

    async def test_p2_neither_password_is_written_to_the_audit_log(
        self, door: Any, change: Any, service: Service
    ) -> None:
        await change(await door.browser(), "tujuh-gajah-menari")

        async with service.sessions.begin(Principal.system("gateway")) as session:
            found = await session.execute(text("SELECT audit_log::text FROM audit_log"))
            rows = list(found.scalars())
        assert not [row for row in rows if CHOSEN in row or "gajah" in row]
