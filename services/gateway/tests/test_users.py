"""A1, A6, A7: users, their roles, and how soon a change is felt."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from shared.operations import ROLES
from shared.paging import encode
from shared.principal import Principal
from shared.service import Service

SYSTEM = Principal.system("gateway")


async def rows(service: Service, query: str) -> list[Any]:
    async with service.sessions.begin(SYSTEM) as session:
        return list((await session.execute(text(query))).all())


@pytest.fixture
def patch(door: Any, admin: dict[str, str]) -> Any:
    async def change(user: dict[str, Any], version: int | None = None, **body: Any) -> Any:
        seen = {"If-Match": f'"{version or user["version"]}"'}
        path = f"/api/v1/users/{user['id']}"
        return await door.ask("PATCH", path, headers=admin | seen, json=body)

    return change


class TestCreating:
    async def test_admin_lets_somebody_in(self, door: Any, make_user: Any) -> None:
        user = await make_user("Wawan", phone="0856 1101 133")

        me = await door.ask("GET", "/api/v1/me", headers=await door.token("wawan"))

        assert (user["username"], user["phone"], user["version"]) == ("wawan", "+628561101133", 1)
        assert me.json() == {
            "id": user["id"],
            "name": "Bapak Wawan",
            "role": "marketing",
            "permissions": sorted(ROLES["marketing"].permissions),
        }

    async def test_the_event_and_the_audit_row_come_with_it(
        self, make_user: Any, service: Service
    ) -> None:
        await make_user("wawan")

        events = await rows(service, "SELECT routing_key, body FROM outbox ORDER BY position")
        audits = await rows(service, "SELECT actor_name, action, after::text FROM audit_log")
        assert [key for key, _ in events] == ["user.changed.v1"] * 2
        assert '"username":"wawan"' in events[1].body
        assert ("Admin", "user.created") in [(a.actor_name, a.action) for a in audits]
        assert not any("argon2" in str(row) or "gajah" in str(row) for row in events + audits)

    async def test_a_taken_name_is_refused(
        self, door: Any, make_user: Any, admin: dict[str, str]
    ) -> None:
        await make_user("wawan")
        body = {"username": "WAWAN", "name": "x", "role": "admin", "password": "tujuh-gajah-menari"}

        answer = await door.ask("POST", "/api/v1/users", headers=admin, json=body)

        assert answer.status_code == 409

    async def test_b3_what_does_not_fit_is_refused(self, door: Any, admin: dict[str, str]) -> None:
        body = {"username": "x1", "name": "x", "role": "admin", "password": "tujuh-gajah-menari"}
        wrong: list[dict[str, Any]] = [
            {"role": "owner"},
            {"username": "a b"},
            {"name": " "},
            {"password": "kurang"},
            {"phone": "123"},
            {"disabled": True},
            {"id": str(uuid4())},
        ]

        for each in wrong:
            answer = await door.ask("POST", "/api/v1/users", headers=admin, json=body | each)
            assert (answer.status_code, bool(answer.json()["errors"])) == (422, True), each
            assert "kurang" not in answer.text

    async def test_the_demo_password_is_accepted_only_because_settings_name_it(
        self, door: Any, make_user: Any
    ) -> None:
        await make_user("sari", password="lunas-demo")

        assert await door.token("sari", "lunas-demo")

    async def test_a_list_is_paged_searched_and_filtered(
        self, door: Any, make_user: Any, admin: dict[str, str]
    ) -> None:
        for name in ("wawan", "sari", "dewi_1"):
            await make_user(name)

        first = (await door.ask("GET", "/api/v1/users?limit=3", headers=admin)).json()
        rest = f"/api/v1/users?limit=3&cursor={first['next_cursor']}"
        second = (await door.ask("GET", rest, headers=admin)).json()
        found = (await door.ask("GET", "/api/v1/users?search=_", headers=admin)).json()

        assert [u["username"] for u in first["items"]] == ["admin", "dewi_1", "sari"]
        assert [u["username"] for u in second["items"]] == ["wawan"]
        assert (first["total"], second["next_cursor"]) == (4, None)
        assert [u["username"] for u in found["items"]] == ["dewi_1"]


class TestChanging:
    async def test_a6_a_disabled_user_is_out_on_the_next_request(
        self, door: Any, make_user: Any, patch: Any
    ) -> None:
        user = await make_user("wawan")
        token, browser = await door.token("wawan"), await door.browser("wawan")

        assert (await patch(user, disabled=True)).json()["disabled"] is True

        assert (await door.ask("GET", "/api/v1/me", headers=token)).status_code == 401
        assert (await door.ask("GET", "/", headers=browser)).status_code == 303

    async def test_w1_enabling_again_does_not_bring_old_sessions_back(
        self, door: Any, make_user: Any, patch: Any
    ) -> None:
        user = await make_user("wawan")
        token = await door.token("wawan")
        await patch(user, disabled=True)

        await patch(user, 2, disabled=False)

        assert (await door.ask("GET", "/api/v1/me", headers=token)).status_code == 401

    async def test_a6_a_new_role_acts_on_the_next_request(
        self, door: Any, make_user: Any, patch: Any
    ) -> None:
        user = await make_user("wawan")
        token, browser = await door.token("wawan"), await door.browser("wawan")
        assert (await door.ask("GET", "/api/v1/users", headers=token)).status_code == 403

        await patch(user, role="admin")

        assert (await door.ask("GET", "/api/v1/users", headers=token)).status_code == 200
        assert (await door.ask("GET", "/", headers=browser)).status_code == 303  # W1: a new id

    async def test_w1_a_new_password_ends_everything_and_is_not_told(
        self, door: Any, make_user: Any, patch: Any, service: Service
    ) -> None:
        user = await make_user("wawan")
        token = await door.token("wawan")

        await patch(user, password="sembilan-kuda-tidur")

        assert (await door.ask("GET", "/api/v1/me", headers=token)).status_code == 401
        assert await door.token("wawan", "sembilan-kuda-tidur")
        audits = await rows(service, "SELECT after::text FROM audit_log")
        assert not any("sembilan" in str(row) for row in audits)

    async def test_k4_a_stale_version_is_refused(self, make_user: Any, patch: Any) -> None:
        user = await make_user("wawan")
        await patch(user, name="Wawan Baru")

        stale = await patch(user, name="Wawan Lama")

        assert (stale.status_code, stale.json()["version"]) == (412, 2)

    async def test_k4_no_version_is_no_edit(
        self, door: Any, make_user: Any, admin: dict[str, str]
    ) -> None:
        user = await make_user("wawan")

        answer = await door.ask(
            "PATCH", f"/api/v1/users/{user['id']}", headers=admin, json={"name": "x"}
        )

        assert answer.status_code == 428

    @pytest.mark.parametrize("body", [{"role": "marketing"}, {"disabled": True}])
    async def test_the_last_admin_stays(
        self, door: Any, admin: dict[str, str], patch: Any, body: dict[str, Any]
    ) -> None:
        me = (await door.ask("GET", "/api/v1/users", headers=admin)).json()["items"][0]

        answer = await patch(me, **body)

        assert answer.status_code == 409
        assert (await door.ask("GET", "/api/v1/me", headers=admin)).json()["role"] == "admin"

    async def test_the_last_admin_stays_even_without_the_code(self, service: Service) -> None:
        with pytest.raises(IntegrityError, match="last admin"):
            await rows(service, "UPDATE users SET disabled = true RETURNING id")

    async def test_one_of_two_admins_may_go(self, make_user: Any, patch: Any) -> None:
        other = await make_user("ratna", "admin")

        assert (await patch(other, role="marketing")).status_code == 200

    async def test_a7_a_missing_user_is_not_found(self, patch: Any) -> None:
        assert (await patch({"id": uuid4(), "version": 1}, name="x")).status_code == 404


class TestRoles:
    async def test_a1_the_tables_hold_exactly_what_is_shipped(self, service: Service) -> None:
        await rows(service, "INSERT INTO role_permissions VALUES ('marketing', 'old') RETURNING 1")
        for prepare in service.starters:
            await prepare()

        stored = await rows(service, "SELECT role, permission FROM role_permissions")

        shipped = {(r.name, p) for r in ROLES.values() for p in r.permissions}
        assert {(role, permission) for role, permission in stored} == shipped

    async def test_the_first_admin_is_made_once(self, door: Any, service: Service) -> None:
        for prepare in service.starters:
            await prepare()

        assert await rows(service, "SELECT username FROM users") == [("admin",)]


class TestTheList:
    @pytest.mark.parametrize("query", ["search=%00", "cursor=" + encode(["\x00"])])
    async def test_b5_nul_in_its_address_is_refused(
        self, door: Any, admin: dict[str, str], query: str
    ) -> None:
        answer = await door.ask("GET", f"/api/v1/users?{query}", headers=admin)

        assert answer.status_code == 422
