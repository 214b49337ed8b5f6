"""Statement files, read to the rupiah or refused by line (M1, B4, B8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from bank_files import ACCOUNT, Row, csv_file, mt940_file
from hypothesis import given
from hypothesis import strategies as st

from reconciliation.domain.statement import Fault, Statement, StatementRefused
from reconciliation.parsers.bni_csv import Said
from reconciliation.parsers.columns import Role
from reconciliation.parsers.files import open_file, read
from shared.money import Rupiah

MONDAY = date(2026, 11, 23)
MT940 = """\
:20:LNS1123
:25:8810001234
:28C:00001/001
:60F:C261122IDR1000000,00
:61:2611231123C1250000,00NTRFNONREF//NTB777001
:86:VA 8810081234567890 NTB777001
MAHMUD SULAIMAN
:61:2611231123D2500,NCHGNONREF//FEE1
:86:BIAYA ADM
:62F:C261123IDR2247500,00
-
:20:LNS1124
:25:8810001234
:28C:00002/001
:60F:C261123IDR2247500,00
:61:2611241124RC500,00NTRFNONREF//RV1
:86:KOREKSI
:61:2611241124RD700,00NTRFINV123
:86:KEMBALI
:62F:C261124IDR2247700,00
-
"""


def parsed(content: bytes | str) -> Statement:
    return read(open_file(content.encode() if isinstance(content, str) else content))


def faults_of(content: bytes | str) -> tuple[Fault, ...]:
    with pytest.raises(StatementRefused) as refusal:
        parsed(content)
    return refusal.value.faults


def said(text: str, **more: Any) -> Statement:
    """Read a table that does not name its account."""
    return read(open_file(text.encode()), Said(account="8810001234", **more))


class TestMt940:
    def test_several_messages_of_one_account_are_one_statement(self) -> None:
        statement = parsed(MT940)

        assert (statement.account, len(statement.lines)) == ("8810001234", 4)
        assert (statement.opens_on, statement.closes_on) == (MONDAY, date(2026, 11, 24))
        assert (statement.opening, statement.closing) == (Rupiah(1_000_000), Rupiah(2_247_700))

    def test_a_reversed_credit_goes_out_and_a_reversed_debit_comes_in(self) -> None:
        amounts = [line.amount.amount for line in parsed(MT940).lines]

        assert amounts == [1_250_000, -2_500, -500, 700]

    def test_a_remark_over_several_rows_is_one_text(self) -> None:
        first, *_, last = parsed(MT940).lines

        assert first.description == "VA 8810081234567890 NTB777001 MAHMUD SULAIMAN"
        assert (first.reference, last.reference, first.no) == ("NTB777001", "INV123", 5)

    @pytest.mark.parametrize(
        ("written", "instead", "line"),
        [
            ("C261122IDR", "C261122USD", 4),
            ("C1250000,00N", "C1250000,50N", 5),
            ("C1250000,00N", "C1.250.000,00N", 5),
            (":61:2611231123C", ":61:2613231123C", 5),
            (":61:2611231123C", ":61:2611230230C", 5),
            (":61:2611231123C", ":61:2611231123X", 5),
            ("C261123IDR2247500,00\n-", "C261123IDR2247501,00\n-", 12),
            ("C261124IDR2247700,00", "C261124IDR2247701,00", 18),
            (":20:LNS1124\n:25:8810001234", ":20:LNS1124\n:25:8810009999", 12),
        ],
    )
    def test_m1_whatever_is_wrong_is_named_by_its_line(
        self, written: str, instead: str, line: int
    ) -> None:
        assert written in MT940

        assert faults_of(MT940.replace(written, instead, 1))[0].line == line

    @pytest.mark.parametrize(
        "written",
        ["0123456789", "009/0123456789", "BNINIDJA/0123456789", "0123456789/IDR", "012-345 6789"],
    )
    def test_the_account_is_the_part_that_holds_its_digits(self, written: str) -> None:
        assert parsed(MT940.replace("8810001234", written)).account == "0123456789"

    @pytest.mark.parametrize("written", ["009/1234", "BNINIDJA", "", "0123456789/9876543210"])
    def test_what_holds_no_account_or_two_is_refused(self, written: str) -> None:
        """With no accounts set, the first import would fix a wrong one as the only one."""
        (fault,) = faults_of(MT940.replace(":25:8810001234", f":25:{written}"))

        assert (fault.line, "rekening" in fault.reason) == (2, True)

    def test_a_message_without_an_account_is_refused(self) -> None:
        assert faults_of(MT940.replace(":25:8810001234\n", "", 1))[0].line == 1

    def test_a_message_without_balance_is_refused(self) -> None:
        without = MT940.replace(":62F:C261123IDR2247500,00\n", "")

        assert faults_of(without)[0].line == 1


ROWS = [
    Row(MONDAY, 1_250_000, "NTB777001", "VA 8810081234567890 NTB777001 MAHMUD SULAIMAN"),
    Row(MONDAY, -2_500, "FEE1", 'BIAYA "ADM"; NOV, 2026'),
    Row(MONDAY + timedelta(days=1), 700, "X1", "=HYPERLINK(1)"),
]
TABLE = csv_file(ROWS, 1_000_000).decode()


class TestTables:
    def test_the_assumed_layout_of_bni_direct_is_read_whole(self) -> None:
        statement = parsed(TABLE)

        assert (statement.account, statement.opening) == (ACCOUNT, Rupiah(1_000_000))
        assert [line.amount.amount for line in statement.lines] == [1_250_000, -2_500, 700]
        assert statement.lines[1].description == 'BIAYA "ADM"; NOV, 2026'

    @pytest.mark.parametrize("written", ["009/8810001234", "8810001234 (IDR)", "881-0001234"])
    def test_the_account_is_read_as_in_mt940(self, written: str) -> None:
        assert parsed(csv_file(ROWS, 0, account=written)).account == "8810001234"

    def test_an_account_of_too_few_digits_is_refused_by_its_line(self) -> None:
        (fault,) = faults_of(csv_file(ROWS, 0, account="9"))

        assert (fault.line, "paling sedikit 5 angka" in fault.reason) == (1, True)

    def test_a_person_says_the_account_only_where_the_file_does_not(self) -> None:
        nameless = open_file(csv_file(ROWS, 0, account="PT LUNAS"))

        assert read(nameless, Said(account="8810009999")).account == "8810009999"
        assert read(open_file(TABLE.encode()), Said(account="8810009999")).account == ACCOUNT

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
    @pytest.mark.parametrize("separator", [",", ";"])
    def test_separators_and_encodings_make_no_difference(
        self, separator: str, encoding: str
    ) -> None:
        rows = [replace(ROWS[0], description="TRANSFER DARI RENÉ"), *ROWS[1:]]
        content = csv_file(rows, 1_000_000, separator=separator).decode().encode(encoding)

        assert parsed(content).lines == parsed(csv_file(rows, 1_000_000)).lines

    def test_a_remark_that_looks_like_a_formula_is_text(self) -> None:
        """B6, B8: whoever transfers chooses the remark; he must not be able to stop the import."""
        assert parsed(TABLE).lines[-1].description == "=HYPERLINK(1)"

    @pytest.mark.parametrize(
        ("written", "instead", "line"),
        [
            ('"1.250.000,00"', '"1.250.000,50"', 6),
            ('"1.250.000,00"', '"=1250000"', 6),
            ('"1.250.000,00"', '"1,250,000.00"', 6),
            ('"1.250.000,00"', "1.250.000,00", 6),
            ('"1.250.000,00"', '"0,00"', 6),
            ('"2.500,00",', '"2.500,00","2.500,00"', 7),
            ("23/11/2026 10:15:00,23/11/2026 10:15:00,0259,FEE1", "31/11/2026,,0259,FEE1", 7),
            ("23/11/2026 10:15:00,23/11/2026 10:15:00,0259,FEE1", "11/23/2026,,0259,FEE1", 7),
            ('"2.247.500,00"', '"2.247.501,00"', 7),
            ("24/11/2026 10:15:00,", "25/11/2026 10:15:00,", 8),
            ('Closing Balance,"2.248.200,00"', 'Closing Balance,"2.248.201,00"', 8),
            ("Period,2026-11-23 - 2026-11-24", "Period,November", 3),
            ("Account Name,", "Currency,USD\r\nAccount Name,", 2),
        ],
    )
    def test_m1_whatever_is_wrong_is_named_by_its_line(
        self, written: str, instead: str, line: int
    ) -> None:
        assert written in TABLE

        assert faults_of(TABLE.replace(written, instead, 1))[0].line == line

    def test_every_unreadable_row_is_named_at_once(self) -> None:
        broken = TABLE.replace('"2.500,00"', "dua ribu").replace('"700,00"', "tujuh")

        assert [fault.line for fault in faults_of(broken)] == [7, 8]

    def test_columns_may_be_said_by_a_person(self) -> None:
        unknown = TABLE.replace("Description", "Catatan Nasabah")
        file = open_file(unknown.encode())
        assert file.table is not None
        columns = file.table.guessed | {Role.DESCRIPTION: 4}

        assert read(file, Said(columns)).lines == parsed(TABLE).lines
        assert file.described(columns)[3].samples == ("NTB777001", "FEE1", "X1")
        with pytest.raises(StatementRefused):
            read(file)

    def test_newest_first_is_turned_round_and_one_signed_column_is_enough(self) -> None:
        text = (
            "Tanggal;Keterangan;Mutasi;Saldo\n"
            "24/11/2026;KELUAR;-500,00;2.000,00\n"
            "23/11/2026;MASUK;1.500,00;2.500,00\n"
        )

        statement = said(text)

        assert (statement.opening, statement.closing) == (Rupiah(1_000), Rupiah(2_000))
        assert [line.amount.amount for line in statement.lines] == [1_500, -500]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \r\n ",
        b"PK\x03\x04rest",
        b"%PDF-1.7",
        b"\xff\xfeA\x00",
        b"abc\x00def",
        b"\x81\x8d\x8f",
        b"Selamat pagi,\nini surat.",
        b"\x89PNG\r\n\x1a\n\x00",
    ],
)
def test_b4_b8_what_is_no_statement_is_refused_in_words(content: bytes) -> None:
    (fault,) = faults_of(content)

    assert fault.reason


TEXTS = st.text("ABCDEFGHIJ 0123456789/.,'-", max_size=150).map(lambda text: " ".join(text.split()))
LINES = st.lists(
    st.builds(
        Row,
        day=st.integers(0, 9).map(lambda days: MONDAY + timedelta(days=days)),
        amount_idr=st.integers(-(10**9), 10**11).filter(bool),
        reference=st.text("ABC0123456789", min_size=1, max_size=12),
        description=TEXTS.filter(lambda text: text and text[0] not in ":-"),
    ),
    min_size=1,
    max_size=12,
).map(lambda rows: sorted(rows, key=lambda row: row.day))


@given(rows=LINES, opening=st.integers(-(10**9), 10**12))
def test_both_formats_of_the_same_lines_give_the_same_lines(rows: list[Row], opening: int) -> None:
    table = parsed(csv_file(rows, opening))
    swift = parsed(mt940_file(rows, opening))

    assert [line.fingerprint for line in table.lines] == [line.fingerprint for line in swift.lines]
    assert [line.ordinal for line in table.lines] == [line.ordinal for line in swift.lines]
    assert [line.amount for line in table.lines] == [line.amount for line in swift.lines]
    assert (table.opening, table.closing) == (swift.opening, swift.closing)
