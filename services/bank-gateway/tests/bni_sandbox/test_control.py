"""The control page: every knob, the records, and no foreign page may press a button."""

import re
from importlib.resources import files
from typing import Any

import httpx
import pytest

from bni_sandbox.domain.faults import SCENARIOS, Faults

PAGES = ["", "/tagihan", "/pembayaran", "/permintaan", "/mutasi"]


async def faults(client: Any) -> dict[str, Any]:
    return dict((await client.http.get("/simulate/faults")).json())


class TestTheKnobs:
    async def test_the_page_has_a_field_for_every_fault(self, client: Any) -> None:
        page = (await client.http.get("/kendali")).text

        assert [name for name in Faults.model_fields if f'name="{name}"' not in page] == []

    def test_the_readme_names_every_fault(self) -> None:
        readme = (files("bni_sandbox") / "README.md").read_text()

        assert [name for name in Faults.model_fields if f"`{name}`" not in readme] == []

    async def test_what_is_typed_is_set(self, client: Any) -> None:
        form = {
            "drop": "12,5", "delay_ms": "3000", "error_code": "996", "error_rate": "50",
            "operations": ["inquirybilling", "createbilling"], "seed": "7", "clock_skew_s": "-60",
            "statement_unbalanced": "true",
        }  # fmt: skip
        answer = await client.http.post("/kendali", data=form)

        assert answer.status_code == 303
        assert await faults(client) == Faults(
            drop=0.125, delay_ms=3000, error_code="996", error_rate=0.5, seed=7, clock_skew_s=-60,
            operations=("inquirybilling", "createbilling"), statement_unbalanced=True,
        ).model_dump(mode="json")  # fmt: skip

    async def test_the_form_as_shown_changes_nothing(self, client: Any) -> None:
        wanted = Faults(drop=0.125, error_code="996", seed=3)
        await client.faults(**wanted.model_dump(mode="json"))
        page = (await client.http.get("/kendali")).text
        fields = dict(re.findall(r'<input id="k-\w+" name="(\w+)" value="([^"]*)"', page))

        await client.http.post("/kendali", data=fields)

        assert await faults(client) == wanted.model_dump(mode="json")

    @pytest.mark.parametrize(
        "form",
        [{"drop": "101"}, {"drop": "x"}, {"drop": "nan"}, {"delay_ms": "1.5"}, {"seed": "a"}],
    )
    async def test_a_wrong_field_changes_nothing_and_is_named(
        self, client: Any, form: dict[str, str]
    ) -> None:
        before = await faults(client)

        answer = await client.http.post("/kendali", data=form)

        [(name, typed)] = form.items()
        assert answer.status_code == 422
        assert f"<b>{name}</b>" in answer.text
        assert f'value="{typed}"' in answer.text
        assert await faults(client) == before

    @pytest.mark.parametrize("name", SCENARIOS)
    async def test_a_scenario_takes_the_place_of_all(self, client: Any, name: str) -> None:
        await client.faults(clock_skew_s=5)
        page = (await client.http.get("/kendali")).text

        await client.http.post("/kendali/skenario", data={"nama": name})

        assert f'value="{name}"' in page
        assert await faults(client) == SCENARIOS[name].model_dump(mode="json")

    async def test_all_are_cleared_at_once(self, client: Any) -> None:
        await client.faults(drop=1, seed=1)
        await client.http.post("/kendali/bersihkan")
        assert await faults(client) == Faults().model_dump(mode="json")


class TestTheRecords:
    async def test_a_billing_is_found_by_number_name_and_description(self, client: Any) -> None:
        number = (await client.create(description="INV/77"))[1]["virtual_account"]
        for search in (number, "T1", "mahmud", "INV/77"):
            page = await client.http.get("/kendali/tagihan", params={"cari": search})
            assert "MAHMUD SULAIMAN" in page.text
        nothing = await client.http.get("/kendali/tagihan", params={"cari": "%"})
        assert "Tidak ada yang cocok" in nothing.text

    async def test_a_payment_shows_its_tries_and_can_be_sent_twice(
        self, client: Any, merchant: Any, sandbox: Any
    ) -> None:
        merchant.answers = [httpx.Response(200, json={"status": "999"})]
        number = (await client.create())[1]["virtual_account"]
        paid = (await client.pay(number, 100_000)).json()
        page = (await client.http.get("/kendali/pembayaran")).text

        path = f"/kendali/pembayaran/{paid['payment_id']}"
        sent = await client.http.post(path, data={"kali": "2"}, follow_redirects=True)
        await sandbox.sender.step()

        assert "1 kali dicoba; berikutnya 23 Nov 2026 09.00.02 WIB" in page
        assert "&#34;status&#34;:&#34;999&#34;" in page
        assert "dikirim dua kali" in sent.text
        assert len(merchant.bodies) == 3

    async def test_requests_are_listed_with_the_banks_words(self, client: Any) -> None:
        await client.create()
        await client.create()

        page = (await client.http.get("/kendali/permintaan")).text

        assert "createbilling" in page
        assert "Duplicate Billing ID." in page

    async def test_money_is_booked_and_printed(self, client: Any) -> None:
        form = {"jenis": "credit", "jumlah": "1.500.000", "nama": "SITI", "berita": "KAVLING"}
        booked = await client.http.post("/kendali/mutasi", data=form, follow_redirects=True)
        fee = await client.http.post("/kendali/mutasi", data={"jenis": "fee", "jumlah": "2.500"})
        text = (await client.http.get("/simulate/statements?format=csv")).text

        assert "TRF DARI SITI KAVLING" in booked.text
        assert fee.status_code == 303
        assert 'Closing Balance,"26.497.500,00"' in text

    @pytest.mark.parametrize("jumlah", ["", "x", "99.999.999.999.999"])
    async def test_what_cannot_be_booked_says_why(self, client: Any, jumlah: str) -> None:
        form = {"jenis": "debit", "jumlah": jumlah}
        answer = await client.http.post("/kendali/mutasi", data=form)
        assert answer.status_code == 422
        assert "Tidak ada yang dibukukan" in answer.text

    async def test_the_bank_is_emptied_only_when_the_box_is_ticked(self, client: Any) -> None:
        await client.create()
        await client.http.post("/kendali/kosongkan")
        kept = (await client.http.get("/simulate/billings")).json()
        await client.http.post("/kendali/kosongkan", data={"yakin": "ya"})

        assert len(kept) == 1
        assert (await client.http.get("/simulate/billings")).json() == []


class TestThePages:
    @pytest.mark.parametrize("path", PAGES)
    async def test_w5_they_have_no_script_and_say_that_they_are_a_sandbox(
        self, client: Any, path: str
    ) -> None:
        number = (await client.create(customer_name="<b>X</b>" * 20))[1]["virtual_account"]
        await client.pay(number, 100_000)

        page = await client.http.get(f"/kendali{path}")

        assert page.status_code == 200
        assert "Sandbox, bukan uang sungguhan" in page.text
        assert "<b>X</b>" not in page.text
        assert not re.search(r"<script|\sstyle=|<style|\son\w+=|None|undefined", page.text)

    async def test_a_list_refreshes_itself_only_when_asked(self, client: Any) -> None:
        still = await client.http.get("/kendali/pembayaran")
        live = await client.http.get("/kendali/pembayaran?langsung=1")

        assert "refresh" not in still.headers
        assert live.headers["refresh"] == "5"

    @pytest.mark.parametrize(
        "headers",
        [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://evil"},
         {"Origin": "null"}],
    )  # fmt: skip
    @pytest.mark.parametrize("path", ["/kendali/bersihkan", "/bayar", "/simulate/reset"])
    async def test_w4_another_site_cannot_press_a_button(
        self, client: Any, path: str, headers: dict[str, str]
    ) -> None:
        await client.faults(drop=1)

        answer = await client.http.post(path, headers=headers)

        assert answer.status_code == 403
        assert (await faults(client))["drop"] == 1

    @pytest.mark.parametrize("origin", ["http://bank", "null"])
    async def test_w4_its_own_pages_can(self, client: Any, origin: str) -> None:
        """They send no referrer, so a browser names their origin "null"."""
        own = {"Sec-Fetch-Site": "same-origin", "Origin": origin}
        assert (await client.http.post("/kendali/bersihkan", headers=own)).status_code == 303
