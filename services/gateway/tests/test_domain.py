"""Rules of the door that need no database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from gateway.domain.browser import csrf_token, is_same_origin, is_same_token
from gateway.domain.description import merge
from gateway.domain.guesses import AT_ONCE, SOURCES_MAX, Guesses, network_of
from gateway.domain.passwords import PasswordNotAccepted, check_new
from gateway.domain.paths import encoded, encoded_query, is_plain, local_next
from gateway.domain.routing import SERVICES, Routes, audience
from gateway.settings import Settings
from shared.operations import API, OPERATIONS, PAGES


class TestNewPasswords:
    @pytest.mark.parametrize(
        "password",
        ["tujuh gajah menari", "ö" * 4 + "abcdäfgh", "correct-horse-battery", "x9!" * 12 + "Qw"],
    )
    def test_w2_long_ones_with_any_characters_are_fine(self, password: str) -> None:
        check_new(password, "wawan")

    @pytest.mark.parametrize(
        "password",
        [
            "lunas-demo",
            "short-of-12",
            "x" * 129,
            "aaaaaaaaaaaa",
            "abababababab",
            "123456789012",
            "qwertyuiop12345",
            "Password1234!",
            "P@ssw0rd2026",
            "indonesia2026",
            "rahasia-rahasia-1",
            "wawan-1234567",
            "abcdefghijklmno",
            "2026-11-23-2026",
        ],
    )
    def test_w2_short_common_or_personal_ones_are_refused(self, password: str) -> None:
        with pytest.raises(PasswordNotAccepted):
            check_new(password, "wawan")


class TestGuesses:
    NOW = datetime(2026, 11, 23, tzinfo=UTC)

    def test_an_address_has_so_many_tries_and_gets_one_back_every_six_seconds(self) -> None:
        guesses = Guesses()

        at_once = [guesses.take("10.0.0.1", self.NOW) for _ in range(AT_ONCE + 1)]
        later = [guesses.take("10.0.0.1", self.NOW + timedelta(seconds=6)) for _ in range(2)]

        assert at_once == [True] * AT_ONCE + [False]
        assert later == [True, False]
        assert guesses.take("10.0.0.2", self.NOW)

    def test_one_subscriber_is_one_address(self) -> None:
        assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2::") == "2001:db8:1:2::"
        assert network_of("?") == "?"

    def test_it_remembers_a_bounded_number_of_addresses(self) -> None:
        guesses = Guesses()
        for number in range(SOURCES_MAX + 5):
            guesses.take(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", self.NOW)

        assert len(guesses._buckets) == SOURCES_MAX


class TestPaths:
    @pytest.mark.parametrize("path", ["/", "/customers/7", "/d/a-b_c", "/static/x/y.css", "/a..b"])
    def test_plain_paths(self, path: str) -> None:
        assert is_plain(path)

    @pytest.mark.parametrize(
        "path", ["", "a", "//a", "/a//b", "/a/../b", "/a/..", "/./a", "/a\\b", "/a\0", "/a\r\nb"]
    )
    def test_paths_that_could_mean_something_else(self, path: str) -> None:
        assert not is_plain(path)

    def test_what_was_matched_is_what_is_asked_for(self) -> None:
        assert encoded("/customers/a?b#c%2f é") == "/customers/a%3Fb%23c%252f%20%C3%A9"


class TestWhereToLand:
    @pytest.mark.parametrize("wanted", ["/", "/customers?q=a%20b", "/invoices/7#top"])
    def test_w4_a_page_of_ours(self, wanted: str) -> None:
        assert local_next(wanted) == wanted

    @pytest.mark.parametrize(
        "wanted",
        [
            None,
            "https://evil.test/",
            "//evil.test/",
            "///evil.test",
            "/\\evil.test",
            "/%5cevil.test",
            "/%2fevil.test",
            "/a/../..//evil.test",
            "javascript:alert(1)",
            "/x\r\nSet-Cookie: a=b",
            "/\tevil.test",
            "http://[",
            "evil",
            "/logout",
            "/api/v1/me",
            "/" + "a" * 1000,
        ],
    )
    def test_w4_never_somewhere_else(self, wanted: str | None) -> None:
        assert local_next(wanted) == "/"

    def test_a_query_keeps_its_meaning_on_the_wire(self) -> None:
        assert encoded_query(b"a=1&b=%2F+x\x7f\xff") == "a=1&b=%2F+x%7F%FF"


class TestSameOrigin:
    """W4: a browser must say that the page is ours, and must not contradict itself."""

    @pytest.mark.parametrize(
        ("origin", "site"),
        [
            ("http://lunas.test:8000", None),
            (None, "same-origin"),
            ("https://LUNAS.test:8000", "same-origin"),
        ],
    )
    def test_w4_ours(self, origin: str | None, site: str | None) -> None:
        assert is_same_origin("lunas.test:8000", origin, site)

    @pytest.mark.parametrize(
        ("origin", "site"),
        [
            (None, None),
            ("null", None),
            ("http://evil.test", None),
            ("http://lunas.test", None),
            ("http://lunas.test:8000.evil.test", None),
            ("http://evil@lunas.test:8000", None),
            ("ftp://lunas.test:8000", None),
            ("http://lunas.test:8000", "cross-site"),
            ("http://lunas.test:8000", "same-site"),
            (None, "none"),
            ("http://[", "same-origin"),
        ],
    )
    def test_w4_not_ours(self, origin: str | None, site: str | None) -> None:
        assert not is_same_origin("lunas.test:8000", origin, site)

    def test_w4_the_token_belongs_to_one_session(self) -> None:
        mine, other = csrf_token("s" * 32, b"1" * 32), csrf_token("s" * 32, b"2" * 32)

        assert is_same_token(mine, mine)
        assert not is_same_token(mine, other)
        assert not is_same_token(mine, None)
        assert not is_same_token(mine, "é")


class TestRouting:
    def test_every_operation_is_found_by_its_own_path(self) -> None:
        routes = Routes()

        for operation in OPERATIONS:
            path = operation.path.replace("{path:path}", "a/b.css")
            filled = path.replace("{", "0").replace("}", "0")
            assert routes.find(operation.method, filled) == operation

    def test_an_exact_path_wins_over_a_template(self) -> None:
        found = Routes().find("GET", "/customers/new")

        assert found is not None
        assert found.path == "/customers/new"

    def test_a_parameter_is_one_segment(self) -> None:
        assert Routes().find("GET", "/api/v1/customers/1/2") is None

    def test_a5_only_the_dashboard_may_ask_on(self) -> None:
        for operation in OPERATIONS:
            wide = operation.service == "dashboard"
            assert audience(operation) == (sorted(SERVICES) if wide else [operation.service])


class TestDescription:
    def test_it_holds_exactly_the_catalogue(self) -> None:
        paths = merge({})["paths"]

        described = {(m.upper(), path) for path, ms in paths.items() for m in ms}
        assert described == {(o.method, o.path) for o in API}
        assert not {o.path for o in PAGES} & set(paths) - {o.path for o in API}

    def test_it_tells_keys_versions_rights_and_refusals(self) -> None:
        paths = merge({})["paths"]

        booking, user = paths["/api/v1/bookings"]["post"], paths["/api/v1/users/{user_id}"]["patch"]
        assert [p["name"] for p in booking["parameters"]] == ["Idempotency-Key"]
        assert [p["name"] for p in user["parameters"]] == ["user_id", "If-Match"]
        assert "application/problem+json" in user["responses"]["412"]["content"]
        assert paths["/api/v1/tokens"]["post"]["security"] == []
        assert booking["security"] == [{"token": []}, {"session": []}]


GOOD: dict[str, Any] = {
    "database_url": "postgresql://x",
    "principal_public_key": "x",
    "principal_private_key": "x",
    "services": {},
    "csrf_secret": "9f2c4b7a1e8d3f6059c2b4a7d1e8f306",
}


class TestSettings:
    def test_p4_no_secret_has_a_default(self) -> None:
        for name in ("csrf_secret", "principal_private_key", "database_url"):
            with pytest.raises(ValidationError):
                Settings(**{k: v for k, v in GOOD.items() if k != name})

    @pytest.mark.parametrize("secret", ["", "short", "a" * 64, "ab" * 20])
    def test_p4_a_short_or_plain_secret_stops_the_start(self, secret: str) -> None:
        with pytest.raises(ValidationError):
            Settings(**GOOD | {"csrf_secret": secret})

    @pytest.mark.parametrize(
        "more", [{"demo_password": "lunas-demo"}, {"admin_password": "lunas-demo"}]
    )
    def test_p4_production_refuses_what_is_for_the_demo(self, more: dict[str, str]) -> None:
        Settings(**GOOD | more)
        with pytest.raises(ValidationError):
            Settings(**GOOD | more, production=True)
