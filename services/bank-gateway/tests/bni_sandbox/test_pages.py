"""The payer's page: three steps without script, for people."""

import re
from typing import Any

import httpx
import pytest


async def payer_pays(client: Any, number: str, amount: str) -> httpx.Response:
    form = {"va": number, "amount": amount, "pin": "123456"}
    answer: httpx.Response = await client.http.post("/bayar", data=form)
    return answer


class TestThePayersPath:
    async def test_goes_from_number_to_confirmation_to_success(
        self, client: Any, merchant: Any
    ) -> None:
        number = (await client.create(description="INV/2026/11/000001"))[1]["virtual_account"]
        spaced = f"{number[:4]} {number[4:]}"

        confirmation = await client.http.get("/konfirmasi", params={"va": spaced})
        paid = await payer_pays(client, number, "100000")
        success = await client.http.get(paid.headers["location"])

        assert "MAHMUD SULAIMAN" in confirmation.text
        assert "Rp100.000" in confirmation.text
        assert "INV/2026/11/000001" in confirmation.text
        assert paid.status_code == 303
        assert "Transfer berhasil" in success.text
        assert "Pemberitahuan terkirim" in success.text
        assert merchant.received()["payment_amount"] == "100000"

    async def test_success_tells_what_became_of_every_notification(
        self, client: Any, sandbox: Any, merchant: Any
    ) -> None:
        number = (await client.create())[1]["virtual_account"]
        merchant.answers = [
            httpx.Response(200, json={"status": "000"}),
            httpx.Response(503, text="sedang sibuk"),
            httpx.Response(200, json={"status": "000"}),
        ]
        success = (await payer_pays(client, number, "100000")).headers["location"]
        alone = (await client.http.get(success)).text
        again = {"times": 2}
        await client.http.post(
            f"/simulate/payments/{success.rpartition('/')[2]}/notify", json=again
        )
        await sandbox.sender.step()

        text = (await client.http.get(success)).text

        assert "Dikirim ulang" not in alone
        assert "Pemberitahuan terkirim" in text
        assert "Dikirim ulang 2 kali" in text
        assert text.count("Diterima penagih") == 1
        assert text.count("Menunggu") == 1
        assert "sedang sibuk" in text

    async def test_a_second_click_does_not_pay_twice(self, client: Any, merchant: Any) -> None:
        number = (await client.create())[1]["virtual_account"]
        await payer_pays(client, number, "100000")

        again = await payer_pays(client, number, "100000")

        assert again.headers["location"] == f"/?va={number}&masalah=100"
        assert len(merchant.bodies) == 1

    @pytest.mark.parametrize("typed", ["100.000", "Rp100.000", "100000,00", " 100000 "])
    async def test_m1_an_amount_may_be_typed_as_people_do(
        self, client: Any, merchant: Any, typed: str
    ) -> None:
        number = (await client.create(billing_type="m"))[1]["virtual_account"]

        await payer_pays(client, number, typed)

        assert merchant.received()["payment_amount"] == "100000"

    @pytest.mark.parametrize(
        "typed", ["", "0", "-100000", "1e6", "100.000.00", "100,5", "1.00", "9" * 15, "\u0661" * 6]
    )
    async def test_m1_what_is_no_amount_moves_no_money(
        self, client: Any, merchant: Any, typed: str
    ) -> None:
        number = (await client.create(billing_type="n"))[1]["virtual_account"]

        answer = await payer_pays(client, number, typed)
        again = await client.http.get(answer.headers["location"])

        assert answer.headers["location"].startswith("/konfirmasi")
        assert "Tidak ada uang yang dikirim" in again.text
        assert "Paling sedikit Rp100.000" in again.text
        assert merchant.bodies == []

    @pytest.mark.parametrize("number", ["123", "80012611230900011", "abc", "", "\u0661" * 16])
    async def test_a_number_of_another_length_is_not_cut_to_fit(
        self, client: Any, number: str
    ) -> None:
        await client.create()

        answer = await client.http.get("/konfirmasi", params={"va": number}, follow_redirects=True)

        assert "terdiri dari 16 angka" in answer.text

    @pytest.mark.parametrize(
        ("letter", "billed", "rule"),
        [
            ("c", "100000", "ditetapkan penagih"),
            ("o", "0", "Jumlah bebas"),
            ("i", "100000", "paling banyak sisanya, Rp100.000"),
            ("m", "100000", "Paling sedikit Rp100.000, sekali bayar"),
            ("n", "100000", "Paling sedikit Rp100.000 setiap kali"),
            ("x", "100000", "Paling banyak Rp100.000 setiap kali"),
        ],
    )
    async def test_the_confirmation_tells_the_rule_of_each_type(
        self, client: Any, letter: str, billed: str, rule: str
    ) -> None:
        _, answer = await client.create(billing_type=letter, trx_amount=billed)

        page = await client.http.get("/konfirmasi", params={"va": answer["virtual_account"]})

        assert rule in page.text
        assert ('id="amount"' in page.text) == (letter != "c")

    async def test_an_installment_shows_what_is_left(self, client: Any) -> None:
        number = (await client.create(billing_type="i"))[1]["virtual_account"]
        await payer_pays(client, number, "40.000")

        page = await client.http.get("/konfirmasi", params={"va": number})

        assert "Rp60.000" in page.text
        assert 'value="60.000"' in page.text

    @pytest.mark.parametrize(
        ("trouble", "words"),
        [("101", "tidak dikenal bank"), ("103", "tidak berlaku"), ("100", "sudah lunas")],
    )
    async def test_a_trouble_is_told_in_our_words_and_the_banks(
        self, client: Any, trouble: str, words: str
    ) -> None:
        page = await client.http.get("/", params={"va": "8001000000000000", "masalah": trouble})

        assert words in page.text
        assert f"Kata bank: {trouble}" in page.text

    async def test_an_unsent_notification_is_told(
        self, client: Any, merchant: Any, sandbox: Any, later: Any
    ) -> None:
        merchant.answers = [httpx.Response(500) for _ in range(6)]
        number = (await client.create())[1]["virtual_account"]
        success = (await payer_pays(client, number, "100000")).headers["location"]

        waiting = await client.http.get(success)
        while (pause := await sandbox.sender.step()) is not None:
            later(seconds=pause.total_seconds())
        failed = await client.http.get(success)

        assert "Pemberitahuan belum terkirim (1 kali dicoba)" in waiting.text
        assert "23 Nov 2026 09.00.02 WIB" in waiting.text
        assert "setelah 6 kali dicoba" in failed.text

    async def test_the_faults_can_be_switched(self, client: Any) -> None:
        await client.http.post("/gangguan", data={"ganda": "1", "hilang": "1"})

        faults = (await client.http.get("/simulate/faults")).json()
        assert (faults["duplicate"], faults["delay_ms"], faults["drop"]) == (1.0, 0, 1.0)


class TestThePageItself:
    async def test_w5_carries_a_policy_without_inline_anything(self, client: Any) -> None:
        await client.create()
        page = await client.http.get("/")

        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "unsafe" not in page.headers["content-security-policy"]
        assert not re.search(r"<script|\sstyle=|<style|\son\w+=", page.text)

    async def test_says_that_it_is_a_sandbox(self, client: Any) -> None:
        assert "Sandbox, bukan uang sungguhan" in (await client.http.get("/")).text

    async def test_escapes_what_the_merchant_sent(self, client: Any) -> None:
        number = (await client.create(customer_name="<b>X</b>"))[1]["virtual_account"]

        page = await client.http.get("/konfirmasi", params={"va": number})

        assert "<b>X</b>" not in page.text

    async def test_serves_its_own_style_and_font(self, client: Any) -> None:
        assert (await client.http.get("/static/sandbox.css")).status_code == 200
        font = "/static/plus-jakarta-sans-latin-wght-normal.woff2"
        assert (await client.http.get(font)).status_code == 200
