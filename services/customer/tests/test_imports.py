"""A44: taking over a spreadsheet of customers or products: what the dry run says."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from spreadsheets import Book, csv_lines

from customer.importer import Importer
from customer.store import imports as store
from shared.database import Sessions
from shared.sheets.cells import Column
from shared.sheets.writer import WRITERS, Table
from shared.testing import ADMIN, SARI, WAWAN
from shared.testing.plugin import CallAs

PATH = "/api/v1/imports"
HEAD = "Nama;No. HP;Alamat;Marketing\r\n"
SITI = "Ibu Siti Aminah;0812 3456 7890;Depok;Ibu Sari\r\n"
MAHMUD = "Bapak Mahmud Sulaiman;8561101133;Bogor, Jawa Barat;Bapak Wawan\r\n"
FILE = (HEAD + MAHMUD + SITI).encode()

Made = dict[str, Any]
Make = Callable[..., Awaitable[Made]]
Upload = Callable[..., Awaitable[Made]]
Work = Callable[[], Awaitable[int]]
Published = Callable[[], Awaitable[list[Made]]]


class TestLooking:
    async def test_a44_the_dry_run_says_what_each_row_does_and_writes_no_customer(
        self, upload: Upload, rows_of: Any, register: Make, people: Any, published: Published
    ) -> None:
        await register(WAWAN)
        await register(WAWAN, name="Pak Budi", phone="0813 1111 2222", address="Bekasi")
        same = MAHMUD
        changed = "Budi;0813-1111-2222;Bekasi Timur;\r\n"
        bad = "Rudi;021;Depok;Ibu Sarih\r\n"

        made = await upload((HEAD + same + changed + SITI + bad).encode())

        assert made["rows"] == {"new": 1, "changed": 1, "same": 1, "rejected": 1}
        rows = await rows_of(made)
        assert [row["verdict"] for row in rows] == ["same", "changed", "new", "rejected"]
        told = {c["field"]: (c["before"], c["after"]) for c in rows[1]["changes"]}
        assert told == {"name": ("Pak Budi", "Budi"), "address": ("Bekasi", "Bekasi Timur")}
        assert [(f["field"], f["proposal"]) for f in rows[3]["faults"]] == [
            ("phone", ""),
            ("marketing", "Ibu Sari"),
        ]
        assert set(await people()) == {"Bapak Mahmud Sulaiman", "Pak Budi"}
        assert len(await published()) == 2

    @pytest.mark.parametrize(
        ("cell", "proposal"),
        [
            ("0856 110 1133 / 0812 3456 7890", "0856 110 1133"),
            ("O856 11O 1133", "0856 110 1133"),
            ("8,561E+10", ""),
            ("tidak ada", ""),
        ],
    )
    async def test_a_phone_that_is_unclear_is_refused_with_a_repair(
        self, upload: Upload, rows_of: Any, cell: str, proposal: str
    ) -> None:
        made = await upload((HEAD + f"Ani;{cell};Depok;Ibu Sari\r\n").encode())

        [row] = await rows_of(made, verdict="rejected")
        [fault] = row["faults"]
        assert (fault["field"], fault["proposal"]) == ("phone", proposal)

    async def test_b5_a_cell_of_nothing_but_control_characters_is_empty(
        self, upload: Upload, rows_of: Any
    ) -> None:
        sheet = Table("Data", tuple(Column(key, key) for key in ("Nama", "No. HP", "Alamat")))
        file = io.BytesIO()
        writer = WRITERS["xlsx"](file, [])
        writer.begin(sheet)
        writer.add([{"Nama": "\x80", "No. HP": "0812 3456 7890", "Alamat": "Depok"}])
        writer.finish()

        made = await upload(file.getvalue(), marketing_id=str(WAWAN.user_id))

        [row] = await rows_of(made)
        assert [(f["field"], f["reason"]) for f in row["faults"]] == [("name", "Wajib diisi.")]

    async def test_the_same_person_twice_in_a_file_is_refused_the_second_time(
        self, upload: Upload, rows_of: Any
    ) -> None:
        made = await upload((HEAD + SITI + SITI).encode())

        assert made["rows"] == {"new": 1, "changed": 0, "same": 0, "rejected": 1}
        assert "baris 2" in (await rows_of(made, verdict="rejected"))[0]["faults"][0]["reason"]

    async def test_a_shared_phone_is_never_guessed(
        self, upload: Upload, rows_of: Any, register: Make
    ) -> None:
        first = await register(WAWAN)
        row = "Ibu Fatimah;08561101133;Bogor;\r\n"
        one = await upload((HEAD + row).encode(), marketing_id=str(WAWAN.user_id))
        await register(WAWAN, name="Ibu Fatimah")
        two = await upload((HEAD + row).encode())

        of_one, of_two = (await rows_of(one))[0], (await rows_of(two))[0]
        assert (of_one["verdict"], of_two["verdict"]) == ("rejected", "rejected")
        assert of_one["faults"][0]["proposal"] == first["number"]
        assert of_two["faults"][0]["proposal"] == "PLG-000002"

    async def test_a43_an_import_moves_nobody_to_another_marketing(
        self, upload: Upload, rows_of: Any, register: Make
    ) -> None:
        await register(WAWAN)

        made = await upload((HEAD + MAHMUD.replace("Bapak Wawan", "Ibu Sari")).encode())

        [row] = await rows_of(made)
        assert row["faults"][0]["proposal"] == "Bapak Wawan"

    async def test_an_empty_cell_changes_nothing(
        self, upload: Upload, register: Make, people: Any
    ) -> None:
        await register(WAWAN, email="m@example.com")

        made = await upload(b"Nama;HP;Alamat;Surel\r\nBapak Mahmud Sulaiman;8561101133;;")

        assert made["rows"]["same"] == 1

    @pytest.mark.parametrize(
        ("content", "reason"),
        [(b"", "kosong"), (b"%PDF-1.7", "PDF"), (b"Nama;HP\r\n", "Tidak ada baris")],
    )
    async def test_b1_what_is_no_table_is_refused_and_not_kept(
        self, upload: Upload, call_as: CallAs, content: bytes, reason: str
    ) -> None:
        refused = await upload(content, status=422)

        assert reason in refused["detail"]
        assert (await call_as(ADMIN).get(PATH)).json()["total"] == 0


class TestMatching:
    async def test_columns_named_by_a_person_are_remembered_for_the_same_headings(
        self, upload: Upload, call_as: CallAs
    ) -> None:
        content = b"Sebutan;Kontak;Domisili\r\nSiti;08123456789;Depok\r\n"
        first = await upload(content)
        named = {"columns": {"name": 0, "phone": 1, "address": 2}}
        named |= {"marketing_id": str(SARI.user_id)}

        matched = await call_as(ADMIN).patch(f"{PATH}/{first['id']}", named, version=None)
        again = await upload(content, marketing_id=str(SARI.user_id))

        assert first["rows"]["rejected"] == 1
        assert matched.json()["rows"]["new"] == again["rows"]["new"] == 1
        assert (first["layout"], again["layout"]) == ("guessed", "remembered")
        assert again["columns"][1] == {
            "place": 1,
            "heading": "Kontak",
            "field": "phone",
            "samples": ["08123456789"],
        }

    @pytest.mark.parametrize("columns", [{"name": 9}, {"owner": 0}, {"name": 0, "phone": 0}])
    async def test_b3_columns_that_make_no_sense_are_refused(
        self, upload: Upload, call_as: CallAs, columns: Made
    ) -> None:
        made = await upload(FILE)

        answer = await call_as(ADMIN).patch(
            f"{PATH}/{made['id']}", {"columns": columns}, version=None
        )

        assert answer.status_code == 422

    async def test_a_cell_is_mended_in_place(
        self, upload: Upload, call_as: CallAs, rows_of: Any
    ) -> None:
        made = await upload((HEAD + "Ani;021;Depok;Ibu Sari\r\n").encode())
        path = f"{PATH}/{made['id']}/rows/2"

        mended = await call_as(ADMIN).patch(
            path, {"texts": {"phone": "0812 3456 7890"}}, version=None
        )

        assert mended.json()["rows"]["new"] == 1
        [row] = await rows_of(made)
        assert {text["field"]: text["text"] for text in row["texts"]}["phone"] == "0812 3456 7890"
        unknown = await call_as(ADMIN).patch(path, {"texts": {"owner": "x"}}, version=None)
        assert unknown.status_code == 422


class TestFiles:
    @pytest.mark.parametrize("kind", ["customers", "products"])
    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    async def test_the_template_can_be_imported(
        self, call_as: CallAs, upload: Upload, kind: str, form: str
    ) -> None:
        params = {"kind": kind, "format": form}
        answer = await call_as(ADMIN).get(f"{PATH}/template", params=params)

        made = await upload(answer.content, kind, marketing_id=str(WAWAN.user_id))

        assert made["rows"] == {"new": 1, "changed": 0, "same": 0, "rejected": 0}

    async def test_b6_problem_rows_come_with_reasons_and_without_formulas(
        self, call_as: CallAs, upload: Upload
    ) -> None:
        made = await upload((HEAD + "=1+1;021;Depok;Ibu Sari\r\n" + SITI).encode())

        path = f"{PATH}/{made['id']}/problems"
        text = await call_as(ADMIN).get(path, params={"format": "csv"})
        book = await call_as(ADMIN).get(path)

        line = csv_lines(text.content)[3]
        assert line[1:4] == ["'=1+1", "'021", "Depok"]
        assert line[-2].startswith("No. HP: Bukan nomor HP")
        assert Book(book.content).table()[0]["Nama"] == "'=1+1"

    async def test_a44_an_export_of_customers_imported_again_changes_nothing(
        self, upload: Upload, register: Make
    ) -> None:
        """The columns and words are those of the export of the list of customers."""
        for person, name in ((WAWAN, "Bapak Mahmud"), (SARI, "Ibu Siti"), (SARI, "'Aisyah")):
            await register(person, name=name, email="a@example.com", address="Jl. Mawar\nBogor")
        keys = ("No. pelanggan", "Nama", "No. HP", "Alamat", "Surel", "Marketing", "Status")
        columns = tuple(Column(key, key) for key in keys)
        for kind in ("csv", "xlsx"):
            file = io.BytesIO()
            writer = WRITERS[kind](file, [("Daftar", "Pelanggan")])
            writer.begin(Table("Pelanggan", columns))
            writer.add([_exported(no) for no in range(3)])
            writer.finish()

            made = await upload(file.getvalue())

            assert made["rows"] == {"new": 0, "changed": 0, "same": 3, "rejected": 0}


def _exported(no: int) -> Mapping[str, str]:
    name, owner = [
        ("Bapak Mahmud", "Bapak Wawan"),
        ("Ibu Siti", "Ibu Sari"),
        ("'Aisyah", "Ibu Sari"),
    ][no]
    return {
        "No. pelanggan": f"PLG-{no + 1:06d}",
        "Nama": name,
        "No. HP": "+628561101133",
        "Alamat": "Jl. Mawar\nBogor",
        "Surel": "a@example.com",
        "Marketing": owner,
        "Status": "Aktif",
    }


class TestProducts:
    HEAD = "Kode;Nama;Harga;Jenis\r\n"

    async def test_a44_prices_are_read_as_the_file_spells_them(
        self, upload: Upload, act: Any, work: Work, call_as: CallAs
    ) -> None:
        rows = (
            "KAV-36;Kavling 36;1.250.000,00;Sekali bayar\r\nNET-20;20 Mbps;Rp 350.000;bulanan\r\n"
        )
        made = await upload((self.HEAD + rows).encode(), "products")
        await act(made, "run", whole=True)
        await work()

        found = (await call_as(ADMIN).get("/api/v1/products")).json()["items"]
        assert {each["code"]: (each["price_idr"], each["kind"]) for each in found} == {
            "KAV-36": (1_250_000, "one_off"),
            "NET-20": (350_000, "subscription"),
        }
        again = await upload((self.HEAD + rows).encode(), "products")
        assert again["rows"]["same"] == 2

    @pytest.mark.parametrize(
        ("price", "proposal"),
        [("1.500", "1500"), ("1.250.000,50", "1250000"), ("gratis", ""), ("0", "")],
    )
    async def test_m1_an_amount_that_is_unclear_is_refused_and_never_rounded(
        self, upload: Upload, rows_of: Any, price: str, proposal: str
    ) -> None:
        content = (self.HEAD + f"A-1;Kavling;{price};sekali\r\n").encode()
        made = await upload(content, "products")

        [row] = await rows_of(made)
        assert [(f["field"], f["proposal"]) for f in row["faults"]] == [("price_idr", proposal)]


class TestWhoMay:
    async def test_a1_marketing_imports_nothing_and_sees_no_import(
        self, upload: Upload, call_as: CallAs
    ) -> None:
        made = await upload(FILE)
        him = call_as(WAWAN)

        answers = [
            await him.get(PATH),
            await him.get(f"{PATH}/{made['id']}"),
            await him.get(f"{PATH}/template", params={"kind": "customers"}),
            await him.post(f"{PATH}/{made['id']}/run", {"whole": True}),
        ]

        assert [answer.status_code for answer in answers] == [403] * 4

    async def test_a3_the_database_hides_staged_rows_from_a_marketing(
        self, upload: Upload, sessions: Sessions
    ) -> None:
        made = await upload(FILE)

        async with sessions.begin(WAWAN) as session:
            assert await store.rows(session, made["id"]) == []

    async def test_p3_drafts_that_nobody_ran_are_forgotten(
        self, upload: Upload, sessions: Sessions, clock: Any, call_as: CallAs
    ) -> None:
        await upload(FILE)
        clock.advance(timedelta(days=31))

        await Importer(sessions, "customer").forget_step()

        assert (await call_as(ADMIN).get(PATH)).json()["total"] == 0
