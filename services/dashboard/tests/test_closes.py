"""R3: days are closed after a look at what would be certified; certificates stay."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest

from shared.testing import ADMIN, WAWAN

FORM = {"content-type": "application/x-www-form-urlencoded"}
DAY = "2026-12-08"


async def post(caller: Any, path: str, **values: str) -> Any:
    return await caller.call("POST", path, content=urlencode(values).encode(), headers=FORM)


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def waiting(company: Any, **changed: Any) -> None:
    answer = company.answers["GET /closes"]
    company.answers["GET /closes"] = {**answer, "waiting": {**answer["waiting"], **changed}}


class TestTheList:
    async def test_a_day_that_is_not_over_is_said_and_offers_no_close(self, call_as: Any) -> None:
        shown = text_of(html := (await call_as(ADMIN).get("/closes")).text)

        assert "Semua hari s.d. 8 Des 2026 sudah ditutup" in shown
        assert "Hari belum berakhir tunggu pukul 24.00 WIB" in shown
        assert "/closes/new" not in html

    async def test_what_stands_open_is_counted_line_by_line(self, call_as: Any) -> None:
        shown = text_of((await call_as(ADMIN).get("/closes")).text)

        assert "Kejadian yang belum berpengaruh 2 kejadian" in shown
        assert "Pengecualian terbuka 1, Rp750.000" in shown
        assert "Menunggu konfirmasi bank tidak ada" in shown
        assert "Mutasi bank belum diimpor" in shown
        assert "Semua buku cocok 9 Des 02.00 WIB" in shown

    async def test_a_day_that_is_over_leads_to_its_preview(
        self, call_as: Any, company: Any
    ) -> None:
        waiting(company, over=True)

        html = (await call_as(ADMIN).get("/closes")).text

        assert "menunggu ditutup" in html
        assert 'href="/closes/new"' in html

    async def test_days_say_what_came_who_closed_and_what_stayed_unclear(
        self, call_as: Any
    ) -> None:
        shown = text_of((await call_as(ADMIN).get("/closes")).text)

        assert "No. 12 · Sistem, otomatis Rp3.250.000 Rp500.000 Ada yang belum jelas" in shown
        assert "No. 11 · Ibu Ratna Rp3.250.000 Rp0 Semua jelas" in shown

    async def test_m11_a_check_that_runs_is_watched_and_one_that_failed_is_told(
        self, call_as: Any
    ) -> None:
        html = (await call_as(ADMIN).get("/closes")).text

        assert 'hx-trigger="every 2s"' in html
        assert "1 perbedaan ditemukan" in text_of(html)
        assert "M5: payment 0190" in html

    async def test_without_any_booking_there_is_no_day(self, call_as: Any, company: Any) -> None:
        nothing = {"items": [], "total": 0, "waiting": None}
        company.answers["GET /closes"] = {**company.answers["GET /closes"], **nothing}

        listed = await call_as(ADMIN).get("/closes")
        asked = await call_as(ADMIN).get("/closes/new")

        assert "Belum ada transaksi di buku" in listed.text
        assert asked.status_code == 404


class TestStatementsOfTheDay:
    async def test_r3_each_account_says_whether_the_day_is_covered(self, call_as: Any) -> None:
        shown = text_of((await call_as(ADMIN).get(f"/closes/{DAY}")).text)

        assert (
            "Rekening 8810001234 Tercakup mutasi"
            " 3 dari 3 baris cocok; masuk Rp2.750.000, keluar Rp2.500" in shown
        )
        assert "Rekening 8810009999 Belum tercakup" in shown

    async def test_r3_what_came_after_the_close_is_told_beside_the_certificate(
        self, call_as: Any
    ) -> None:
        shown = text_of((await call_as(ADMIN).get(f"/closes/{DAY}")).text)

        assert shown.count("Diimpor setelah hari ditutup") == 1
        assert "Diimpor setelah hari ditutup: 1 dari 2 baris cocok." in shown

    async def test_money_is_shown_by_its_best_proof(self, call_as: Any) -> None:
        shown = text_of((await call_as(ADMIN).get(f"/closes/{DAY}")).text)

        assert "Mutasi bank (2) Rp2.750.000 Jawaban bank (1) Rp500.000" in shown

    async def test_the_checklist_names_the_account_that_is_missing(
        self, call_as: Any, company: Any
    ) -> None:
        facts = company.answers["GET /closes"]["waiting"]["facts"]
        missing = {"8810009999": {"covered": False}, "8810001234": {"covered": True}}
        waiting(company, facts=facts | {"coverage": missing})

        shown = text_of((await call_as(ADMIN).get("/closes")).text)

        assert "Mutasi 8810009999 belum mencakup hari ini" in shown
        assert "Mutasi 8810001234 tidak ada baris" in shown


class TestClosing:
    async def test_the_preview_shows_what_will_be_certified(
        self, call_as: Any, company: Any
    ) -> None:
        waiting(company, over=True)

        shown = text_of((await call_as(ADMIN).get("/closes/new")).text)

        assert "Tutup Rabu, 9 Desember 2026?" in shown
        assert "tidak dapat dibuka atau diubah lagi" in shown
        assert "Ditahan, bertentangan dengan bank (1) Rp750.000" in shown
        assert "Belum jelas Rp750.000" in shown

    async def test_one_form_closes_and_leads_to_the_certificate(
        self, call_as: Any, company: Any
    ) -> None:
        response = await post(call_as(ADMIN), "/closes", day="2026-12-09")

        assert response.headers["location"] == "/closes/2026-12-09?said=closed"
        assert [body for _, body in company.sent("POST /closes")] == [{"day": "2026-12-09"}]

    async def test_b1_a_refusal_is_said_above_the_preview(self, call_as: Any, company: Any) -> None:
        detail = "Hari ditutup berurutan. Tutup dahulu 08-12-2026; pembukuan tidak berubah."
        company.answers["POST /closes"] = [409, {"detail": detail}]

        response = await post(call_as(ADMIN), "/closes", day="2026-12-09")

        assert response.status_code == 422
        assert detail in response.text

    @pytest.mark.parametrize("day", ["", "besok", "2026-13-01"])
    async def test_what_is_no_day_is_nothing(self, call_as: Any, company: Any, day: str) -> None:
        response = await post(call_as(ADMIN), "/closes", day=day)

        assert response.status_code == 404
        assert not company.sent("POST /closes")

    async def test_a_check_is_asked_for(self, call_as: Any, company: Any) -> None:
        response = await post(call_as(ADMIN), "/closes/check")

        assert response.headers["location"] == "/closes"
        assert len(company.sent("POST /book-checks")) == 1

    async def test_a1_marketing_closes_nothing(self, call_as: Any, company: Any) -> None:
        answers = [
            await post(call_as(WAWAN), "/closes", day="2026-12-09"),
            await post(call_as(WAWAN), "/closes/check"),
        ]

        assert [answer.status_code for answer in answers] == [404, 404]
        assert not company.sent("POST /closes") + company.sent("POST /book-checks")


class TestTheCertificate:
    async def test_it_says_totals_open_matters_and_its_place_in_the_chain(
        self, call_as: Any
    ) -> None:
        html = (await call_as(ADMIN).get(f"/closes/{DAY}")).text
        shown = text_of(html)

        assert "Selasa, 8 Desember 2026" in shown
        assert "ditutup 9 Des 2026 02.00 WIB oleh Sistem, otomatis" in shown
        assert "VA BNI (2) Rp2.750.000 Transfer bank (1) Rp500.000" in shown
        assert "Rp500.000 K" in shown
        assert "Rp40.300.000 D" in shown
        assert "Termasuk 1 pembayaran hari sebelumnya, Rp1.250.000" in shown
        assert "Belum dikenal" in shown
        assert 'href="/closes/2026-12-07"' in html
        assert "a" * 64 in shown
        assert "Segel tidak cocok" not in shown

    async def test_r3_a_broken_seal_is_not_passed_over(self, call_as: Any, company: Any) -> None:
        kept = company.answers[f"GET /closes/{DAY}"]
        company.answers[f"GET /closes/{DAY}"] = {**kept, "sealed": False}

        html = (await call_as(ADMIN).get(f"/closes/{DAY}")).text

        assert "Segel tidak cocok dengan isinya" in html

    @pytest.mark.parametrize("day", ["2026-12-01", "kemarin"])
    async def test_a_day_without_one_is_not_found(self, call_as: Any, day: str) -> None:
        assert (await call_as(ADMIN).get(f"/closes/{day}")).status_code == 404


class TestTheBanksBalance:
    async def test_r3_what_came_after_the_close_compares_the_balances_beside_it(
        self, call_as: Any
    ) -> None:
        shown = text_of((await call_as(ADMIN).get(f"/closes/{DAY}")).text)

        assert "Saldo bank dan buku Belum ada mutasi yang memuat hari ini secara lengkap" in shown
        assert (
            "Saldo bank dan buku sekarang Selisih, sebabnya jelas"
            " Menurut mutasi, akhir 8 Des 2026 Rp5.297.500 Menurut buku Rp5.550.000"
            " Selisih \u2212Rp252.500 Sebab selisih Dari hari-hari sebelumnya \u2212Rp250.000"
            " Dibukukan pada hari lain (2) \u2212Rp2.500"
            " Buku dimulai dari saldo awal mutasi 1 Des 2026" in shown
        )

    async def test_r3_a_certificate_that_has_it_does_not_say_it_twice(
        self, call_as: Any, company: Any
    ) -> None:
        answer = company.answers[f"GET /closes/{DAY}"]
        facts = answer["facts"] | {"balance": answer["balance_now"]}
        company.answers[f"GET /closes/{DAY}"] = answer | {"facts": facts}

        shown = text_of((await call_as(ADMIN).get(f"/closes/{DAY}")).text)

        assert shown.count("Menurut mutasi, akhir 8 Des 2026") == 1

    @pytest.mark.parametrize(
        ("changed", "value"),
        [
            ({"unexplained_idr": 7, "printed_idr": 5_297_507}, "Rp7 tanpa sebab"),
            ({}, "selisih \u2212Rp252.500, sebabnya jelas"),
            ({"printed_idr": 5_550_000, "brought_idr": 2_500}, "cocok"),
        ],
    )
    async def test_r3_the_checklist_says_whether_they_agree(
        self, call_as: Any, company: Any, changed: dict[str, int], value: str
    ) -> None:
        facts = company.answers["GET /closes"]["waiting"]["facts"]
        balance = company.answers[f"GET /closes/{DAY}"]["balance_now"] | changed
        waiting(company, facts=facts | {"balance": balance})

        shown = text_of((await call_as(ADMIN).get("/closes")).text)

        assert f"Saldo bank dan buku {value}" in shown
