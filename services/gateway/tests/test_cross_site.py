"""W4: a change that rides on a cookie passes only from a page of ours."""

from __future__ import annotations

from typing import Any

import pytest

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FILES = {"Content-Type": "multipart/form-data; boundary=b"}
FILE_FORM = (
    '--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{}\r\n'
    '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n1;2\r\n--b--\r\n'
)


def file_form(token: str) -> bytes:
    return FILE_FORM.format(token).encode()


class TestCrossSite:
    async def send(self, door: Any, headers: dict[str, str], body: bytes = b"") -> int:
        answer = await door.ask("POST", "/customers", headers=headers | FORM, content=body)
        return int(answer.status_code)

    async def test_w4_a_form_of_ours_passes_with_field_or_header(self, door: Any) -> None:
        browser = await door.browser()
        csrf = await door.csrf(browser)

        by_field = await self.send(door, browser, f"name=x&csrf_token={csrf}".encode())
        by_header = await self.send(door, browser | {"X-CSRF-Token": csrf})

        assert (by_field, by_header) == (200, 200)

    async def test_w4_a_form_with_a_file_passes_by_its_field_and_arrives_whole(
        self, door: Any, upstream: Any
    ) -> None:
        browser = await door.browser()
        csrf = await door.csrf(browser)

        sent = [
            await door.ask(
                "POST", "/bank/import", headers=browser | FILES, content=file_form(token)
            )
            for token in (csrf, "another", "")
        ]

        assert [answer.status_code for answer in sent] == [200, 403, 403]
        assert sent[0].json()["body"] == FILE_FORM.format(csrf)

    async def test_w4_a_form_with_a_file_that_cannot_be_read_is_refused(self, door: Any) -> None:
        browser = await door.browser()
        without_boundary = browser | {"Content-Type": "multipart/form-data"}

        answer = await door.ask("POST", "/bank/import", headers=without_boundary, content=b"x")

        assert answer.status_code == 400

    async def test_w4_without_or_with_a_wrong_token_nothing_passes(
        self, door: Any, upstream: Any
    ) -> None:
        browser, other = await door.browser(), await door.browser()
        foreign = await door.csrf(other)
        upstream.seen.clear()

        sent = [
            await self.send(door, browser),
            await self.send(door, browser, b"csrf_token="),
            await self.send(door, browser, f"csrf_token={foreign}".encode()),
            await self.send(door, browser | {"X-CSRF-Token": foreign}),
        ]

        assert (sent, upstream.seen) == ([403] * 4, [])

    @pytest.mark.parametrize(
        "said",
        [{"Origin": "http://evil.test"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {}],
    )
    async def test_w4_another_origin_passes_nothing_even_with_the_token(
        self, door: Any, said: dict[str, str]
    ) -> None:
        browser = await door.browser()
        csrf = await door.csrf(browser)
        elsewhere = {k: v for k, v in browser.items() if k != "Origin"} | said

        assert await self.send(door, elsewhere | {"X-CSRF-Token": csrf}) == 403

    async def test_w4_the_api_by_cookie_needs_the_same(self, door: Any) -> None:
        browser = await door.browser()
        body = {"json": {"name": "x"}}

        bare = await door.ask("POST", "/api/v1/customers", headers=browser, **body)
        csrf = {"X-CSRF-Token": await door.csrf(browser)}
        proven = await door.ask("POST", "/api/v1/customers", headers=browser | csrf, **body)

        assert (bare.status_code, proven.status_code) == (403, 200)

    async def test_w4_signing_in_from_another_site_is_refused(self, door: Any) -> None:
        body = b"username=admin&password=tujuh-gajah-menari"
        evil = {"Origin": "http://evil.test"}

        answers = [
            await door.ask("POST", "/login", headers=FORM | said, content=body)
            for said in ({}, evil, evil | {"Sec-Fetch-Site": "same-origin"})
        ]

        assert [a.status_code for a in answers] == [403] * 3
        assert not any("set-cookie" in a.headers for a in answers)

    async def test_w4_no_other_origin_is_ever_allowed(self, door: Any) -> None:
        ask = {"Origin": "http://evil.test", "Access-Control-Request-Method": "POST"}

        preflight = await door.ask("OPTIONS", "/api/v1/tokens", headers=ask)

        assert preflight.status_code == 405
        assert not any(n.startswith("access-control") for n in preflight.headers)
