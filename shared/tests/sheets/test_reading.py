"""Tables that people make: separators, encodings, Excel, and what is refused (A44, B4, B8)."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from datetime import UTC, date, datetime

import pytest
import xlsxwriter

from shared.sheets import reading, xlsx
from shared.sheets.cells import Column, Kind
from shared.sheets.reading import ROWS_MAX, Line, Sheet, read
from shared.sheets.text import Unreadable
from shared.sheets.writer import WRITERS, Table

KNOWN = {"nama", "no hp", "alamat"}
HEAD = ("Nama", "No. HP", "Alamat")


def book(*rows: tuple[object, ...], hidden: bool = False) -> bytes:
    """An XLSX as another program writes it: shared texts, formats, formulas."""
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True})
    if hidden:
        made.add_worksheet("rahasia").hide()
    sheet = made.add_worksheet("Data")
    if hidden:
        sheet.activate()
        sheet.set_first_sheet()
    day = made.add_format({"num_format": "dd/mm/yyyy"})
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(at, column, value, day)
            elif isinstance(value, tuple):
                sheet.write_formula(at, column, value[0], None, value[1])
            else:
                sheet.write(at, column, value)
    made.close()
    return file.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read(content, KNOWN)
    return str(caught.value)


class TestText:
    @pytest.mark.parametrize("separator", [";", ",", "\t"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
    def test_a44_every_separator_and_encoding_gives_the_same_table(
        self, separator: str, encoding: str
    ) -> None:
        row = ("Ibu René", "0856 110 1133", '"Jl. Mawar 1, blok ""A""; Bogor"')
        text = "\r\n".join(separator.join(line) for line in (HEAD, row))

        sheet = read(text.encode(encoding), KNOWN)

        address = 'Jl. Mawar 1, blok "A"; Bogor'
        assert sheet == Sheet(HEAD, (Line(2, ("Ibu René", "0856 110 1133", address)),))

    def test_what_stands_above_the_head_and_the_sum_below_are_no_rows(self) -> None:
        text = "Daftar;Pelanggan\nDibuat;9 Des 2026\n\nNama;No. HP\nSiti;0812\n\nJumlah;1\n"

        sheet = read(text.encode(), KNOWN)

        assert (sheet.headings, sheet.lines) == (("Nama", "No. HP"), (Line(5, ("Siti", "0812")),))

    def test_a_person_may_be_called_jumlah(self) -> None:
        sheet = read(b"Nama;No. HP\nSiti;0812\nJumlah;0813\n", KNOWN)

        assert len(sheet.lines) == 2

    def test_unknown_headings_still_make_columns(self) -> None:
        sheet = read(b"Sebutan,Telp\nSiti,0812\n", KNOWN)

        assert sheet.headings == ("Sebutan", "Telp")

    def test_a_cell_over_several_lines_keeps_them_and_the_count(self) -> None:
        sheet = read(b'Nama;Alamat\nSiti;"Jl. Mawar\nBogor"\nBudi;Depok\n', KNOWN)

        assert [line.no for line in sheet.lines] == [2, 4]
        assert sheet.lines[0].cells[1] == "Jl. Mawar\nBogor"

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "kosong"),
            (b"Nama;No. HP\n", "Tidak ada baris"),
            (b"%PDF-1.7", "PDF"),
            (b"\xd0\xcf\x11\xe0x", ".xls"),
            (b"\xff\xfea\x00", "UTF-16"),
            (b"\x89PNG\x0d\x81", "bukan tabel"),
            (b"Nama;No. HP\nSiti\x07;1\n", "bukan teks"),
            (b'Nama;No. HP\n"Siti;1\n', "tanda kutip"),
            (b"Nama;No. HP\n" + b"S;1\n" * (ROWS_MAX + 1), "Lebih dari 5000 baris"),
            (b"Nama;" * 101 + b"\nx", "kolom"),
            (b"Nama;No. HP\n" + b"S" * 4001 + b";1\n", "4000 huruf"),
        ],
    )
    def test_b4_b8_what_is_no_table_is_refused_with_its_reason(
        self, content: bytes, reason: str
    ) -> None:
        assert reason in refusal(content)


class TestExcel:
    def test_cells_are_read_as_they_are_shown(self) -> None:
        content = book(
            HEAD,
            ("Siti", 8_561_101_133, "Bogor"),
            ("Budi", 1.25, datetime(2026, 12, 10, tzinfo=UTC).replace(tzinfo=None)),
            ("Ani", 0.1 + 0.2, True),
            ("Rudi", ("=1+1", 2), ("=A1&A2", "digabung")),
            ("", "", ""),
            ("Sari", 1_250_000.0, date(2026, 12, 10)),
        )

        sheet = read(content, KNOWN)

        assert [(line.no, line.cells) for line in sheet.lines] == [
            (2, ("Siti", "8561101133", "Bogor")),
            (3, ("Budi", "1,25", "2026-12-10")),
            (4, ("Ani", "0,3", "ya")),
            (5, ("Rudi", "2", "digabung")),
            (7, ("Sari", "1250000", "2026-12-10")),
        ]

    def test_a_hidden_sheet_is_not_the_first(self) -> None:
        sheet = read(book(HEAD, ("Siti", "0812", "Bogor"), hidden=True), KNOWN)

        assert sheet.lines == (Line(2, ("Siti", "0812", "Bogor")),)

    def test_a_formula_that_was_never_computed_is_refused_by_its_place(self) -> None:
        content = book(HEAD, ("Siti", ("=A1", ""), "Bogor"))
        plain = _replaced(content, "xl/worksheets/sheet1.xml", b"<v></v>", b"")

        assert "Sel B2 berisi rumus" in refusal(plain)

    def test_b4_an_archive_that_unpacks_too_far_is_refused_before_it_does(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(xlsx, "UNPACKED_BYTES_MAX", 1_000)

        assert "terlalu besar" in refusal(book(HEAD, ("Siti", "1", "Bogor")))

    def test_b4_one_long_text_in_every_cell_is_too_much(self) -> None:
        row = ("x" * 4_000,) * 100

        assert "terlalu banyak" in refusal(book(*(row for _ in range(25))))

    def test_b8_entities_are_not_expanded(self) -> None:
        evil = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><sst><si><t>&b;</t></si></sst>'
        content = book(HEAD, ("Siti", "1", "Bogor"))

        assert "rusak" in refusal(_replaced(content, "xl/sharedStrings.xml", None, evil))

    def test_b4_tags_within_tags_are_not_followed_for_ever(self) -> None:
        deep = b"<w>" + b"<a>" * 3_000_000
        content = _replaced(book(HEAD, ("Siti", "1", "B")), "xl/worksheets/sheet1.xml", None, deep)

        tracemalloc.start()
        try:
            said = refusal(content)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

        assert "rusak" in said
        assert peak < 32 * 1024 * 1024

    @pytest.mark.parametrize(
        ("cell", "reason"),
        [
            (b"<c><v>9E+999990</v></c>", "angka yang terlalu panjang"),
            (b"<c><v>9E-999990</v></c>", "angka yang terlalu panjang"),
            (b"<c><v>1E+9999999</v></c>", "angka yang terlalu panjang"),
            (b"<c><v>NaN</v></c>", "angka yang terlalu panjang"),
            (b'<c r="CW1"><v>1</v></c>', "Lebih dari 100 kolom"),
            (b'<c r="ZZZ1"><v>1</v></c>', "Lebih dari 100 kolom"),
        ],
    )
    def test_b4_a_cell_of_a_few_signs_fills_no_memory(self, cell: bytes, reason: str) -> None:
        sheet = b"<w>" + b"<row>%s</row>" % cell * 1_000 + b"</w>"

        said = refusal(
            _replaced(book(HEAD, ("Siti", "1", "B")), "xl/worksheets/sheet1.xml", None, sheet)
        )

        assert reason in said

    def test_numbers_as_large_and_small_as_people_have_are_read(self) -> None:
        content = book(HEAD, ("Siti", 1e20, 2.5e-17))

        cells = read(content, KNOWN).lines[0].cells

        assert cells == ("Siti", "1" + "0" * 20, "0,000000000000000025")

    def test_b4_a_list_of_a_million_sheets_is_too_much(self) -> None:
        many = b"<workbook>" + b"<sheet/>" * 1_100_000 + b"</workbook>"
        content = _replaced(book(HEAD, ("Siti", "1", "B")), "xl/workbook.xml", None, many)

        assert "terlalu besar" in refusal(content)

    @pytest.mark.parametrize("number", ["2", "1048577"])
    def test_i_rows_have_rising_numbers_that_a_spreadsheet_has(self, number: str) -> None:
        cell = "<c><v>1</v></c><c><v>2</v></c>"
        sheet = f'<w><row r="2">{cell}</row><row r="{number}">{cell}</row></w>'.encode()
        content = book(HEAD, ("Siti", "1", "B"))

        assert "rusak" in refusal(_replaced(content, "xl/worksheets/sheet1.xml", None, sheet))

    def test_what_another_packer_left_broken_is_said_to_be(self) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as archive:
            archive.writestr("xl/workbook.xml", b"<workbook/>" * 50)
        content = bytearray(packed.getvalue())
        content[70:100] = bytes(30)

        assert "rusak" in refusal(bytes(content))

    @pytest.mark.parametrize(
        ("part", "what"),
        [
            ("xl/workbook.xml", b"<workbook/>"),
            ("xl/worksheets/sheet1.xml", b"<worksheet>"),
            ("xl/worksheets/sheet1.xml", b'<w><row><c t="s"><v>99</v></c></row></w>'),
            ("xl/worksheets/sheet1.xml", b"<w><row><c><v>satu</v></c></row></w>"),
            ("xl/worksheets/sheet1.xml", b'<w><row r="x"><c><v>1</v></c></row></w>'),
        ],
    )
    def test_what_is_broken_is_said_to_be(self, part: str, what: bytes) -> None:
        assert "rusak" in refusal(_replaced(book(HEAD, ("Siti", "1", "B")), part, None, what))

    def test_a_cut_file_is_said_to_be_broken(self) -> None:
        assert "rusak" in refusal(book(HEAD, ("Siti", "1", "Bogor"))[:900])


class TestRoundTrip:
    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_what_the_writer_wrote_is_read_back(self, kind: str) -> None:
        file = io.BytesIO()
        writer = WRITERS[kind](file, [("Daftar", "Pelanggan"), ("Saringan", "semua")])
        columns = (
            Column("name", "Nama"),
            Column("phone", "No. HP"),
            Column("day", "Terdaftar", Kind.DAY),
            Column("owed", "Sisa", Kind.MONEY, summed=True),
        )
        writer.begin(Table("Pelanggan", columns))
        day = date(2026, 12, 10)
        writer.add([{"name": "=Siti", "phone": "+628561101133", "day": day, "owed": 1_250_000}])
        writer.finish()

        sheet = read(file.getvalue(), KNOWN)

        cells = ("=Siti", "+628561101133", "2026-12-10", "1250000")
        assert [line.cells for line in sheet.lines] == [cells]


def test_an_apostrophe_of_a_name_stays() -> None:
    sheet = reading.read(b"Nama;No. HP\n'Aisyah;'0812\n", KNOWN)

    assert sheet.lines[0].cells == ("'Aisyah", "0812")


def _replaced(content: bytes, name: str, old: bytes | None, new: bytes) -> bytes:
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.namelist():
            body = source.read(part)
            if part == name:
                body = new if old is None else body.replace(old, new)
            archive.writestr(part, body)
    return target.getvalue()
