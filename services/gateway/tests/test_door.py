"""A1, A5, A6, B1, B2, B4, W4, W5: what passes the door, what does not, and how it says no."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from gateway.domain.routing import SERVICES
from gateway.settings import Settings
from shared.errors import Unauthenticated
from shared.operations import OPERATIONS, PUBLIC, ROLES, SIGNED_IN, Operation
from shared.principal import Principal
from shared.service import Service

HTML = {"Accept": "text/html"}
PROXIED = [o for o in OPERATIONS if o.service != "gateway" and not o.stream]


def filled(operation: Operation) -> str:
    return operation.path.replace("{path:path}", "a.css").replace("{", "0").replace("}", "0")


class TestPermissions:
    @pytest.mark.parametrize("role", sorted(ROLES))
    async def test_a1_every_role_and_operation(
        self, door: Any, make_user: Any, upstream: Any, role: str
    ) -> None:
        await make_user("somebody", role)
        token, browser = await door.token("somebody"), await door.browser("somebody")
        csrf = await door.csrf(browser)

        for operation in PROXIED:
            page = not operation.path.startswith("/api/")
            headers = browser | {"X-CSRF-Token": csrf} if page else token
            upstream.seen.clear()
            answer = await door.ask(operation.method, filled(operation), headers=headers)
            open_to_all = operation.permission in {PUBLIC, SIGNED_IN}
            allowed = open_to_all or operation.permission in ROLES[role].permissions
            asked = [(r.method, r.url.path) for r in upstream.seen]
            if allowed:
                assert asked == [(operation.method, filled(operation))], operation
            elif page and operation.method == "GET":
                assert (answer.status_code, asked) == (404, [("GET", "/404")]), operation
            else:
                assert (answer.status_code, asked) == (403, []), operation

    async def test_a1_nobody_gets_only_what_is_public(self, door: Any, upstream: Any) -> None:
        for operation in PROXIED:
            upstream.seen.clear()
            answer = await door.ask(operation.method, filled(operation))
            if operation.permission == PUBLIC:
                assert len(upstream.seen) == 1, operation
                assert "x-lunas-principal" not in upstream.seen[0].headers
            else:
                assert (answer.status_code, upstream.seen) == (401, []), operation

    async def test_p1_a_denial_is_written(
        self, door: Any, make_user: Any, service: Service
    ) -> None:
        await make_user("wawan")
        await door.ask("GET", "/api/v1/users", headers=await door.token("wawan"))

        async with service.sessions.begin(Principal.system("gateway")) as session:
            query = "SELECT actor_name, after FROM audit_log WHERE action = 'access.denied'"
            found = (await session.execute(text(query))).all()

        assert [(r.actor_name, r.after["operation"]) for r in found] == [
            ("Bapak wawan", "GET /api/v1/users")
        ]


class TestPassingOn:
    async def test_a5_a_service_learns_who_asks_from_a_signed_token_for_it_alone(
        self, door: Any, make_user: Any, upstream: Any
    ) -> None:
        user = await make_user("wawan")

        echo = await door.ask("GET", "/api/v1/customers", headers=await door.token("wawan"))

        principal = upstream.principal(echo, "customer")
        assert (str(principal.user_id), principal.role) == (user["id"], "marketing")
        assert principal.scope == f"marketing:{user['id']}"
        with pytest.raises(Unauthenticated):
            upstream.principal(echo, "invoicing")

    async def test_a5_the_dashboard_may_ask_every_service(self, door: Any, upstream: Any) -> None:
        echo = await door.ask("GET", "/customers", headers=await door.browser())

        assert {upstream.principal(echo, name).role for name in SERVICES} == {"admin"}

    async def test_a5_what_only_the_door_may_say_is_dropped(
        self, door: Any, admin: dict[str, str], upstream: Any
    ) -> None:
        smuggled = {
            "X-Lunas-Principal": "forged",
            "x_lunas_principal": "forged",
            "X-Lunas-CSRF": "forged",
            "Cookie": "a=b",
            "Connection": "X-Lunas-Principal",
            "X-Forwarded-For": "1.2.3.4",
        }

        echo = await door.ask("GET", "/api/v1/customers", headers=admin | smuggled)
        public = await door.ask("GET", "/d/abc", headers=smuggled | admin)

        assert upstream.principal(echo, "customer").role == "admin"
        for answer in (echo, public):
            inner = answer.json()["headers"]
            assert "forged" not in str(inner)
            assert not {"cookie", "authorization", "x-forwarded-for"} & set(inner)

    @pytest.mark.parametrize("path", ["/v/INV/2026/12/000001?k=x", "/api/v1/verifications?code=x"])
    async def test_codes_can_be_guessed_only_so_often_from_one_address(
        self, door: Any, clock: Any, path: str
    ) -> None:
        page = {"Accept": "text/html"}
        allowed = [(await door.ask("GET", path, headers=page)).status_code for _ in range(20)]

        refused = await door.ask("GET", path, headers=page)
        another_door = await door.ask("GET", "/d/abc")
        clock.advance(timedelta(seconds=6))
        later = await door.ask("GET", path, headers=page)

        assert allowed == [200] * 20
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
        assert "Terlalu banyak percobaan" in refused.text
        assert (another_door.status_code, later.status_code) == (200, 200)

    async def test_what_the_operation_needs_goes_along(
        self, door: Any, admin: dict[str, str]
    ) -> None:
        more = {
            "Idempotency-Key": "abcdefgh",
            "If-Match": '"3"',
            "Content-Type": "application/json",
            "X-Correlation-Id": "corr-12345678",
        }
        path = "/api/v1/bookings?a=1&b=%2F%20x"

        echo = await door.ask("POST", path, headers=admin | more, content=b'{"x": 1}')

        told = echo.json()
        assert (told["method"], told["body"], told["query"]) == (
            "POST",
            '{"x": 1}',
            "a=1&b=%2F%20x",
        )
        assert {told["headers"][n.lower()] for n in more} == set(more.values())
        assert echo.headers["x-correlation-id"] == "corr-12345678"
        assert echo.headers["etag"] == '"7"'

    async def test_cookies_and_names_of_services_never_pass(
        self, door: Any, admin: dict[str, str]
    ) -> None:
        answer = await door.ask("GET", "/api/v1/customers", headers=admin)

        assert not {"set-cookie", "server", "x-lunas-inner"} & set(answer.headers)

    async def test_head_is_get_without_a_body(self, door: Any, admin: dict[str, str]) -> None:
        answer = await door.ask("HEAD", "/api/v1/customers", headers=admin)

        assert (answer.status_code, answer.content) == (200, b"")


class TestRefusing:
    async def test_b1_unknown_paths_and_methods(self, door: Any, admin: dict[str, str]) -> None:
        nowhere = await door.ask("GET", "/api/v1/nothing", headers=admin)
        wrong = await door.ask("DELETE", "/api/v1/customers", headers=admin)

        assert (nowhere.status_code, wrong.status_code) == (404, 405)
        assert wrong.headers["allow"] == "GET, POST"
        assert nowhere.headers["content-type"] == "application/problem+json"
        assert set(wrong.json()) == {"type", "title", "status", "detail", "instance"}

    async def test_inner_paths_are_not_reached(self, door: Any, upstream: Any) -> None:
        browser = await door.browser()
        hidden = [
            "/internal/audit?object_id=1",
            "/metrics",
            "/readyz",
            "/openapi.json",
            "/static/../metrics",
            "/static/%2e%2e/metrics",
            "/static/..%2fmetrics",
            "/%2fmetrics",
        ]

        for path in hidden:
            assert (await door.ask("GET", path, headers=browser)).status_code == 404, path
        assert {r.url.path for r in upstream.seen} == {"/404"}

    async def test_b2_odd_bytes_and_endless_addresses_are_no_defects(
        self, door: Any, admin: dict[str, str]
    ) -> None:
        odd: dict[str, Any] = {"HX-Prompt": b"caf\xe9", "Host": "evil/api/v1/me?"}

        answer = await door.ask("GET", "/api/v1/customers?q=%00%ff%zz", headers=admin | odd)
        endless = await door.ask("GET", "/api/v1/customers?q=" + "a" * 9000, headers=admin)

        assert (answer.status_code, endless.status_code) == (200, 414)
        assert "hx-prompt" not in answer.json()["headers"]

    async def test_b4_a_body_above_one_mebibyte(
        self, door: Any, admin: dict[str, str], upstream: Any
    ) -> None:
        answer = await door.ask("POST", "/api/v1/bookings", headers=admin, content=b"x" * 1048577)

        assert (answer.status_code, upstream.seen) == (413, [])
        assert answer.headers["x-content-type-options"] == "nosniff"

    async def test_b4_a_person_whose_file_is_too_large_reads_a_page_that_leads_back(
        self, door: Any, upstream: Any
    ) -> None:
        browser = await door.browser()
        sent = browser | {"Referer": "http://lunas.test/bank/import"}

        answer = await door.ask("POST", "/bank/import", headers=sent, content=b"x" * 5_300_000)

        assert (answer.status_code, upstream.seen) == (413, [])
        assert answer.headers["content-type"].startswith("text/html")
        assert "Kiriman melebihi batas 5 MiB. Tidak ada yang tersimpan atau berubah." in answer.text
        assert '<a href="/bank/import">Kembali</a>' in answer.text

    async def test_w_a_refusal_leads_back_to_this_house_only(self, door: Any) -> None:
        browser = await door.browser()
        sent = browser | {"Referer": "http://lunas.test//elsewhere.example"}

        answer = await door.ask("POST", "/bank/import", headers=sent, content=b"x" * 5_300_000)

        assert "elsewhere" not in answer.text

    async def test_b2_a_service_that_does_not_answer(
        self, service: Service, door: Any, admin: dict[str, str], settings: Settings
    ) -> None:
        house = service.app.state.house
        bases = settings.services | {"customer": "unix:/nowhere.sock", "dashboard": "unix:/no.sock"}
        key = settings.principal_private_key.get_secret_value()
        broken = type(house.upstreams)(bases, key, service.app)
        house.upstreams._clients |= {n: broken.client(n) for n in ("customer", "dashboard")}

        program = await door.ask("GET", "/api/v1/customers", headers=admin)
        person = await door.ask("GET", "/customers", headers=await door.browser())

        assert (program.status_code, program.headers["retry-after"]) == (503, "2")
        assert program.headers["content-type"] == "application/problem+json"
        assert (person.status_code, person.headers["retry-after"]) == (503, "2")
        assert "text/html" in person.headers["content-type"]
        await broken.close()

    async def test_healthz_is_open(self, door: Any) -> None:
        assert (await door.ask("GET", "/healthz")).json() == {"status": "ok"}


class TestNotSignedIn:
    async def test_a_person_is_led_to_the_form_and_back(self, door: Any) -> None:
        answer = await door.ask("GET", "/customers?q=a%26b", headers=HTML)

        assert answer.status_code == 303
        assert answer.headers["location"] == "/login?next=/customers%3Fq%3Da%2526b"

    async def test_htmx_leads_the_whole_page(self, door: Any) -> None:
        htmx = {"HX-Request": "true", "HX-Current-URL": "http://lunas.test/invoices?p=2"}

        answer = await door.ask("GET", "/notifications/bell", headers=htmx)

        assert answer.status_code == 401
        assert answer.headers["hx-redirect"] == "/login?next=/invoices%3Fp%3D2"

    async def test_a_program_is_told(self, door: Any) -> None:
        answer = await door.ask("GET", "/api/v1/customers", headers=HTML)

        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")

    async def test_a_form_sent_too_late_leads_to_the_form_page_again(self, door: Any) -> None:
        late = HTML | {"Referer": "http://lunas.test/customers/new"}

        answer = await door.ask("POST", "/customers", headers=late)

        assert answer.headers["location"] == "/login?next=/customers/new"

    async def test_the_form_itself_is_open(self, door: Any) -> None:
        assert (await door.ask("GET", "/login", headers=HTML)).json()["path"] == "/login"


class TestHeaders:
    async def test_w5_every_answer_carries_them(self, door: Any, admin: dict[str, str]) -> None:
        answers = [
            await door.ask("GET", "/healthz"),
            await door.ask("GET", "/customers", headers=HTML),
            await door.ask("GET", "/api/v1/nothing"),
            await door.ask("GET", "/api/v1/me", headers=admin),
            await door.ask("GET", "/api/v1/docs"),
            await door.sign_in(),
        ]

        for answer in answers:
            policy = answer.headers["content-security-policy"]
            assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
            assert "unsafe" not in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "same-origin"
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["strict-transport-security"] == "max-age=31536000"
            assert answer.headers["cross-origin-opener-policy"] == "same-origin"

    async def test_static_files_leave_compressed_and_nothing_else_does(self, door: Any) -> None:
        wanted = {"Accept-Encoding": "gzip"}

        static = await door.ask("GET", "/static/app-1a2b3c.css", headers=wanted)
        page = await door.ask("GET", "/login?next=/" + "x" * 1500, headers=wanted)

        assert static.headers["content-encoding"] == "gzip"
        assert static.text == "body{}" * 500
        assert "content-encoding" not in page.headers

    async def test_w5_only_static_files_may_be_kept(self, door: Any) -> None:
        answer = await door.ask("GET", "/static/app-1a2b3c.css")

        assert "immutable" in answer.headers["cache-control"]


class TestAboutTheApi:
    async def test_the_description_is_merged_from_all_services(self, door: Any) -> None:
        document = (await door.ask("GET", "/api/v1/openapi.json")).json()

        customers = document["paths"]["/api/v1/customers"]["get"]
        schema = customers["responses"]["200"]["content"]["x"]["schema"]
        assert schema == {"$ref": "#/components/schemas/customer.View"}
        assert "application/problem+json" in customers["responses"]["422"]["content"]
        assert "gateway.UserView" in document["components"]["schemas"]
        assert "/internal/audit" not in document["paths"]

    async def test_the_page_lists_it_without_script(self, door: Any) -> None:
        page = await door.ask("GET", "/api/v1/docs")

        assert "/api/v1/customers" in page.text
        assert "<script" not in page.text

    async def test_p1_one_history_out_of_all_services(
        self, door: Any, make_user: Any, admin: dict[str, str]
    ) -> None:
        user = await make_user("wawan")

        answer = await door.ask("GET", f"/api/v1/audit?object_id={user['id']}", headers=admin)

        body = answer.json()
        services = [row["service"] for row in body["items"]]
        assert services == ["gateway", *["echo"] * (len(SERVICES) - 1)]
        assert body["unavailable"] == []
