"""P2: Admin's first page says how the bank and the books are doing, and leads on."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest

from shared.clock import WIB, FrozenClock
from shared.testing import ADMIN, WAWAN


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


async def read(call_as: Any, who: Any = ADMIN) -> str:
    return text_of((await call_as(who).get("/")).text)


def change(company: Any, key: str, **changed: Any) -> None:
    company.answers[key] = {**company.answers[key], **changed}


QUIET = {"count": 0, "amount_idr": 0, "oldest_at": None}


class TestTheLinkToTheBank:
    async def test_it_is_said_in_words_with_the_last_callback(
        self, call_as: Any, company: Any
    ) -> None:
        change(company, "GET /bank-link", unverified=QUIET)

        html = (await call_as(ADMIN).get("/")).text

        assert 'href="/bank/link">Hubungan bank</a>' in html
        assert (
            "Hubungan bank Normal Bank menjawab terakhir 9 Des 2026 14.04 WIB."
            " Callback terakhir 2 menit lalu, 9 Des 2026 14.03 WIB." in text_of(html)
        )

    async def test_r1_a_bank_that_does_not_answer_is_said(self, call_as: Any, company: Any) -> None:
        broken = {"open": True, "failures": 10, "next_try_at": "2026-12-09T07:06:00Z"}
        change(company, "GET /bank-link", breaker=broken)

        assert "Hubungan bank Terputus Bank tidak menjawab 10 kali" in await read(call_as)

    async def test_c11_money_that_waits_too_long_is_said(self, call_as: Any) -> None:
        shown = await read(call_as)

        assert "Hubungan bank Terlambat Rp2.500.000 menunggu konfirmasi bank lebih lama" in shown

    async def test_a_quiet_bank_has_no_callback(self, call_as: Any, company: Any) -> None:
        silent = {"accepted": 0, "quarantined": 0, "last_at": None}
        change(company, "GET /bank-link", callbacks=silent, unverified=QUIET)

        assert "Tidak ada callback dalam 24 jam." in await read(call_as)


class TestTheBooks:
    async def test_one_number_says_whether_they_are_explained(
        self, call_as: Any, company: Any
    ) -> None:
        change(company, "GET /closes", unexplained={"count": 2, "amount_idr": 570_000})
        some = await read(call_as)
        change(company, "GET /closes", unexplained={"count": 0, "amount_idr": 0})
        none = await read(call_as)

        assert "Rupiah belum jelas Rp570.000 2 hal di pengecualian." in some
        assert "Rupiah belum jelas Rp0 Setiap uang yang masuk sudah punya penjelasan." in none

    @pytest.mark.parametrize(
        ("now", "day", "said"),
        [
            (datetime(2026, 12, 9, 1, 59, tzinfo=WIB), "2026-12-08", "Malam ini 8 Des 2026"),
            (datetime(2026, 12, 9, 2, 0, tzinfo=WIB), "2026-12-08", "Menunggu 8 Des 2026"),
            (datetime(2026, 12, 9, 1, 59, tzinfo=WIB), "2026-12-07", "Menunggu 7 Des 2026"),
        ],
    )
    async def test_r3_a_day_that_is_over_waits_from_two_in_the_night(
        self, call_as: Any, company: Any, clock: FrozenClock, now: datetime, day: str, said: str
    ) -> None:
        clock.move_to(now)
        waiting = company.answers["GET /closes"]["waiting"] | {"day": day, "over": True}
        change(company, "GET /closes", waiting=waiting)

        assert f"Tutup hari {said} sudah berakhir dan belum ditutup." in await read(call_as)

    async def test_a_day_that_runs_is_on_time(self, call_as: Any, company: Any) -> None:
        waiting = company.answers["GET /closes"]["waiting"] | {"over": False}
        change(company, "GET /closes", waiting=waiting)

        shown = await read(call_as)

        assert "Tutup hari Tepat waktu Terakhir ditutup 8 Des 2026." in shown


class TestWhatIsAway:
    @pytest.mark.parametrize("key", ["GET /bank-link", "GET /closes", "GET /exceptions"])
    async def test_r7_the_page_stands_and_says_what_it_does_not_know(
        self, call_as: Any, company: Any, key: str
    ) -> None:
        company.answers[key] = [503, {}]

        response = await call_as(ADMIN).get("/")

        assert response.status_code == 200
        unread = text_of(response.text).count("Belum terbaca")
        assert unread == {"GET /bank-link": 1, "GET /closes": 2, "GET /exceptions": 0}[key]

    async def test_a_bank_that_is_well_is_shown_beside_figures_that_are_not(
        self, call_as: Any, company: Any
    ) -> None:
        company.answers["GET /recaps/home"] = [503, {}]

        shown = await read(call_as)

        assert "Angka belum dapat dimuat" in shown
        assert "Hubungan bank" in shown

    async def test_a1_marketing_is_shown_no_bank_and_asks_for_none(
        self, call_as: Any, company: Any
    ) -> None:
        shown = await read(call_as, WAWAN)

        assert "Hubungan bank" not in shown
        assert not company.sent("GET /bank-link")
        assert not company.sent("GET /closes")
