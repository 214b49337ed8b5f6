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
        assert "Callback terkirim ke penagih" in success.text
        assert merchant.received()["payment_amount"] == "100000"

    async def test_a_second_click_does_not_pay_twice(self, client: Any, merchant: Any) -> None:
        number = (await client.create())[1]["virtual_account"]
        await payer_pays(client, number, "100000")

        again = await payer_pays(client, number, "100000")

        assert again.headers["location"] == f"/?va={number}&masalah=lunas"
        assert len(merchant.bodies) == 1

    @pytest.mark.parametrize("amount", ["", "0", "1", "999999999999999999999"])
    async def test_an_illegal_amount_goes_back_to_the_confirmation(
        self, client: Any, amount: str
    ) -> None:
        number = (await client.create(billing_type="m"))[1]["virtual_account"]
        form = {"va": number, "amount": amount or "x"}

        answer = await client.http.post("/bayar", data=form)

        assert answer.status_code == 303
        legal = amount.startswith("9")  # a minimum billing takes any amount above it
        assert answer.headers["location"].startswith("/berhasil" if legal else "/konfirmasi")

    async def test_an_unknown_number_says_so(self, client: Any) -> None:
        answer = await client.http.get("/konfirmasi?va=123", follow_redirects=True)

        assert "tidak dikenal bank" in answer.text

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
