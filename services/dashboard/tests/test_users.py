"""P13: who may sign in, by page: invited, changed, shut out; and the table of rights."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest

from dashboard.domain import rights
from shared.operations import ROLES
from shared.testing import ADMIN, confirmed
from shared.testing import WAWAN as MARKETING

WAWAN, DONI = UUID(int=0xB), UUID(int=0xD)
RATNA = confirmed(ADMIN)
LINK = {
    "path": "/password/rahasia-sekali",
    "purpose": "invitation",
    "expires_at": "2026-12-12T06:00:00Z",
}


@pytest.fixture
def post(call_as: Any) -> Any:
    async def once(path: str, who: Any = RATNA, **fields: str) -> Any:
        return await call_as(who).call(
            "POST",
            path,
            content=urlencode({"idempotency_key": "kunci-halaman", **fields}).encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )

    return once


class TestInviting:
    async def test_a_new_user_gets_a_link_that_is_shown_once(self, post: Any, company: Any) -> None:
        doni = company.answers[f"GET /users/{DONI}"] | {"phone": "+628561101133"}
        company.answers |= {
            "POST /users": [201, doni],
            f"GET /users/{DONI}": doni,
            f"POST /users/{DONI}/password-link": [201, LINK],
        }

        page = await post("/users", name="Bapak Doni", username="doni", phone="", role="marketing")

        [(_, body)] = company.sent("POST /users")
        assert body == {
            "name": "Bapak Doni",
            "username": "doni",
            "phone": None,
            "role": "marketing",
        }
        assert page.status_code == 200
        assert "http://localhost:8000/password/rahasia-sekali" in page.text
        assert "https://wa.me/628561101133?text=Yth.%20Bapak%20Doni" in page.text
        assert "s.d. <time" in page.text

    async def test_a_taken_name_is_said_and_nothing_typed_is_lost(
        self, post: Any, company: Any
    ) -> None:
        errors = [{"field": "username", "message": "Nama pengguna sudah dipakai."}]
        company.answers["POST /users"] = [409, {"detail": "x", "errors": errors}]

        page = await post("/users", name="Doni", username="wawan", phone="0856", role="admin")

        assert page.status_code == 422
        assert "Nama pengguna sudah dipakai." in page.text
        assert all(f'value="{typed}"' in page.text for typed in ("Doni", "wawan", "0856"))
        assert '<option value="admin" selected>' in page.text

    @pytest.mark.parametrize("path", ["/users/new", f"/users/{WAWAN}"])
    async def test_a8_without_a_recent_password_only_that_is_asked_for(
        self, call_as: Any, path: str
    ) -> None:
        page = (await call_as(ADMIN).get(path)).text

        main = page[page.index("<main") : page.index("</main>")]
        assert re.findall(r'<form[^>]* action="([^"]*)"', main) == ["/confirm"]
        assert f'name="next" value="{path}"' in main

    async def test_a8_a_password_that_grew_old_meanwhile_leads_back_to_be_asked(
        self, post: Any, company: Any
    ) -> None:
        away = [403, {"type": "/problems/confirmation-needed", "detail": "x"}]
        company.answers[f"PATCH /users/{WAWAN}"] = away

        answer = await post(f"/users/{WAWAN}/disable", version="3")

        assert (answer.status_code, answer.headers["location"]) == (303, f"/users/{WAWAN}")


class TestChanging:
    async def test_it_is_saved_from_the_version_that_was_seen(
        self, post: Any, company: Any
    ) -> None:
        company.answers[f"PATCH /users/{WAWAN}"] = company.answers[f"GET /users/{WAWAN}"]

        answer = await post(f"/users/{WAWAN}", name="Wawan", phone="", role="admin", version="3")

        [(headers, body)] = company.sent(f"PATCH /users/{WAWAN}")
        assert (headers["if-match"], body["role"]) == ('"3"', "admin")
        assert answer.headers["location"] == f"/users/{WAWAN}?said=user"

    async def test_k4_who_was_second_keeps_what_he_typed(self, post: Any, company: Any) -> None:
        company.answers[f"PATCH /users/{WAWAN}"] = [412, {"version": 4}]

        page = await post(f"/users/{WAWAN}", name="Nama Baru", role="marketing", version="2")

        assert page.status_code == 412
        assert 'value="Nama Baru"' in page.text
        assert 'name="version" value="3"' in page.text

    async def test_the_last_admin_is_told_why_he_stays(self, post: Any, company: Any) -> None:
        detail = "Ini Admin terakhir yang aktif. Angkat Admin lain lebih dahulu."
        company.answers[f"PATCH /users/{WAWAN}"] = [409, {"detail": detail}]

        page = await post(f"/users/{WAWAN}/disable", version="3")

        assert detail in page.text

    async def test_a_disabled_marketing_asks_where_his_customers_go(
        self, call_as: Any, company: Any
    ) -> None:
        known = company.answers[f"GET /users/{WAWAN}"]
        company.answers[f"GET /users/{WAWAN}"] = known | {"disabled": True, "sessions": 0}

        page = (await call_as(RATNA).get(f"/users/{WAWAN}?said=user_disabled")).text

        total = company.answers["GET /recaps/customers"]["total"]
        assert f"{total} pelanggan masih pada Bapak Wawan" in page
        assert f'href="/customers?marketing_id={WAWAN}"' in page
        assert "Aktifkan lagi" in page

    async def test_nobody_shuts_himself_out_by_the_page(self, call_as: Any) -> None:
        page = (await call_as(RATNA).get(f"/users/{ADMIN.user_id}")).text

        assert "/disable" not in page


class TestLookingAsSomebody:
    async def test_every_page_says_so_and_offers_the_end(self, call_as: Any) -> None:
        looking = replace(MARKETING, viewing="Bapak Wawan")

        for path in ("/", "/customers", "/tidak-ada"):
            page = (await call_as(looking).get(path)).text
            assert "Anda melihat sebagai" in page
            assert 'action="/view/end" method="post"' in page

    async def test_it_is_offered_for_a_marketing_only(self, call_as: Any) -> None:
        offered = (await call_as(RATNA).get(f"/users/{WAWAN}")).text
        own = (await call_as(RATNA).get(f"/users/{ADMIN.user_id}")).text

        assert f'action="/users/{WAWAN}/view"' in offered
        assert f"/users/{ADMIN.user_id}/view" not in own


class TestTheLink:
    async def test_it_greets_its_owner_and_posts_to_the_gateway(
        self, call_as: Any, company: Any
    ) -> None:
        owner = {**LINK, "username": "doni", "name": "Bapak Doni"}
        company.answers["GET /password-links/rahasia"] = owner

        page = await call_as(None).get("/password/rahasia?rule=common")

        assert page.status_code == 200
        assert 'action="/password" method="post"' in page.text
        assert 'name="link" value="rahasia"' in page.text
        assert 'autocomplete="new-password"' in page.text
        assert "terlalu umum" in page.text

    async def test_one_that_is_over_says_what_to_do(self, call_as: Any) -> None:
        page = await call_as(None).get("/password/lama")

        assert page.status_code == 404
        assert "Mintalah tautan baru kepada Admin" in page.text
        assert "<form" not in page.text


class TestRights:
    def test_a1_every_permission_of_the_catalogue_has_a_sentence(self) -> None:
        """A new permission of ``shared.operations.roles`` is named in ``domain/rights.py``."""
        assert rights.unnamed() == set()

    def test_a1_the_table_is_the_catalogue(self) -> None:
        shown = {
            (name, permission)
            for group, titled in zip(rights.table(), rights.GROUPS.values(), strict=True)
            for right, permission in zip(group.rights, titled, strict=True)
            for name, holds in zip(ROLES, right.holders, strict=True)
            if holds
        }

        assert shown == {(r.name, p) for r in ROLES.values() for p in r.permissions}
