"""P16: a bank statement is looked at, then imported; nothing is kept between the two pages."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest

from dashboard.domain.files import BYTES_MAX, File, unpack
from shared.testing import ADMIN, WAWAN

STATEMENT = UUID(int=0xBB1)
CONTENT = b"Tanggal;Keterangan\r\n23/11/2026;SETORAN\r\n"
PLAIN = {"content-type": "application/x-www-form-urlencoded"}


async def choose(caller: Any, content: bytes = CONTENT, name: str = "mutasi.csv") -> Any:
    """Send the first step as a browser without script does."""
    head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    headers = {"content-type": "multipart/form-data; boundary=b"}
    body = head.encode() + content + b"\r\n--b--\r\n"
    return await caller.call("POST", "/bank/import", content=body, headers=headers)


async def send(caller: Any, act: str, **changed: str) -> Any:
    """Send the second step, with the file riding in the form."""
    file = File("mutasi.csv", CONTENT)
    values = {"act": act, "file_name": file.name, "packed": file.packed, **changed}
    body = urlencode({"idempotency_key": "key-of-the-form", **values}).encode()
    return await caller.call("POST", "/bank/import", content=body, headers=PLAIN)


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def fields_of(body: bytes) -> dict[str, str]:
    found = re.findall(
        rb'name="([a-z_]+)"(?:; filename="[^"]*")?\r\n.*?\r\n(.*?)\r\n--', body, re.S
    )
    return {name.decode(): text.decode().lstrip("\r\n") for name, text in found}


class TestLooking:
    async def test_the_file_is_only_looked_at_and_rides_in_the_next_form(
        self, call_as: Any, company: Any
    ) -> None:
        response = await choose(call_as(ADMIN))

        [(headers, body)] = company.sent("POST /statements")
        assert fields_of(body) == {"dry_run": "true", "file": CONTENT.decode()}
        assert len(headers["idempotency-key"]) == 32
        packed = re.search(r'name="packed" value="([^"]+)"', response.text)
        assert packed is not None
        assert unpack("a", packed[1]) == File("a", CONTENT)

    async def test_it_says_what_importing_would_change(self, call_as: Any) -> None:
        html = (await choose(call_as(ADMIN))).text

        assert "2 baris baru</span>, 1 sudah dikenal dan dilewati" in html
        assert "Saldo awal ditambah semua baris sama dengan saldo akhir" in html
        assert "Rp2.747.500" in html
        assert "−Rp2.500" in html
        assert "Mutasi 22/11/2026 belum diimpor" in html
        assert "Ditebak dari judul kolom" in html
        assert "Impor 2 baris" in html
        assert html.count("Sudah ada") == 1

    async def test_columns_that_a_person_chose_go_along(self, call_as: Any, company: Any) -> None:
        chosen = {"column-0": "day", "column-2": "description", "column-5": "", "column-9": "x"}

        await send(call_as(ADMIN), "look", account="88.1000-1234", **chosen)

        [(_, body)] = company.sent("POST /statements")
        fields = fields_of(body)
        assert json.loads(fields["columns"]) == {"day": 0, "description": 2}
        assert (fields["account"], fields["dry_run"]) == ("8810001234", "true")

    @pytest.mark.parametrize(
        ("typed", "sent"),
        [("", None), ("Rp2.000.000", "2000000"), (" 2.000.000,00 ", "2000000"), ("-500", "-500")],
    )
    async def test_an_opening_that_the_file_lacks_goes_along(
        self, call_as: Any, company: Any, typed: str, sent: str | None
    ) -> None:
        await send(call_as(ADMIN), "look", opening=typed)

        [(_, body)] = company.sent("POST /statements")
        assert fields_of(body).get("opening_idr") == sent

    @pytest.mark.parametrize(
        ("chosen", "sent"), [("", None), ("month_first", "month_first"), ("x", None)]
    )
    async def test_an_order_of_dates_that_a_person_chose_goes_along(
        self, call_as: Any, company: Any, chosen: str, sent: str | None
    ) -> None:
        response = await send(call_as(ADMIN), "look", order=chosen)

        [(_, body)] = company.sent("POST /statements")
        assert fields_of(body).get("date_order") == sent
        assert f'<option value="{sent or ""}" selected>' in response.text

    @pytest.mark.parametrize("typed", ["dua juta", "2.000.000,50", "2,000", "--5"])
    async def test_m1_an_opening_that_is_no_rupiah_is_said_and_stays(
        self, call_as: Any, company: Any, typed: str
    ) -> None:
        response = await send(call_as(ADMIN), "import", opening=typed, **{"column-3": "direction"})

        assert response.status_code == 422
        assert "Saldo awal belum terbaca" in response.text
        assert f'value="{typed}"' in response.text
        assert '<option value="direction" selected>Arah uang (D/K)' in response.text
        assert [fields_of(body)["dry_run"] for _, body in company.sent("POST /statements")] == [
            "true"
        ]

    async def test_one_meaning_for_two_columns_is_said_and_the_choice_stays(
        self, call_as: Any, company: Any
    ) -> None:
        twice = {"column-3": "credit", "column-4": "credit"}

        response = await send(call_as(ADMIN), "import", **twice)

        assert response.status_code == 422
        assert "Dua kolom sama-sama dicocokkan sebagai Kredit (masuk)" in response.text
        assert response.text.count('<option value="credit" selected>') == 2
        dry_runs = [fields_of(body)["dry_run"] for _, body in company.sent("POST /statements")]
        assert dry_runs == ["true"]


class TestRefusals:
    async def test_b1_every_line_that_is_wrong_is_named(self, call_as: Any, company: Any) -> None:
        errors = [
            {"field": "line 9", "message": "sen 50 tidak diterima."},
            {"field": "line 12", "message": "“x” bukan tanggal."},
        ]
        detail = "Berkas mutasi ditolak. Baris 9: sen 50 tidak diterima."
        company.answers["POST /statements"] = [422, {"detail": detail, "errors": errors}]

        response = await choose(call_as(ADMIN))

        assert response.status_code == 422
        assert detail in response.text
        assert "Baris 12</span>: “x” bukan tanggal." in response.text
        assert "Cocokkan kolom" not in response.text

    async def test_columns_that_are_not_understood_may_be_named(
        self, call_as: Any, company: Any
    ) -> None:
        columns = company.answers["POST /statements"][1]["columns"]
        problem = {"detail": "Kolom belum lengkap dicocokkan.", "columns": columns}
        company.answers["POST /statements"] = [422, problem]

        html = (await choose(call_as(ADMIN))).text

        assert "Cocokkan kolom" in html
        assert "Contoh isi: VA 8810081234567890" in html
        assert 'name="packed"' in html

    @pytest.mark.parametrize("content", [b"", b"x" * (BYTES_MAX + 1)], ids=["empty", "too large"])
    async def test_b4_no_file_or_one_too_large_is_said_at_its_field(
        self, call_as: Any, company: Any, content: bytes
    ) -> None:
        response = await choose(call_as(ADMIN), content)

        assert response.status_code == 422
        assert "Pilih berkas mutasi yang berisi, paling besar 5 MiB." in response.text
        assert not company.sent("POST /statements")

    @pytest.mark.parametrize("packed", ["", "x", "%%%", "AAAA", File("a", b"").packed])
    async def test_a_form_that_lost_its_file_starts_again(
        self, call_as: Any, company: Any, packed: str
    ) -> None:
        response = await send(call_as(ADMIN), "import", packed=packed)

        assert response.status_code == 422
        assert not company.sent("POST /statements")

    def test_b4_a_packed_file_never_grows_beyond_the_limit(self) -> None:
        assert unpack("a", File("a", b"0" * (BYTES_MAX + 1)).packed) is None
        assert unpack("a", File("a", b"0" * BYTES_MAX).packed) is not None


class TestImporting:
    async def test_i_pressed_twice_the_same_bytes_go_out_under_the_same_key(
        self, call_as: Any, company: Any
    ) -> None:
        done = company.answers["POST /statements"][1] | {"id": str(STATEMENT)}
        company.answers["POST /statements"] = [201, done]

        answers = [await send(call_as(ADMIN), "import") for _ in "ab"]

        assert {answer.headers["location"] for answer in answers} == {
            f"/bank/statements/{STATEMENT}?said=statement"
        }
        (first, second) = company.sent("POST /statements")
        assert first[0]["idempotency-key"] == "key-of-the-form"
        assert fields_of(first[1])["dry_run"] == "false"
        assert first[1] == second[1]
        assert first[0]["content-type"] == second[0]["content-type"]

    async def test_a_file_that_is_known_says_that_nothing_changed(
        self, call_as: Any, company: Any
    ) -> None:
        done = company.answers["POST /statements"][1] | {"id": str(STATEMENT), "new_count": 0}
        company.answers["POST /statements"] = [201, done]

        response = await send(call_as(ADMIN), "import")

        assert response.headers["location"].endswith("?said=statement_known")

    async def test_the_result_shows_the_proof_and_the_lines(self, call_as: Any) -> None:
        path = f"/bank/statements/{STATEMENT}?said=statement"
        html = (await call_as(ADMIN).get(path)).text

        assert "Mutasi terimpor." in html
        assert "9 Des 2026 13.55 WIB" in html
        assert "=BIAYA ADM" in html

    async def test_r3_the_result_says_what_went_by_itself_and_what_needs_a_person(
        self, call_as: Any
    ) -> None:
        html = (await call_as(ADMIN).get(f"/bank/statements/{STATEMENT}")).text

        said = text_of(html)
        assert "1 hal perlu ditangani; 2 baris cocok dengan sendirinya" in said
        assert "Membuktikan pembayaran yang baru dikabarkan callback Rp1.250.000 1" in said
        assert "Biaya bank, dicatat menurut aturan Rp2.500 1" in said
        assert "Sudah dikenal, dilewati 1" in said
        assert '<a class="font-semibold after:absolute after:inset-0" href="/exceptions' in html
        assert 'href="/exceptions?kind=overpaid">Lebih bayar</a>' in html
        assert "every 2s" not in html

    async def test_r3_the_result_puts_the_banks_balance_beside_the_ledgers(
        self, call_as: Any
    ) -> None:
        said = text_of((await call_as(ADMIN).get(f"/bank/statements/{STATEMENT}")).text)

        assert (
            "Menurut mutasi, akhir 24 Nov 2026 Rp2.247.500 Menurut buku Rp2.250.000"
            " Selisih \u2212Rp2.500 Sebab selisih Menunggu orang di Pengecualian (1) \u2212Rp2.500"
            in said
        )

    async def test_r3_a_file_whose_day_still_ran_says_why_nothing_is_compared(
        self, call_as: Any, company: Any
    ) -> None:
        path = f"GET /statements/{STATEMENT}"
        company.answers[path] = company.answers[path] | {"balance": None}

        said = text_of((await call_as(ADMIN).get(f"/bank/statements/{STATEMENT}")).text)

        assert "hari terakhir berkas ini masih berjalan ketika diimpor" in said

    async def test_while_lines_are_compared_it_shows_how_far_and_reloads_without_script(
        self, call_as: Any, company: Any
    ) -> None:
        self.becomes(company, compared=False, pending=1)

        html = (await call_as(ADMIN).get(f"/bank/statements/{STATEMENT}")).text

        assert "Sedang dicocokkan: 1 dari 2 baris" in html
        assert '<progress class="progress w-full" value="1" max="2"' in html
        assert 'hx-trigger="every 2s"' in html
        assert f'href="/bank/statements/{STATEMENT}"' in html
        assert "Muat ulang" in html

    async def test_a_result_without_matters_says_so(self, call_as: Any, company: Any) -> None:
        self.becomes(company)

        said = text_of((await call_as(ADMIN).get(f"/bank/statements/{STATEMENT}")).text)

        assert "Tidak ada yang perlu ditangani; 2 baris cocok dengan sendirinya" in said

    async def test_what_waits_for_a_person_is_counted_apart(
        self, call_as: Any, company: Any
    ) -> None:
        self.becomes(company, waiting=2, decided=1, open={"a_new_kind": 2})

        said = text_of((await call_as(ADMIN).get(f"/bank/statements/{STATEMENT}")).text)

        assert "Sudah diputuskan orang" in said
        assert "Menunggu keputusan orang" in said
        assert "Hal lain" in said

    def becomes(self, company: Any, *, compared: bool = True, **told: Any) -> None:
        """Let the statement's lines have these fates."""
        key = f"GET /statements/{STATEMENT}"
        figures = {
            name: {kind: {"count": n, "amount_idr": n} for kind, n in counts.items()}
            for name, counts in (("open", told.pop("open", {})), ("lines", told))
        }
        before = company.answers[key]["outcome"]
        figures["lines"] = before["lines"] | figures["lines"]
        company.answers[key] = company.answers[key] | {"outcome": {"compared": compared, **figures}}

    async def test_a1_marketing_sends_nothing(self, call_as: Any, company: Any) -> None:
        response = await choose(call_as(WAWAN))

        assert response.status_code == 404
        assert not company.sent("POST /statements")
