"""A44: the wizard of imports: choose, match, look and mend, run, result, take back."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest

from shared.testing import ADMIN, WAWAN

DRAFT, RUNNING, DONE = UUID(int=0x1A1), UUID(int=0x1A2), UUID(int=0x1A3)
CONTENT = b"Nama;No. HP\r\nSiti;0812\r\n"


async def choose(caller: Any, content: bytes = CONTENT, **fields: str) -> Any:
    """Send the first step as a browser without script does."""
    values = {"kind": "customers", "marketing_id": "", "idempotency_key": "kunci-unggah", **fields}
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in values.items()
    )
    head = '--b\r\nContent-Disposition: form-data; name="file"; filename="data.csv"\r\n\r\n'
    body = parts.encode() + head.encode() + content + b"\r\n--b--\r\n"
    headers = {"content-type": "multipart/form-data; boundary=b"}
    return await caller.call("POST", "/imports/new", content=body, headers=headers)


async def send(caller: Any, path: str, **fields: str) -> Any:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    body = urlencode(fields).encode()
    return await caller.call("POST", f"/imports/{path}", content=body, headers=headers)


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


class TestUploading:
    async def test_the_file_is_handed_on_and_its_columns_are_shown(
        self, call_as: Any, company: Any
    ) -> None:
        response = await choose(call_as(ADMIN))

        assert response.status_code == 303
        assert response.headers["location"] == f"/imports/{DRAFT}?step=columns"
        [(headers, body)] = company.sent("POST /imports")
        assert headers["idempotency-key"] == "kunci-unggah"
        assert CONTENT in body

    async def test_without_a_file_the_form_says_so(self, call_as: Any, company: Any) -> None:
        response = await choose(call_as(ADMIN), b"")

        assert response.status_code == 422
        assert "Pilih berkas yang berisi" in response.text
        assert company.sent("POST /imports") == []

    async def test_b1_a_refused_file_is_explained_at_its_field(
        self, call_as: Any, company: Any
    ) -> None:
        fault = {"field": "file", "message": "Ini berkas PDF. Tidak ada yang tersimpan."}
        company.answers["POST /imports"] = [422, {"detail": "x", "errors": [fault]}]

        response = await choose(call_as(ADMIN))

        assert response.status_code == 422
        assert "Ini berkas PDF. Tidak ada yang tersimpan." in response.text

    async def test_templates_of_every_kind_can_be_downloaded(self, call_as: Any) -> None:
        html = (await call_as(ADMIN).get("/imports/new")).text

        for kind in ("customers", "products", "bookings"):
            for form in ("xlsx", "csv"):
                assert f"/api/v1/imports/template?kind={kind}&amp;format={form}" in html


class TestMatching:
    async def test_guesses_and_sample_values_are_shown(self, call_as: Any) -> None:
        html = (await call_as(ADMIN).get(f"/imports/{DRAFT}?step=columns")).text

        assert "Contoh isi: 0812 3456 7890 · 021" in html
        assert "Ditebak dari judul kolom" in html
        assert '<option value="phone" selected>' in html

    async def test_choices_go_to_the_service(self, call_as: Any, company: Any) -> None:
        chosen = {"column-0": "name", "column-1": "phone", "column-2": "", "marketing_id": ""}

        response = await send(call_as(ADMIN), f"{DRAFT}/columns", **chosen)

        assert response.headers["location"] == f"/imports/{DRAFT}"
        [(_, body)] = company.sent(f"PATCH /imports/{DRAFT}")
        assert body == {"columns": {"name": 0, "phone": 1}, "marketing_id": None}

    async def test_one_field_for_two_columns_is_refused_here(
        self, call_as: Any, company: Any
    ) -> None:
        chosen = {"column-0": "name", "column-1": "name"}

        response = await send(call_as(ADMIN), f"{DRAFT}/columns", **chosen)

        assert response.status_code == 422
        assert "Dua kolom dipilih untuk isian yang sama" in response.text
        assert company.sent(f"PATCH /imports/{DRAFT}") == []


class TestLooking:
    async def test_what_would_happen_is_said_before_anything_does(self, call_as: Any) -> None:
        text = text_of((await call_as(ADMIN).get(f"/imports/{DRAFT}")).text)

        assert "1 baru, 1 berubah, 1 sudah sama, 1 bermasalah" in text
        assert "Belum ada yang tersimpan" in text
        assert "Jalankan 2 baris" in text
        assert "1 baris bermasalah dilewati" in text

    async def test_a_rejected_cell_has_its_reason_and_the_repair_filled_in(
        self, call_as: Any
    ) -> None:
        html = (await call_as(ADMIN).get(f"/imports/{DRAFT}")).text

        assert 'name="text-marketing" value="Ibu Sari"' in html
        assert "Bukan nama Marketing yang aktif. Tertulis: Ibu Sarih. Usulan sudah" in text_of(html)
        assert f"/api/v1/imports/{DRAFT}/problems?format=xlsx" in html

    async def test_a_change_shows_before_and_after(self, call_as: Any, company: Any) -> None:
        key = f"GET /imports/{DRAFT}/rows"
        row = company.answers[key]["items"][0]
        changes = [
            {"field": "phone", "title": "No. HP", "before": "+628561101133", "after": None},
            {"field": "status", "title": "Status", "before": "active", "after": "inactive"},
            {"field": "active", "title": "Ditawarkan", "before": True, "after": False},
            {"field": "price_idr", "title": "Harga", "before": 1_500, "after": 1_250_000},
            {"field": "kind", "title": "Jenis", "before": "one_off", "after": "subscription"},
        ]
        shown = row | {"verdict": "changed", "faults": [], "changes": changes}
        company.answers[key] = {"items": [shown], "next_after": None}

        text = text_of((await call_as(ADMIN).get(f"/imports/{DRAFT}?verdict=changed")).text)

        for words in ("0856-1101-133 sesudah: kosong", "Aktif sesudah: Tidak aktif"):
            assert words in text
        assert "Rp1.500 sesudah: Rp1.250.000" in text

    async def test_a_mended_cell_goes_to_the_service(self, call_as: Any, company: Any) -> None:
        fields = {"row_no": "12", "text-phone": "0812 3456 7890", "text-x y": "z"}

        response = await send(call_as(ADMIN), f"{DRAFT}/rows", **fields)

        assert response.status_code == 303
        [(_, body)] = company.sent(f"PATCH /imports/{DRAFT}/rows/12")
        assert body == {"texts": {"phone": "0812 3456 7890"}}

    async def test_all_or_nothing_is_offered_only_without_rejected_rows(
        self, call_as: Any, company: Any
    ) -> None:
        before = (await call_as(ADMIN).get(f"/imports/{DRAFT}")).text
        draft = company.answers[f"GET /imports/{DRAFT}"]
        company.answers[f"GET /imports/{DRAFT}"] = draft | {"rows": draft["rows"] | {"rejected": 0}}
        after = (await call_as(ADMIN).get(f"/imports/{DRAFT}")).text

        assert ('value="yes"' in before, 'value="yes"' in after) == (False, True)


class TestRunning:
    @pytest.mark.parametrize(("said", "whole"), [("yes", True), ("no", False)])
    async def test_it_is_run_as_it_was_chosen(
        self, call_as: Any, company: Any, said: str, whole: bool
    ) -> None:
        response = await send(call_as(ADMIN), f"{DRAFT}/run", whole=said)

        assert response.headers["location"] == f"/imports/{DRAFT}"
        assert [body for _, body in company.sent(f"POST /imports/{DRAFT}/run")] == [
            {"whole": whole}
        ]

    async def test_the_page_looks_again_by_itself_and_has_a_link_without_script(
        self, call_as: Any
    ) -> None:
        html = (await call_as(ADMIN).get(f"/imports/{RUNNING}")).text

        assert 'hx-trigger="every 1s"' in html
        assert "Tersimpan 412 dari 1.000 baris." in text_of(html)
        assert f'<a class="btn btn-sm" href="/imports/{RUNNING}">' in html

    async def test_a_refused_run_says_why(self, call_as: Any, company: Any) -> None:
        company.answers[f"POST /imports/{DRAFT}/run"] = [
            409,
            {"detail": "1 baris masih bermasalah."},
        ]

        response = await send(call_as(ADMIN), f"{DRAFT}/run", whole="yes")

        assert response.status_code == 422
        assert "1 baris masih bermasalah." in response.text


class TestTheResult:
    async def test_it_tells_what_was_saved_and_what_was_left_out(self, call_as: Any) -> None:
        html = (await call_as(ADMIN).get(f"/imports/{DONE}")).text

        text = text_of(html)
        assert "Tersimpan 3 baris" in text
        assert "Dilewati karena bermasalah 1 baris" in text
        assert "Baris yang tidak tersimpan" in text
        region = html.partition('id="hasil"')[2].partition(">")[0]
        assert "hx-trigger" not in region
        assert 'hx-select="#hasil"' in region, "an answer that comes late would be the whole page"

    async def test_a44_it_can_be_taken_back(self, call_as: Any, company: Any) -> None:
        html = (await call_as(ADMIN).get(f"/imports/{DONE}")).text
        response = await send(call_as(ADMIN), f"{DONE}/undo")

        assert "Batalkan impor ini" in html
        assert response.headers["location"] == f"/imports/{DONE}"
        assert len(company.sent(f"POST /imports/{DONE}/undo")) == 1

    async def test_what_depends_on_it_is_named(self, call_as: Any, company: Any) -> None:
        why = "1 data dari impor ini sudah dipakai (Ibu Siti)."
        company.answers[f"POST /imports/{DONE}/undo"] = [409, {"detail": why}]

        response = await send(call_as(ADMIN), f"{DONE}/undo")

        assert (response.status_code, why in response.text) == (422, True)


async def test_a1_marketing_finds_none_of_it(call_as: Any) -> None:
    for path in ("/imports", "/imports/new", f"/imports/{DRAFT}"):
        assert (await call_as(WAWAN).get(path)).status_code == 404
