"""W1, W2, A6: people choose their own passwords, by a link that is good once and not for long."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import text

from shared.clock import FrozenClock
from shared.principal import Principal
from shared.service import Service

PASSWORD, CHOSEN = "tujuh-gajah-menari", "sembilan-kuda-tidur"
ORIGIN = {"Host": "lunas.test", "Origin": "http://lunas.test"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def link_for(door: Any, admin: dict[str, str]) -> Any:
    """``await link_for(user)``: the secret of a new link."""

    async def make(user: dict[str, Any]) -> str:
        path = f"/api/v1/users/{user['id']}/password-link"
        answer = await door.ask("POST", path, headers=admin)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["path"]).removeprefix("/password/")

    return make


@pytest.fixture
def choose(door: Any) -> Any:
    """``await choose(secret)``: what the form of the link sends."""

    async def once(secret: str, password: str = CHOSEN, headers: Any = None) -> Any:
        form = urlencode({"link": secret, "password": password}).encode()
        return await door.ask("POST", "/password", headers=headers or ORIGIN | FORM, content=form)

    return once


@pytest.fixture
async def invited(make_user: Any) -> Any:
    return await make_user("wawan", password=None)


async def audits(service: Service) -> list[Any]:
    query = text("SELECT action, audit_log::text FROM audit_log ORDER BY at, id")
    async with service.sessions.begin(Principal.system("gateway")) as session:
        return list((await session.execute(query)).all())


class TestAnInvitation:
    async def test_nobody_signs_in_before_he_chose_a_password(
        self, door: Any, invited: Any
    ) -> None:
        answers = [await door.sign_in("wawan", each) for each in ("", PASSWORD, "None")]

        assert invited["has_password"] is False
        assert {a.headers["location"] for a in answers} == {"/login?error=1&next=/"}

    async def test_the_link_says_whose_it_is_and_sets_his_password_once(
        self, door: Any, invited: Any, link_for: Any, choose: Any
    ) -> None:
        secret = await link_for(invited)

        looked = await door.ask("GET", f"/api/v1/password-links/{secret}")
        first, second = await choose(secret), await choose(secret, "empat-belas-kambing")

        assert looked.json() == {
            "username": "wawan",
            "name": "Bapak wawan",
            "purpose": "invitation",
            "expires_at": "2026-11-26T02:00:00Z",
        }
        assert first.headers["location"] == "/login?said=password"
        assert second.headers["location"] == f"/password/{secret}"
        assert await door.token("wawan", CHOSEN)

    async def test_of_two_at_once_one_is_served(
        self, invited: Any, link_for: Any, choose: Any
    ) -> None:
        secret = await link_for(invited)

        answers = await asyncio.gather(*(choose(secret) for _ in range(4)))

        arrived = [a for a in answers if a.headers["location"] == "/login?said=password"]
        assert len(arrived) == 1

    async def test_it_ends_by_itself_and_by_the_next_one(
        self, door: Any, invited: Any, link_for: Any, choose: Any, clock: FrozenClock
    ) -> None:
        older = await link_for(invited)
        newer = await link_for(invited)
        replaced = await choose(older)
        clock.advance(timedelta(hours=72))

        over = await choose(newer)

        assert replaced.headers["location"] == f"/password/{older}"
        assert over.headers["location"] == f"/password/{newer}"
        looked = [
            await door.ask("GET", f"/api/v1/password-links/{each}") for each in (older, newer, "x")
        ]
        assert {a.status_code for a in looked} == {404}
        assert len({a.json()["detail"] for a in looked}) == 1

    async def test_a_weak_password_says_why_and_leaves_the_link_good(
        self, invited: Any, link_for: Any, choose: Any
    ) -> None:
        secret = await link_for(invited)

        rules = [(await choose(secret, p)).headers["location"] for p in ("x", "katasandi12345")]

        assert rules == [f"/password/{secret}?rule=length", f"/password/{secret}?rule=common"]
        assert (await choose(secret)).headers["location"] == "/login?said=password"


class TestAnotherPassword:
    async def test_w1_it_ends_every_session_and_token(
        self, door: Any, make_user: Any, link_for: Any, choose: Any
    ) -> None:
        user = await make_user("wawan")
        token, browser = await door.token("wawan"), await door.browser("wawan")
        secret = await link_for(user)
        assert (await door.ask("GET", "/api/v1/me", headers=token)).status_code == 200

        await choose(secret)

        assert (await door.ask("GET", "/api/v1/me", headers=token)).status_code == 401
        assert (await door.ask("GET", "/", headers=browser)).status_code == 303

    async def test_a6_a_disabled_user_keeps_no_link_and_gets_none(
        self, door: Any, make_user: Any, admin: dict[str, str], link_for: Any, choose: Any
    ) -> None:
        user = await make_user("wawan")
        secret = await link_for(user)
        path, seen = f"/api/v1/users/{user['id']}", {"If-Match": '"1"'}
        await door.ask("PATCH", path, headers=admin | seen, json={"disabled": True})

        refused = await door.ask("POST", f"{path}/password-link", headers=admin)

        assert refused.status_code == 409
        assert (await choose(secret)).headers["location"] == f"/password/{secret}"


class TestAnAttacker:
    async def test_w4_the_form_is_taken_from_our_own_pages_only(
        self, invited: Any, link_for: Any, choose: Any
    ) -> None:
        secret = await link_for(invited)
        foreign = FORM | {"Host": "lunas.test", "Origin": "http://evil.test"}

        assert (await choose(secret, headers=foreign)).status_code == 403

    async def test_a8_a_link_needs_admin_and_his_password_again(
        self, door: Any, invited: Any, make_user: Any, admin: dict[str, str], clock: FrozenClock
    ) -> None:
        path = f"/api/v1/users/{invited['id']}/password-link"
        await make_user("sari")
        sari = await door.token("sari")
        clock.advance(timedelta(minutes=11))

        late, nosy = [await door.ask("POST", path, headers=who) for who in (admin, sari)]

        assert (late.status_code, nosy.status_code) == (403, 403)
        assert late.json()["type"] == "/problems/confirmation-needed"

    async def test_a8_another_admin_is_made_with_a_recent_password_only(
        self, door: Any, admin: dict[str, str], clock: FrozenClock
    ) -> None:
        body = {"username": "budi", "name": "Budi", "role": "admin"}
        clock.advance(timedelta(minutes=11))

        answer = await door.ask("POST", "/api/v1/users", headers=admin, json=body)

        assert answer.json()["type"] == "/problems/confirmation-needed"

    async def test_p2_neither_secret_nor_password_is_written_anywhere(
        self, invited: Any, link_for: Any, choose: Any, service: Service
    ) -> None:
        secret = await link_for(invited)
        await choose(secret)

        rows = await audits(service)
        async with service.sessions.begin(Principal.system("gateway")) as session:
            for table in ("password_links", "outbox", "idempotency_keys"):
                found = await session.execute(text(f"SELECT t::text FROM {table} t"))
                rows += [("", each) for each in found.scalars()]
        assert {"password_link.made", "password_link.used"} <= {action for action, _ in rows}
        assert not [row for _, row in rows if secret in row or CHOSEN in row]
