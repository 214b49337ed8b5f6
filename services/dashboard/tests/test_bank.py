"""The bank's pages: what was said about an account, and how the link is doing."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest

from dashboard.domain.bank_page import took
from shared.testing import ADMIN, WAWAN

ACCOUNT = UUID(int=0xD01)
PAGE = f"/virtual-accounts/{ACCOUNT}"
FORM = {"content-type": "application/x-www-form-urlencoded"}


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def change(company: Any, key: str, **changed: Any) -> None:
    company.answers[key] = {**company.answers[key], **changed}


class TestAnAccount:
    async def test_it_opens_with_what_it_waits_for(self, call_as: Any) -> None:
        shown = text_of((await call_as(WAWAN).get(PAGE)).text)

        assert "8810 0812 3456 7890" in shown
        assert "Menunggu pembayaran Rp1.250.000 sampai 10 Mar 2027 23.59 WIB" in shown
        assert "belum dibayar ditanya 9 Des 2026 14.00 WIB" in shown

    async def test_admin_reads_the_conversation_with_meanings_and_facts(self, call_as: Any) -> None:
        shown = text_of((await call_as(ADMIN).get(PAGE)).text)

        assert "Tanya bank dari kami ke bank Berhasil (kode 000)" in shown
        assert "Total dibayar Rp1.250.000 Keadaan di bank tidak aktif No. jurnal 012345" in shown
        assert "9 Des 2026 13.54.12 WIB · bank menjawab dalam 240 milidetik" in shown
        assert "Tidak diterima, dikarantina (kode 999) Dibayar Rp7" in shown
        assert "Bank tidak memberi jawaban yang dapat dipakai 9 Des 2026" in shown
        assert "10,0 detik" in shown

    async def test_r2_what_comes_next_is_said_and_what_waits_for_a_person(
        self, call_as: Any
    ) -> None:
        shown = text_of((await call_as(ADMIN).get(PAGE)).text)

        assert "Tanya bank, 9 Des 2026 14.10.00 WIB, setelah 2 kali tanpa jawaban" in shown
        assert "perlu ditangani orang" in shown

    async def test_a1_marketing_sees_the_account_and_asks_for_no_conversation(
        self, call_as: Any, company: Any
    ) -> None:
        html = (await call_as(WAWAN).get(PAGE)).text

        assert "Percakapan dengan bank" not in html
        assert not company.sent(f"GET /virtual-accounts/{ACCOUNT}/exchanges")

    async def test_only_the_money_of_this_account_is_listed(
        self, call_as: Any, company: Any
    ) -> None:
        found = company.answers["GET /payments"]["items"]
        mine = {**found[0], "virtual_account": "8810081234567890", "amount_idr": 1_111_000}
        other = {**found[1], "virtual_account": "8810081234567891", "amount_idr": 2_222_000}
        change(company, "GET /payments", items=[mine, other])

        shown = text_of((await call_as(WAWAN).get(PAGE)).text)

        assert "Rp1.111.000" in shown
        assert "Rp2.222.000" not in shown

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"status": "failed", "number": None, "trouble": "Bank menolak."}, "Bank menolak"),
            ({"status": "unknown", "number": None}, "Bank belum memberi kepastian"),
            ({"status": "expired"}, "uang yang masuk terlambat tetap tercatat"),
            ({"mode": "customer"}, "Siap menerima pembayaran berapa pun"),
            ({"bank": None}, "Menunggu pembayaran"),
            ({"trouble": "Bank menolak memperpanjang."}, "Bank menolak memperpanjang."),
            (
                {"extended_at": "2026-12-09T07:00:00Z"},
                "Diperpanjang sampai 10 Mar 2027 23.59 WIB disetujui bank 9 Des 2026 14.00 WIB",
            ),
        ],
    )
    async def test_every_state_is_said_in_words(
        self, call_as: Any, company: Any, changed: dict[str, Any], said: str
    ) -> None:
        change(company, f"GET /virtual-accounts/{ACCOUNT}", **changed)

        response = await call_as(ADMIN).get(PAGE)

        assert response.status_code == 200
        assert said in text_of(response.text)

    async def test_r7_it_stands_while_the_books_are_away(self, call_as: Any, company: Any) -> None:
        company.answers["GET /payments"] = [503, {}]

        assert (await call_as(WAWAN).get(PAGE)).status_code == 200

    async def test_the_bank_is_asked_by_a_plain_form(self, call_as: Any, company: Any) -> None:
        response = await call_as(WAWAN).call("POST", f"{PAGE}/inquire", content=b"", headers=FORM)

        assert response.headers["location"] == f"{PAGE}?said=asked"
        assert len(company.sent(f"POST /virtual-accounts/{ACCOUNT}/inquire")) == 1


class TestTheLink:
    async def test_a_healthy_bank_is_said_in_one_sentence(self, call_as: Any) -> None:
        shown = text_of((await call_as(ADMIN).get("/bank/link")).text)

        assert "Normal lewat BNI eCollection Bank menjawab terakhir 9 Des 2026 14.04 WIB" in shown
        assert "Buat VA Berhasil kode 000" in shown
        assert "1.234" in shown
        assert "Jeda Tanya bank sampai 9 Des 2026 15.00 WIB" in shown
        assert "Menunggu giliran tanya 1.203 VA, terakhir 9 Des 2026 14.20 WIB" in shown
        assert "Rp2.500.000 2 pembayaran, terlama 9 Des 2026 13.30 WIB" in shown
        assert "Ditolak tanpa terbaca 3" in shown

    async def test_r1_an_open_breaker_says_when_it_is_tried_again_and_what_is_safe(
        self, call_as: Any, company: Any
    ) -> None:
        breaker = {"open": True, "failures": 10, "next_try_at": "2026-12-09T07:05:30Z"}
        change(company, "GET /bank-link", breaker=breaker)

        shown = text_of((await call_as(ADMIN).get("/bank/link")).text)

        assert "Terputus" in shown
        assert "Bank tidak menjawab 10 kali berturut-turut. Dicoba lagi 14.05.30 WIB" in shown
        assert "permintaan yang menunggu tetap tersimpan" in shown

    async def test_a_quiet_day_is_no_trouble(self, call_as: Any, company: Any) -> None:
        quiet = {"calls": [], "last_answer_at": None, "last_failure_at": None, "pauses": []}
        quiet["turns"] = {"accounts": 0, "until": None}
        change(company, "GET /bank-link", protocol="snap", **quiet)

        shown = text_of((await call_as(ADMIN).get("/bank/link")).text)

        assert "Sepi lewat SNAP BI" in shown
        assert "Tidak ada panggilan" in shown
        assert "Jeda tidak ada Menunggu giliran tanya tidak ada" in shown


@pytest.mark.parametrize(
    ("milliseconds", "said"),
    [(None, ""), (0, "0 milidetik"), (999, "999 milidetik"), (1000, "1,0 detik"),
     (10_049, "10,0 detik"), (10_050, "10,1 detik")],
)  # fmt: skip
def test_how_long_the_bank_took_is_spelled_for_people(milliseconds: int | None, said: str) -> None:
    assert took(milliseconds) == said
