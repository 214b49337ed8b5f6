"""P12: the inbox, what each matter offers to whom, and what is sent when somebody decides."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from dashboard.domain import inbox
from shared.testing import ADMIN, WAWAN, confirmed

STRAY, PROPOSED, CLOSED, DISPUTED = (UUID(int=number) for number in range(0xE01, 0xE05))
SITI = "00000000-0000-0000-0000-0000000003e8"
SUGGESTIONS = f"GET /exceptions/{STRAY}/suggestions"
RATNA = confirmed(ADMIN)


async def page(call_as: Any, matter: UUID, query: str = "", who: Any = RATNA) -> str:
    answer = await call_as(who).get(f"/exceptions/{matter}{query}")
    assert answer.status_code == 200
    return str(answer.text)


def keys(html: str) -> set[str]:
    return set(re.findall(r'data-key="(.)"', html))


class TestWhatAMatterOffers:
    async def test_unknown_money_has_its_ways_out_with_a_key_each(self, call_as: Any) -> None:
        html = await page(call_as, STRAY)

        assert keys(html) >= {"1", "2", "s", "t", "m", "K", "h", "a", "j", "k"}
        assert "Jumlah sama dengan satu tagihan terbuka" in html
        assert "Berita tidak menyebut nomor kavling" in html
        assert "BAYAR KAVLING SITI" in html

    async def test_bills_that_cannot_be_read_are_not_said_to_be_none(
        self, call_as: Any, company: Any
    ) -> None:
        company.answers["GET /invoices"] = [503, {"detail": "Coba lagi."}]

        html = await page(call_as, STRAY, "?search=siti")

        assert "Tagihannya sedang tidak dapat dibaca" in html
        assert "Tidak ada tagihan terbuka" not in html

    async def test_a_proposal_is_agreed_to_or_refused(self, call_as: Any) -> None:
        html = await page(call_as, PROPOSED)

        assert "Bapak Budi mengusulkan" in html
        assert "act=approve" in html
        assert "act=refuse" in html
        assert "act=return" not in html

    async def test_a8_whoever_proposed_is_not_offered_to_agree(
        self, call_as: Any, company: Any
    ) -> None:
        own = deepcopy(company.answers[f"GET /exceptions/{PROPOSED}"])
        own["resolution"]["proposed_by_id"] = str(ADMIN.user_id)
        company.answers[f"GET /exceptions/{PROPOSED}"] = own

        html = await page(call_as, PROPOSED)

        assert "act=approve" not in html
        assert "Orang lain perlu menyetujui" in html

    async def test_a_decision_is_undone_from_its_page(self, call_as: Any) -> None:
        html = await page(call_as, CLOSED)

        assert "Dicocokkan ke" in html
        assert "act=undo" in html

    async def test_a_debit_is_booked_or_explained_and_what_waits_for_two_says_so(
        self, call_as: Any, company: Any
    ) -> None:
        ways = ["book_fee", "book_withdrawal", "explain"]
        debit = company.answers[f"GET /exceptions/{DISPUTED}"] | {
            "actions": ways,
            "proposals": ways,
        }
        company.answers[f"GET /exceptions/{DISPUTED}"] = debit

        html = await page(call_as, DISPUTED)

        assert keys(html) >= {"1", "b", "p", "m"}
        for way in ways:
            asked = await page(call_as, DISPUTED, f"?act={way}", ADMIN)
            shown = await page(call_as, DISPUTED, f"?act={way}")
            assert "kata sandi Anda sekali lagi" in asked
            assert "Orang kedua perlu menyetujui sebelum dicatat." in shown
            assert "Usulkan" in shown

    async def test_a_payment_that_the_bank_denies_is_reversed_by_two(
        self, call_as: Any, company: Any
    ) -> None:
        told = {"actions": ["reverse", "explain"], "proposals": ["reverse"]}
        company.answers[f"GET /exceptions/{DISPUTED}"] |= told

        html = await page(call_as, DISPUTED)
        shown = await page(call_as, DISPUTED, "?act=reverse")

        assert keys(html) >= {"1", "b", "m"}
        assert "Balik pembayaran" in html
        assert "Usulkan" in shown

    async def test_a_small_sum_is_explained_alone(self, call_as: Any) -> None:
        html = await page(call_as, DISPUTED, "?act=explain", ADMIN)

        assert "Usulkan" not in html
        assert "Alasan" in html

    async def test_a2_a_marketing_only_answers(self, call_as: Any) -> None:
        html = await page(call_as, STRAY, who=WAWAN)

        assert keys(html) == {"j", "k"}
        assert f'action="/exceptions/{STRAY}/notes"' in html
        assert "Usulan dari pelanggan Anda" in html
        assert 'type="radio"' not in html

    async def test_a8_the_password_is_asked_for_before_the_reason(self, call_as: Any) -> None:
        before = await page(call_as, STRAY, "?act=return", ADMIN)
        wrong = await page(call_as, STRAY, "?act=return&password=refused", ADMIN)
        after = await page(call_as, STRAY, "?act=return")

        assert f'name="next" value="/exceptions/{STRAY}?act=return"' in before
        assert "Alasan" not in before
        assert "Kata sandi salah" in wrong
        assert "Usulkan" in after


class TestSuggestions:
    async def test_the_likely_one_is_chosen_with_its_score_and_reasons(self, call_as: Any) -> None:
        html = await page(call_as, STRAY)

        first, second = html.partition("</ol>")[0].split('<li class="panel')[1:]
        assert re.search(rf'value="{SITI}"[^>]*checked', first)
        assert re.search(r">Skor </span>92<.*sangat mirip", first, re.DOTALL)
        assert "Mendukung: </span>Jumlah sama persis dengan INV/2026/12/000134" in first
        assert "Melawan: </span>Pengirim yang sama pernah" in first
        assert re.search(r"Akan membayar.*INV/2026/12/000134.*15 Des 2026", first, re.DOTALL)
        assert "checked" not in second.replace("has-checked", "")
        assert re.search(r">Skor </span>41<.*kurang mirip", second, re.DOTALL)
        assert "uangnya akan menjadi titipan" in second

    async def test_among_equals_nobody_is_chosen_beforehand(
        self, call_as: Any, company: Any
    ) -> None:
        answer = deepcopy(company.answers[SUGGESTIONS])
        answer["items"][0]["leads"] = False
        company.answers[SUGGESTIONS] = answer

        html = await page(call_as, STRAY)

        assert not re.search(r'type="radio"[^>]*checked', html)
        assert re.search(r'type="radio"[^>]*required', html)

    async def test_when_nobody_is_likely_it_says_so_and_offers_the_search(
        self, call_as: Any, company: Any
    ) -> None:
        company.answers[SUGGESTIONS] = {"items": []}

        html = await page(call_as, STRAY)

        assert "Tidak ada usulan yang cukup kuat" in html
        assert 'role="search"' in html
        assert "/match" not in html

    async def test_suggestions_that_cannot_be_read_are_not_said_to_be_none(
        self, call_as: Any, company: Any
    ) -> None:
        company.answers[SUGGESTIONS] = [503, {"detail": "Coba lagi."}]

        html = await page(call_as, STRAY)

        assert "Usulan sedang tidak dapat dibaca" in html
        assert "cukup kuat" not in html

    async def test_a_search_takes_their_place_and_leads_back(self, call_as: Any) -> None:
        html = await page(call_as, STRAY, "?search=siti")

        assert "Hasil pencarian" in html
        assert "Kembali ke usulan" in html
        assert ">Skor <" not in html


class TestDeciding:
    @pytest.mark.parametrize(
        ("act", "fields", "called", "body"),
        [
            (
                "match",
                {"customer_id": SITI},
                "resolve",
                {"action": "match", "reason": "", "customer_id": SITI},
            ),
            (
                "match",
                {"customer_id": SITI, f"bills_{SITI}": f"{STRAY}:500000", "bills_x": "y:1"},
                "resolve",
                {
                    "action": "match",
                    "reason": "",
                    "customer_id": SITI,
                    "invoices": [{"invoice_id": str(STRAY), "amount_idr": 500_000}],
                },
            ),
            (
                "credit",
                {"customer_id": SITI, f"bills_{SITI}": f"{STRAY}:500000"},
                "resolve",
                {"action": "credit", "reason": "", "customer_id": SITI},
            ),
            ("credit", {}, "resolve", {"action": "credit", "reason": ""}),
            ("return", {"reason": "Salah"}, "resolve", {"action": "return", "reason": "Salah"}),
            ("approve", {}, "approve", {"reason": ""}),
            ("undo", {"reason": "Salah"}, "undo", {"reason": "Salah"}),
            ("take", {}, "assign", {"to": "me"}),
            ("release", {}, "assign", {"to": "nobody"}),
            (
                "ask",
                {"reason": "Siapa?", "marketing_id": SITI},
                "assign",
                {"to": "marketing", "note": "Siapa?", "marketing_id": SITI},
            ),
            ("notes", {"reason": "Halo"}, "notes", {"text": "Halo"}),
            (
                "split",
                {f"invoice_{SITI}": "250.000", f"invoice_{STRAY}": "", "customer_id": ""},
                "resolve",
                {
                    "action": "split",
                    "reason": "",
                    "invoices": [{"invoice_id": SITI, "amount_idr": 250_000}],
                },
            ),
            (
                "split",
                {f"invoice_{SITI}": "250.000", "customer_id": SITI, "reason": "Titip bayar"},
                "resolve",
                {
                    "action": "split",
                    "reason": "Titip bayar",
                    "invoices": [{"invoice_id": SITI, "amount_idr": 250_000}],
                    "customer_id": SITI,
                },
            ),
        ],
    )
    async def test_each_act_is_sent_once_with_its_key_and_version(
        self, send: Any, company: Any, act: str, fields: Any, called: str, body: Any
    ) -> None:
        key = f"POST /exceptions/{STRAY}/{called}"
        company.answers[key] = company.answers[f"GET /exceptions/{STRAY}"]

        answer = await send(STRAY, act, **fields)

        assert answer.status_code == 303
        ((headers, sent),) = company.sent(key)
        assert sent == body
        assert (headers["idempotency-key"], headers["if-match"]) == ("kunci-halaman", '"1"')

    async def test_afterwards_the_next_one_opens_and_says_what_was_posted(
        self, send: Any, company: Any, call_as: Any
    ) -> None:
        answers = company.answers
        answers[f"POST /exceptions/{CLOSED}/resolve"] = answers[f"GET /exceptions/{CLOSED}"]

        answer = await send(CLOSED, "match", following=str(STRAY), customer_id=SITI)

        where = answer.headers["location"]
        assert where == f"/exceptions/{STRAY}?done={CLOSED}"
        html = (await call_as(RATNA).get(where)).text
        assert "INV/2026/12/000134 Rp600.000" in html
        assert f"/exceptions/{CLOSED}?act=undo" in html

    async def test_k4_the_second_admin_is_told_and_sees_the_present_state(
        self, send: Any, company: Any, call_as: Any
    ) -> None:
        company.answers[f"POST /exceptions/{STRAY}/resolve"] = [412, {"version": 2}]

        answer = await send(STRAY, "match", customer_id=SITI)

        html = (await call_as(RATNA).get(answer.headers["location"])).text
        assert "Orang lain baru saja mengubah pengecualian ini" in html

    async def test_a8_a_password_that_grew_old_is_asked_for_again(
        self, send: Any, company: Any
    ) -> None:
        problem = {"type": "/problems/confirmation-needed", "detail": "x"}
        company.answers[f"POST /exceptions/{STRAY}/resolve"] = [403, problem]

        answer = await send(STRAY, "return", reason="Salah kirim.")

        assert answer.headers["location"] == f"/exceptions/{STRAY}?act=return"

    async def test_a_refusal_keeps_what_was_typed(self, send: Any, company: Any) -> None:
        problem = {"detail": "Sisa uangnya kini Rp60.", "errors": []}
        company.answers[f"POST /exceptions/{STRAY}/resolve"] = [409, problem]

        answer = await send(STRAY, "return", reason="Salah kirim.")

        assert answer.status_code == 422
        assert "Sisa uangnya kini Rp60." in answer.text
        assert "Salah kirim.</textarea>" in answer.text

    async def test_m1_an_amount_that_is_no_whole_rupiah_is_not_sent(
        self, send: Any, company: Any
    ) -> None:
        answer = await send(STRAY, "split", **{f"invoice_{SITI}": "10,5"})

        assert answer.status_code == 422
        assert "rupiah bulat" in answer.text
        assert company.sent(f"POST /exceptions/{STRAY}/resolve") == []

    async def test_an_act_that_there_is_not_is_not_found(self, send: Any) -> None:
        assert (await send(STRAY, "pay")).status_code == 404

    async def test_a1_a_marketing_decides_nothing(self, send: Any) -> None:
        assert (await send(STRAY, "match", WAWAN)).status_code == 404


class TestTheQueue:
    async def test_an_empty_one_is_green(self, call_as: Any, company: Any) -> None:
        empty = {"items": [], "total": 0, "unknown_idr": 0, "suspense_idr": 0}
        company.answers["GET /exceptions"] = empty

        html = (await call_as(ADMIN).get("/exceptions")).text

        assert "Tidak ada rupiah yang belum jelas" in html

    async def test_m9_it_tells_when_suspense_is_not_what_waits(
        self, call_as: Any, company: Any
    ) -> None:
        company.answers["GET /exceptions"] = company.answers["GET /exceptions"] | {
            "suspense_idr": 400_000
        }

        html = (await call_as(ADMIN).get("/exceptions")).text

        assert "Rp400.000" in html
        assert "sama dengan saldonya" not in html

    async def test_the_menu_counts_what_waits_on_every_page(self, call_as: Any) -> None:
        html = (await call_as(ADMIN).get("/products")).text

        assert re.search(r'Pengecualian</span><span class="nav-count[^>]*>3<', html)

    @pytest.mark.parametrize(
        ("minutes", "words"), [(-3, "0 menit"), (59, "59 menit"), (60, "1 jam"), (2880, "2 hari")]
    )
    def test_an_age_is_told_in_its_largest_unit(self, minutes: int, words: str) -> None:
        now = datetime(2026, 12, 9, tzinfo=UTC)

        assert inbox.age(datetime.fromtimestamp(now.timestamp() - minutes * 60, UTC), now) == words
