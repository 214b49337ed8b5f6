"""P1, P21: the second factor by page: the code at sign-in, the picture, the codes to keep."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from shared.testing import ADMIN, WAWAN, confirmed

OFF = {"enabled": False, "required": False, "recovery_codes": 0}
SETUP = {
    "secret": "JBSWY3DPEHPK3PXP",
    "address": "otpauth://totp/Lunas%3Awawan?secret=JBSWY3DPEHPK3PXP&issuer=Lunas",
}
CODES = {"recovery_codes": ["abcde-fghjk", "mnpqr-stuvw"]}


@pytest.fixture
def post(call_as: Any) -> Any:
    async def once(path: str, **fields: str) -> Any:
        return await call_as(confirmed(WAWAN)).call(
            "POST",
            f"/profile/second-factor{path}",
            content=urlencode(fields).encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )

    return once


class TestAtSignIn:
    async def test_the_code_is_filled_by_the_phone_and_works_without_script(
        self, call_as: Any
    ) -> None:
        html = (await call_as(None).get("/login/code?error=1&wait=4&next=/payments")).text

        assert 'action="/login/code" method="post"' in html
        assert 'autocomplete="one-time-code"' in html
        assert 'name="next" value="/payments"' in html
        assert 'data-seconds="4"' in html

    async def test_it_leads_to_no_other_site(self, call_as: Any) -> None:
        html = (await call_as(None).get("/login/code?next=//evil.test/")).text

        assert 'name="next" value="/"' in html


class TestSettingItUp:
    async def test_the_picture_comes_from_us_and_the_key_can_be_typed(
        self, post: Any, company: Any
    ) -> None:
        company.answers |= {"GET /me/second-factor": OFF, "POST /me/second-factor": [201, SETUP]}

        page = await post("")

        assert 'src="data:image/svg+xml' in page.text
        assert "JBSW Y3DP EHPK 3PXP" in page.text

    async def test_a_wrong_code_shows_the_same_picture_again(self, post: Any, company: Any) -> None:
        company.answers |= {
            "GET /me/second-factor": OFF,
            "POST /me/second-factor": [201, SETUP],
            "POST /me/second-factor/enable": [422, {"detail": "Kode salah atau sudah dipakai."}],
        }

        page = await post("/enable", code="000000")

        assert page.status_code == 422
        assert "Kode salah atau sudah dipakai." in page.text
        assert "JBSW Y3DP EHPK 3PXP" in page.text

    async def test_the_recovery_codes_are_shown_once_and_no_key_is_sent_that_would_keep_them(
        self, post: Any, company: Any
    ) -> None:
        company.answers["POST /me/second-factor/enable"] = CODES

        page = await post("/enable", code="123 456")

        [(headers, body)] = company.sent("POST /me/second-factor/enable")
        assert body == {"code": "123 456"}
        assert "idempotency-key" not in headers
        assert all(code in page.text for code in CODES["recovery_codes"])

    async def test_where_it_is_required_it_is_said_and_cannot_be_switched_off(
        self, call_as: Any, company: Any
    ) -> None:
        company.answers["GET /me/second-factor"] = OFF | {"required": True}
        wanted = (await call_as(confirmed(ADMIN)).get("/profile/second-factor")).text
        on = {"enabled": True, "required": True, "recovery_codes": 9}
        company.answers["GET /me/second-factor"] = on

        enabled = (await call_as(confirmed(ADMIN)).get("/profile/second-factor")).text

        assert "mewajibkan faktor kedua" in wanted
        assert "/disable" not in enabled
        assert "9 kode pemulihan tersisa" in enabled
