"""W1, W2: who gets in, with what, and for how long."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from gateway.handlers.passwords import Passwords
from shared.clock import FrozenClock
from shared.principal import Principal
from shared.service import Service

SYSTEM = Principal.system("gateway")


async def rows(service: Service, query: str) -> list[Any]:
    async with service.sessions.begin(SYSTEM) as session:
        return list((await session.execute(text(query))).all())


class TestTokens:
    async def test_the_right_password_gives_a_token_for_eight_hours(self, door: Any) -> None:
        body = {"username": "Admin", "password": "tujuh-gajah-menari"}

        answer = await door.ask("POST", "/api/v1/tokens", json=body)

        assert answer.status_code == 201
        assert answer.json()["expires_at"] == "2026-11-23T10:00:00Z"
        assert answer.json()["user"]["role"] == "admin"
        assert answer.headers["cache-control"] == "no-store"

    async def test_w1_only_a_hash_of_the_secret_is_stored(
        self, door: Any, service: Service
    ) -> None:
        headers = await door.token()

        stored = await rows(service, "SELECT secret_hash FROM credentials")

        assert len(stored[0][0]) == 32
        assert headers["Authorization"].encode() not in stored[0][0]

    async def test_w2_unknown_wrong_and_disabled_get_one_answer(
        self, door: Any, make_user: Any, admin: dict[str, str]
    ) -> None:
        user = await make_user("sari")
        headers = admin | {"If-Match": '"1"'}
        await door.ask(
            "PATCH", f"/api/v1/users/{user['id']}", headers=headers, json={"disabled": True}
        )
        tries = [("nobody", "x"), ("admin", "x"), ("sari", "tujuh-gajah-menari"), ("a\0b", "x")]

        answers = [
            await door.ask("POST", "/api/v1/tokens", json={"username": u, "password": p})
            for u, p in tries
        ]

        assert {a.status_code for a in answers} == {401}
        assert len({a.text for a in answers}) == 1

    async def test_w2_an_unknown_user_costs_a_whole_hash(
        self, door: Any, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        passwords: Passwords = service.app.state.house.passwords
        checked: list[str] = []
        verify = passwords._hashes.verify
        monkeypatch.setattr(
            passwords._hashes, "verify", lambda p, h: checked.append(h) or verify(p, h)
        )

        await door.ask("POST", "/api/v1/tokens", json={"username": "nobody", "password": "x"})

        assert [h.split("$")[3] for h in checked] == ["m=19456,t=2,p=1"]

    async def test_a_token_ends_itself_and_only_itself(self, door: Any) -> None:
        first, second = await door.token(), await door.token()

        ended = await door.ask("DELETE", "/api/v1/tokens/current", headers=first)

        assert ended.status_code == 204
        assert (await door.ask("GET", "/api/v1/me", headers=first)).status_code == 401
        assert (await door.ask("GET", "/api/v1/me", headers=second)).status_code == 200

    async def test_a_browser_has_no_token_to_end(self, door: Any) -> None:
        browser = await door.browser()
        headers = browser | {"X-CSRF-Token": await door.csrf(browser)}

        answer = await door.ask("DELETE", "/api/v1/tokens/current", headers=headers)

        assert answer.status_code == 404

    async def test_a_token_ends_after_eight_hours_of_use(
        self, door: Any, clock: FrozenClock
    ) -> None:
        headers = await door.token()
        clock.advance(timedelta(hours=7, minutes=59))
        assert (await door.ask("GET", "/api/v1/me", headers=headers)).status_code == 200

        clock.advance(timedelta(minutes=1))

        assert (await door.ask("GET", "/api/v1/me", headers=headers)).status_code == 401


class TestSessions:
    async def test_w1_the_cookie_is_bound_to_this_host(self, door: Any) -> None:
        answer = await door.sign_in()

        cookie = answer.headers.get_list("set-cookie")[0]
        assert re.fullmatch(
            r"__Host-lunas=[\w-]{43}; HttpOnly; Path=/; SameSite=lax; Secure", cookie
        )
        assert (answer.status_code, answer.headers["location"]) == (303, "/")

    async def test_w1_idle_for_thirty_minutes_ends_it(self, door: Any, clock: FrozenClock) -> None:
        browser = await door.browser()
        for _ in range(3):
            clock.advance(timedelta(minutes=29))
            assert (await door.ask("GET", "/", headers=browser)).status_code == 200

        clock.advance(timedelta(minutes=30))

        assert (await door.ask("GET", "/", headers=browser)).status_code == 303

    async def test_w1_eight_hours_end_it_however_busy(self, door: Any, clock: FrozenClock) -> None:
        browser = await door.browser()
        for _ in range(19):
            clock.advance(timedelta(minutes=25))
            assert (await door.ask("GET", "/", headers=browser)).status_code == 200

        clock.advance(timedelta(minutes=5))

        assert (await door.ask("GET", "/", headers=browser)).status_code == 303

    async def test_w1_a_planted_id_is_never_taken_over(self, door: Any) -> None:
        planted = {"Cookie": "__Host-lunas=planted-by-somebody-else"}

        answer = await door.sign_in()
        before = await door.ask("GET", "/", headers=planted | {"Accept": "text/html"})

        assert "planted" not in answer.headers["set-cookie"]
        assert before.status_code == 303

    async def test_w1_signing_in_again_ends_the_session_the_browser_had(self, door: Any) -> None:
        old = await door.browser()
        form = b"username=admin&password=tujuh-gajah-menari"
        kind = {"Content-Type": "application/x-www-form-urlencoded"}

        new = await door.ask("POST", "/login", headers=old | kind, content=form)

        assert new.headers["set-cookie"].partition(";")[0] != old["Cookie"]
        assert (await door.ask("GET", "/", headers=old)).status_code == 303

    async def test_w1_signing_out_ends_every_session_of_the_user(self, door: Any) -> None:
        here, there = await door.browser(), await door.browser()
        csrf = await door.csrf(here)

        answer = await door.ask("POST", "/logout", headers=here | {"X-CSRF-Token": csrf})

        assert (answer.status_code, answer.headers["location"]) == (303, "/login")
        assert 'lunas=""' in answer.headers["set-cookie"]
        for browser in (here, there):
            assert (await door.ask("GET", "/", headers=browser)).status_code == 303

    async def test_a_session_is_no_token_and_a_token_no_session(self, door: Any) -> None:
        browser, token = await door.browser(), await door.token()
        secret = browser["Cookie"].partition("=")[2]
        as_cookie = {"Cookie": "__Host-lunas=" + token["Authorization"].split()[1]}

        answers = [
            await door.ask("GET", "/api/v1/me", headers={"Authorization": f"Bearer {secret}"}),
            await door.ask("GET", "/api/v1/me", headers=as_cookie),
            await door.ask("GET", "/customers", headers=token),
        ]

        assert [a.status_code for a in answers] == [401, 401, 401]

    async def test_a_wrong_token_is_not_saved_by_a_right_cookie(self, door: Any) -> None:
        browser = await door.browser()

        answer = await door.ask(
            "GET", "/api/v1/me", headers=browser | {"Authorization": "Bearer no"}
        )

        assert answer.status_code == 401


class TestWhereToLand:
    async def test_w4_a_page_of_ours_and_never_somewhere_else(self, door: Any) -> None:
        ours = await door.sign_in(next="/customers?q=a%20b")
        evil = await door.sign_in(next="//evil.test/")
        split = await door.sign_in(next="/x\r\nSet-Cookie: a=b")

        landed = [answer.headers["location"] for answer in (ours, evil, split)]
        assert landed == ["/customers?q=a%20b", "/", "/"]

    async def test_a_failure_leads_back_to_the_form(self, door: Any) -> None:
        answer = await door.sign_in(password="wrong", next="/customers?q=1")

        assert answer.status_code == 303
        assert answer.headers["location"] == "/login?error=1&next=/customers%3Fq%3D1"
        assert "set-cookie" not in answer.headers


class TestWhatIsWritten:
    async def test_p1_success_and_refusal_leave_audit_rows_without_what_was_typed(
        self, door: Any, service: Service
    ) -> None:
        await door.token()
        await door.sign_in("my-secret-typed-as-name", "x")
        await door.sign_in("admin", "wrong-secret")

        found = await rows(service, "SELECT action, after::text FROM audit_log ORDER BY at, id")

        actions = [action for action, _ in found]
        assert actions == ["user.created", "sign_in.done", "sign_in.refused", "sign_in.refused"]
        assert not any("secret" in after for _, after in found)
