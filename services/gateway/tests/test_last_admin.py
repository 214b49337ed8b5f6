"""A8: somebody who can sign in and administer is always left, whoever hurries."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from shared.service import Service


@pytest.fixture
def patch(door: Any) -> Any:
    async def change(headers: dict[str, str], user_id: str, **body: Any) -> Any:
        path = f"/api/v1/users/{user_id}"
        return await door.ask("PATCH", path, headers=headers | {"If-Match": '"1"'}, json=body)

    return change


class TestTheLastAdmin:
    @pytest.mark.parametrize("body", [{"disabled": True}, {"role": "marketing"}])
    async def test_two_who_throw_each_other_out_at_once_leave_one(
        self, door: Any, make_user: Any, admin: dict[str, str], patch: Any, body: dict[str, Any]
    ) -> None:
        ratna = await make_user("ratna", "admin")
        other = await door.token("ratna")
        me = (await door.ask("GET", "/api/v1/me", headers=admin)).json()["id"]

        answers = await asyncio.gather(patch(admin, ratna["id"], **body), patch(other, me, **body))

        statuses = sorted(answer.status_code for answer in answers)
        assert statuses[0] == 200
        assert statuses[1] in {401, 403, 409}, "refused, or out before he was asked"
        alive = [await door.ask("GET", "/api/v1/users", headers=who) for who in (admin, other)]
        assert sorted(a.status_code for a in alive)[0] == 200

    async def test_one_who_was_only_invited_does_not_count(
        self, door: Any, make_user: Any, admin: dict[str, str], patch: Any, service: Service
    ) -> None:
        await make_user("ratna", "admin", password=None)
        me = (await door.ask("GET", "/api/v1/me", headers=admin)).json()["id"]

        assert (await patch(admin, me, disabled=True)).status_code == 409


class TestWhatIsToldOfAUser:
    async def test_his_sessions_and_when_he_last_came_in(
        self, door: Any, make_user: Any, admin: dict[str, str]
    ) -> None:
        user = await make_user("wawan")
        await door.token("wawan")
        await door.browser("wawan")

        seen = (await door.ask("GET", f"/api/v1/users/{user['id']}", headers=admin)).json()

        assert (user["sessions"], user["signed_in_at"]) == (0, None)
        assert (seen["sessions"], seen["signed_in_at"]) == (2, "2026-11-23T02:00:00Z")
        assert "password_hash" not in seen
