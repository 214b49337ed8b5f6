"""Lists that people keep as tabs, and what they opened last."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from sqlalchemy import text

from dashboard.models import Customer
from shared.database import Sessions
from shared.principal import Principal
from shared.testing import ADMIN, SARI, WAWAN
from shared.testing.databases import Database

MAHMUD = UUID(int=42)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def where_events_live(database: Database) -> str:
    return database.url


@pytest.fixture
def post(call_as: Any) -> Any:
    async def once(who: Principal, path: str, **fields: str) -> Any:
        body = urlencode(fields).encode()
        return await call_as(who).call("POST", path, content=body, headers=FORM)

    return once


async def tabs(call_as: Any, who: Principal, path: str) -> dict[str, str]:
    """Kept tabs above a list: name -> address of the tab's count."""
    html = (await call_as(who).get(path)).text
    pattern = (
        r'</svg>([^<]+)(?:<span class="sr-only">[^<]*</span>)?<span class="count" hx-get="([^"]+)"'
    )
    return dict(re.findall(pattern, html))


class TestSavedViews:
    async def test_a_list_is_kept_as_a_tab_with_its_count(
        self, call_as: Any, post: Any, company: Any
    ) -> None:
        address = "/customers?view=overdue&sort=-outstanding_idr&cursor=abc"
        kept = await post(WAWAN, "/views", list="customers", name="Paling telat", address=address)

        assert kept.status_code == 303
        here = "/customers?view=overdue&sort=-outstanding_idr"
        assert kept.headers["location"] == f"{here}&said=kept"
        [(name, count)] = (await tabs(call_as, WAWAN, "/customers")).items()
        assert name == "Paling telat"
        assert (await call_as(WAWAN).get(count)).text == "42"
        assert company.queries("GET /recaps/customers")[-1]["view"] == "overdue"
        assert await tabs(call_as, WAWAN, "/invoices") == {}

    async def test_a2_it_is_ones_own_until_an_admin_shares_one(
        self, call_as: Any, post: Any
    ) -> None:
        form = {"list": "invoices", "address": "/invoices?view=paid", "shared": "yes"}
        await post(WAWAN, "/views", name="Punya Wawan", **form)
        await post(ADMIN, "/views", name="Untuk semua", **form)

        seen = {who.name: await tabs(call_as, who, "/invoices") for who in (WAWAN, SARI, ADMIN)}

        assert list(seen[WAWAN.name]) == ["Untuk semua", "Punya Wawan"]
        assert list(seen[SARI.name]) == ["Untuk semua"]
        assert list(seen[ADMIN.name]) == ["Untuk semua"]

    async def test_a7_only_its_maker_renames_and_throws_it_away(
        self, call_as: Any, post: Any
    ) -> None:
        form = {"list": "invoices", "name": "Lunas", "address": "/invoices?view=paid"}
        await post(WAWAN, "/views", **form)
        path = (await tabs(call_as, WAWAN, "/invoices"))["Lunas"].removesuffix("/count")

        others = [
            (await post(SARI, path, name="x")).status_code,
            (await post(ADMIN, f"{path}/delete")).status_code,
            (await call_as(SARI).get(f"{path}/count")).status_code,
        ]
        renamed = await post(WAWAN, path, name="Sudah lunas")
        names = list(await tabs(call_as, WAWAN, "/invoices"))
        gone = await post(WAWAN, f"{path}/delete")

        assert others == [404, 404, 404]
        assert renamed.headers["location"] == "/invoices?view=paid&said=renamed"
        assert names == ["Sudah lunas"]
        assert gone.headers["location"] == "/invoices?said=forgotten"
        assert await tabs(call_as, WAWAN, "/invoices") == {}

    async def test_a7_what_an_admin_shared_is_thrown_away_by_any_other_but_not_renamed(
        self, call_as: Any, post: Any
    ) -> None:
        form = {"list": "invoices", "name": "Untuk semua", "address": "/invoices?view=paid"}
        await post(ADMIN, "/views", shared="yes", **form)
        other = replace(ADMIN, user_id=UUID(int=77), name="Bapak Hadi")
        path = (await tabs(call_as, other, "/invoices"))["Untuk semua"].removesuffix("/count")

        page = (await call_as(other).get("/invoices?view=paid")).text
        renamed = await post(other, path, name="x")
        by_marketing = await post(WAWAN, f"{path}/delete")
        gone = await post(other, f"{path}/delete")

        assert "Hapus tampilan bersama" in page
        assert "Ganti nama" not in page
        assert [r.status_code for r in (renamed, by_marketing, gone)] == [404, 404, 303]
        assert await tabs(call_as, ADMIN, "/invoices") == {}

    async def test_a6_who_may_share_no_more_changes_nothing_that_is_shared(
        self, call_as: Any, post: Any
    ) -> None:
        form = {"list": "invoices", "name": "Untuk semua", "address": "/invoices?view=paid"}
        await post(ADMIN, "/views", shared="yes", **form)
        demoted = replace(WAWAN, user_id=ADMIN.user_id, marketing_id=ADMIN.user_id)
        path = (await tabs(call_as, demoted, "/invoices"))["Untuk semua"].removesuffix("/count")

        page = (await call_as(demoted).get("/invoices?view=paid")).text
        answers = [
            await post(demoted, path, name="x"),
            await post(demoted, f"{path}/delete"),
            await post(demoted, "/views", **form),
        ]

        assert "Kelola tampilan" not in page
        assert [answer.status_code for answer in answers] == [404, 404, 422]
        assert list(await tabs(call_as, ADMIN, "/invoices")) == ["Untuk semua"]

    async def test_k1_two_first_saves_at_once_keep_one(self, call_as: Any, post: Any) -> None:
        form = {"list": "invoices", "name": "Satu", "address": "/invoices?view=paid"}

        saved = await asyncio.gather(*(post(WAWAN, "/views", **form) for _ in range(4)))

        assert [answer.status_code for answer in saved] == [303] * 4
        assert list(await tabs(call_as, WAWAN, "/invoices")) == ["Satu"]

    async def test_k1_a_name_that_another_of_his_has_is_refused(
        self, call_as: Any, post: Any
    ) -> None:
        for name in ("Satu", "Dua"):
            form = {"list": "invoices", "name": name, "address": "/invoices?view=paid"}
            await post(WAWAN, "/views", **form)
        path = (await tabs(call_as, WAWAN, "/invoices"))["Dua"].removesuffix("/count")

        refused = await post(WAWAN, path, name="Satu")

        assert refused.status_code == 422
        assert set(await tabs(call_as, WAWAN, "/invoices")) == {"Satu", "Dua"}

    async def test_a3_the_database_itself_shows_nobody_what_another_keeps(
        self, call_as: Any, post: Any, sessions: Sessions
    ) -> None:
        form = {"list": "invoices", "address": "/invoices?view=paid"}
        await post(WAWAN, "/views", name="Punya Wawan", **form)
        await post(ADMIN, "/views", name="Untuk semua", shared="yes", **form)
        await call_as(WAWAN).get(f"/customers/{MAHMUD}")

        seen = {}
        for who in (WAWAN, SARI):
            async with sessions.begin(who) as session:
                names = (await session.execute(text("SELECT name FROM saved_views"))).scalars()
                opened = (await session.execute(text("SELECT count(*) FROM recents"))).scalar_one()
                gone = await session.execute(text("DELETE FROM saved_views WHERE shared"))
                seen[who.name] = (sorted(names), opened, gone.rowcount)

        assert seen == {
            WAWAN.name: (["Punya Wawan", "Untuk semua"], 1, 0),
            SARI.name: (["Untuk semua"], 0, 0),
        }

    async def test_the_same_name_again_replaces_it(self, call_as: Any, post: Any) -> None:
        for view in ("paid", "overdue"):
            form = {"list": "invoices", "name": "Satu", "address": f"/invoices?view={view}"}
            await post(WAWAN, "/views", **form)

        html = (await call_as(WAWAN).get("/invoices")).text

        assert html.count('/count" hx-trigger="load"') == 1
        assert 'href="/invoices?view=overdue"' in html

    @pytest.mark.parametrize(
        ("fields", "status"),
        [
            ({"list": "invoices", "name": " "}, 422),
            ({"list": "invoices", "name": "x" * 41}, 422),
            ({"list": "users", "name": "x"}, 404),
        ],
    )
    async def test_b1_what_is_no_view_is_refused(
        self, post: Any, fields: dict[str, str], status: int
    ) -> None:
        answer = await post(WAWAN, "/views", address="//evil.example/x", **fields)

        assert answer.status_code == status

    async def test_an_address_of_elsewhere_leads_nowhere_else(self, post: Any) -> None:
        form = {"list": "invoices", "name": "x", "address": "https://evil.example/?view=paid"}

        kept = await post(WAWAN, "/views", **form)

        assert kept.headers["location"] == "/invoices?view=paid&said=kept"


class TestTheSearchBox:
    async def test_a6_what_was_opened_last_is_offered_while_it_is_his(
        self, call_as: Any, sessions: Sessions
    ) -> None:
        async with sessions.begin(Principal.system("dashboard")) as session:
            session.add(
                Customer(
                    id=MAHMUD,
                    name="Bapak Mahmud",
                    marketing_id=WAWAN.marketing_id,
                    marketing_name="Wawan",
                    version=1,
                )
            )
        for who in (WAWAN, SARI):
            await call_as(who).get(f"/customers/{MAHMUD}")

        seen = {who.name: (await call_as(who).get("/search")).text for who in (WAWAN, SARI)}

        assert "Terakhir dibuka" in seen[WAWAN.name]
        assert "Bapak Mahmud" in seen[WAWAN.name]
        assert "Terakhir dibuka" not in seen[SARI.name]

    async def test_the_palette_is_given_the_hits_alone_as_options(self, call_as: Any) -> None:
        headers = {"HX-Target": "palette-hits"}
        part = (await call_as(WAWAN).call("GET", "/search?q=mahmud", headers=headers)).text

        assert "<html" not in part
        assert 'data-q="mahmud"' in part
        assert part.index('id="hit-0" role="option"') < part.index('id="hit-1" role="option"')

    async def test_a7_every_kind_is_asked_whatever_is_found(
        self, call_as: Any, company: Any
    ) -> None:
        asked = []
        for words in ("mahmud", "tidak ada"):
            company.asked_with.clear()
            await call_as(WAWAN).get(f"/search?q={words}")
            asked.append(sorted(k for k, q in company.asked_with if q.get("search") == words))

        assert asked[0] == asked[1] == [
            "GET /bookings", "GET /customers", "GET /exceptions", "GET /invoices",
            "GET /payments", "GET /products",
        ]  # fmt: skip

    async def test_what_the_role_may_not_do_is_not_offered(self, call_as: Any) -> None:
        own = (await call_as(WAWAN).get("/search?q=impor")).text
        theirs = (await call_as(ADMIN).get("/search?q=impor")).text

        assert "Impor mutasi bank" in theirs
        assert "Impor mutasi bank" not in own.partition('id="found"')[2]
