"""P20: what a stranger sees who scans a paper, or types its number and code."""

from __future__ import annotations

import re
from typing import Any

import pytest

from dashboard.domain.proof_page import KINDS, STATES

PATH = "/v/INV/2026/12/000123?k=4F7A-2C91"
GENUINE = {
    "genuine": True,
    "kind": "invoice",
    "number": "INV/2026/12/000123",
    "name": "B**** M***** S*******",
    "dated_on": "2026-11-23",
    "amount_idr": 1_250_000,
    "state": "paid",
    "revision": 1,
    "newest_revision": 1,
}


@pytest.fixture
def scan(call_as: Any, company: Any) -> Any:
    async def scanned(path: str = PATH, **answer: Any) -> Any:
        company.answers["GET /verifications"] = answer or {"genuine": False}
        return await call_as(None).get(path)

    return scanned


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


class TestProofPage:
    async def test_a_genuine_paper_shows_three_facts_and_a_masked_name(
        self, scan: Any, company: Any
    ) -> None:
        answer = await scan(**GENUINE)

        shown = text_of(answer)
        assert answer.status_code == 200
        for fact in ("Asli", "23 Nov 2026", "Rp1.250.000", "Berlaku, sudah lunas", "M*****"):
            assert fact in shown
        ((headers, _),) = company.sent("GET /verifications")
        assert "x-lunas-principal" not in headers

    @pytest.mark.parametrize("path", ["/v?number=%00&k=x", "/v?number=x&k=%00", "/v/a%00?k=x"])
    async def test_b5_nul_is_asked_of_nobody(self, scan: Any, company: Any, path: str) -> None:
        answer = await scan(path)

        assert answer.status_code == 404
        assert company.sent("GET /verifications") == []

    async def test_a_wrong_code_and_an_unknown_number_get_the_same_page(self, scan: Any) -> None:
        wrong = await scan("/v/INV/2026/12/000123?k=0000-0000")
        unknown = await scan("/v/INV/2026/12/999999?k=4F7A-2C91")
        typed = await scan("/v?number=INV%2F1&k=4F7A-2C91")

        assert {answer.status_code for answer in (wrong, unknown, typed)} == {404}
        assert wrong.text == unknown.text == typed.text
        assert "Tidak dapat kami benarkan" in text_of(wrong)

    async def test_without_a_code_it_asks_for_one_and_asks_nobody(
        self, scan: Any, company: Any
    ) -> None:
        answer = await scan("/v/INV/2026/12/000123")

        assert answer.status_code == 200
        assert 'value="INV/2026/12/000123"' in answer.text
        assert company.sent("GET /verifications") == []

    async def test_an_old_revision_says_which_one_is_true(self, scan: Any) -> None:
        answer = await scan(**GENUINE | {"newest_revision": 3})

        assert "Rev. 1 dan sudah diganti Rev. 3" in text_of(answer)

    @pytest.mark.parametrize("state", ["cancelled", "reversed", "replaced"])
    async def test_a_void_paper_never_begins_with_a_plain_yes(self, scan: Any, state: str) -> None:
        answer = await scan(**GENUINE | {"state": state})

        assert "Asli, tetapi tidak berlaku" in text_of(answer)
        assert "tone-success" not in answer.text

    async def test_it_is_light_private_and_needs_no_script(self, scan: Any) -> None:
        answer = await scan(**GENUINE)

        assert "<script" not in answer.text
        assert len(answer.content) <= 60_000
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
        assert answer.headers["cache-control"] == "no-store"

    async def test_every_state_of_every_paper_has_words(self, scan: Any) -> None:
        pairs = [*zip(KINDS, STATES, strict=False), *(("receipt", state) for state in STATES)]
        for kind, state in pairs:
            shown = text_of(await scan(**GENUINE | {"kind": kind, "state": state}))

            assert KINDS[kind] in shown
            assert STATES[state].word in shown
            assert not re.search(r"\b(None|valid|reversed|customer_recap)\b", shown)

    async def test_what_is_typed_is_text(self, scan: Any) -> None:
        answer = await scan("/v?number=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")

        assert "<script" not in answer.text
