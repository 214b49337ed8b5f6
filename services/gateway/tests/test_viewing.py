"""P13: Admin looks at the dashboard as a Marketing sees it, and can change nothing meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from shared.clock import FrozenClock
from shared.principal import Principal
from shared.service import Service


@pytest.fixture
async def wawan(make_user: Any) -> Any:
    return await make_user("wawan")


@pytest.fixture
def press(door: Any) -> Any:
    """``await press(browser, path)``: a button of ours; gives the answer and the browser after."""

    async def once(browser: dict[str, str], path: str, **fields: str) -> Any:
        csrf = await door.csrf(browser)
        answer = await door.post_form(path, browser, csrf_token=csrf, **fields)
        cookies = [c.partition(";")[0] for c in answer.headers.get_list("set-cookie")]
        return answer, browser | {"Cookie": cookies[0]} if cookies else browser

    return once


@pytest.fixture
async def looking(door: Any, press: Any, wawan: Any) -> Any:
    """A browser of Admin's that looks as Wawan."""
    _, browser = await press(await door.browser(), f"/users/{wawan['id']}/view")
    return browser


async def seen_by(door: Any, upstream: Any, browser: dict[str, str]) -> Principal:
    principal: Principal = upstream.principal(
        await door.ask("GET", "/", headers=browser), "dashboard"
    )
    return principal


class TestLooking:
    async def test_a2_he_sees_what_the_marketing_sees_and_may_only_read(
        self, door: Any, upstream: Any, wawan: Any, looking: Any, admin: dict[str, str]
    ) -> None:
        me = (await door.ask("GET", "/api/v1/me", headers=admin)).json()["id"]

        principal = await seen_by(door, upstream, looking)

        assert principal.marketing_id == UUID(wawan["id"])
        assert principal.user_id == UUID(me), "what is written down names who looked"
        assert principal.viewing == "Bapak wawan"
        assert all(each.endswith(".read") for each in principal.permissions)
        assert "users.read" not in principal.permissions

    @pytest.mark.parametrize(
        "path", ["/customers", "/exports", "/profile/password", "/confirm", "/notifications/read"]
    )
    async def test_every_write_is_refused_at_the_door(
        self, press: Any, looking: Any, upstream: Any, path: str
    ) -> None:
        answer, _ = await press(looking, path)

        assert answer.status_code == 403
        assert "hanya dapat membaca" in answer.text
        assert not [each for each in upstream.seen if each.method != "GET"]

    async def test_it_ends_by_the_button_and_where_it_began(
        self, door: Any, upstream: Any, press: Any, wawan: Any, looking: Any
    ) -> None:
        answer, browser = await press(looking, "/view/end")

        assert answer.headers["location"] == f"/users/{wawan['id']}"
        assert (await seen_by(door, upstream, browser)).role == "admin"

    async def test_it_ends_by_itself_after_fifteen_minutes(
        self, door: Any, upstream: Any, looking: Any, clock: FrozenClock
    ) -> None:
        clock.advance(timedelta(minutes=14))
        assert (await seen_by(door, upstream, looking)).viewing
        clock.advance(timedelta(minutes=1))

        assert (await seen_by(door, upstream, looking)).role == "admin"

    async def test_w1_each_way_the_session_has_a_new_id(
        self, door: Any, press: Any, wawan: Any
    ) -> None:
        before = await door.browser()
        _, looking = await press(before, f"/users/{wawan['id']}/view")
        _, after = await press(looking, "/view/end")

        ended = [await door.ask("GET", "/", headers=each) for each in (before, looking)]
        assert [answer.status_code for answer in ended] == [303, 303]
        assert (await door.ask("GET", "/", headers=after)).status_code == 200

    async def test_p1_both_ends_are_in_the_audit_log_of_the_one_looked_at(
        self, press: Any, wawan: Any, looking: Any, service: Service
    ) -> None:
        await press(looking, "/view/end")

        query = text(
            "SELECT action, actor_name, object_id FROM audit_log"
            " WHERE action LIKE 'view.%' ORDER BY at, id"
        )
        async with service.sessions.begin(Principal.system("gateway")) as session:
            rows = [tuple(row) for row in await session.execute(query)]
        target = UUID(wawan["id"])
        assert rows == [("view.started", "Admin", target), ("view.ended", "Admin", target)]


class TestWhoMayNot:
    async def test_nobody_looks_through_an_admin(
        self, door: Any, press: Any, make_user: Any
    ) -> None:
        ratna = await make_user("ratna", "admin")

        answer, _ = await press(await door.browser(), f"/users/{ratna['id']}/view")

        assert answer.status_code == 409

    async def test_a_marketing_looks_through_nobody(
        self, door: Any, press: Any, make_user: Any, wawan: Any
    ) -> None:
        await make_user("sari")

        answer, _ = await press(await door.browser("sari"), f"/users/{wawan['id']}/view")

        assert answer.status_code == 403

    async def test_a8_it_needs_a_recent_password(
        self, door: Any, press: Any, wawan: Any, clock: FrozenClock
    ) -> None:
        browser = await door.browser()
        clock.advance(timedelta(minutes=11))

        answer, _ = await press(browser, f"/users/{wawan['id']}/view")

        assert answer.status_code == 403
