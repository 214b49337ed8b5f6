"""P21: one's own account by page."""

from __future__ import annotations

import re
from typing import Any

import pytest

from dashboard.domain.browsers import spoken
from shared.testing import WAWAN

MARK = {"X-Lunas-Credential": "00000000-0000-0000-0000-0000000000c1"}


class TestThePage:
    async def test_it_names_each_device_and_which_one_this_is(
        self, call_as: Any, company: Any
    ) -> None:
        html = (await call_as(WAWAN).get("/profile", headers=MARK)).text

        shown = " ".join(re.sub(r"<[^>]+>", " ", html).split())
        assert "Firefox di Windows perangkat ini" in shown
        assert "Chrome di Android Dipakai 9 Des 2026 13.40 WIB , masuk dari 114.4.12.80" in shown
        assert "Program dengan token" in shown
        [(headers, _)] = company.sent("GET /me/sessions")
        assert headers["x-lunas-credential"] == MARK["X-Lunas-Credential"]

    async def test_the_others_are_left_from_this_one(self, call_as: Any, company: Any) -> None:
        company.answers["DELETE /me/sessions"] = {"ended": 2}

        answer = await call_as(WAWAN).call("POST", "/profile/sessions", headers=MARK)

        [(headers, _)] = company.sent("DELETE /me/sessions")
        assert headers["x-lunas-credential"] == MARK["X-Lunas-Credential"]
        assert answer.headers["location"] == "/profile?said=others_out"

    @pytest.mark.parametrize(
        ("rule", "said"),
        [("present", "sekarang salah"), ("length", "12 sampai 128"), ("common", "terlalu umum")],
    )
    async def test_a_refused_password_says_why_and_the_gateway_takes_the_form(
        self, call_as: Any, rule: str, said: str
    ) -> None:
        html = (await call_as(WAWAN).get(f"/profile?rule={rule}")).text

        assert said in html
        assert "<details open>" in html
        assert 'action="/profile/password" method="post"' in html


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36 Edg/131.0", "Edge di Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1", "Safari di iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) SamsungBrowser/25.0 Chrome/121.0 Mobile", "Samsung"),
        ("", "Peramban"),
    ],
)
def test_a_browser_is_named_as_people_do(agent: str, words: str) -> None:
    assert spoken(agent).startswith(words)
