"""Which way money went: read from its own column, and proved of the first line too (M1)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from reconciliation.domain.statement import Statement, StatementRefused
from reconciliation.parsers.bni_csv import Said
from reconciliation.parsers.columns import Role
from reconciliation.parsers.files import open_file, read
from shared.money import Rupiah

TABLE = (
    "Tanggal;Keterangan;D/K;Jumlah;Saldo\n"
    "23/11/2026;TARIK TUNAI;D;500.000,00;1.500.000,00\n"
    "23/11/2026;SETORAN;K;100.000,00;1.600.000,00\n"
)
UNREAD = {Role.DAY: 0, Role.DESCRIPTION: 1, Role.AMOUNT: 3, Role.BALANCE: 4}


def said(
    text: str, columns: Mapping[Role, int] | None = None, opening: Rupiah | None = None
) -> Statement:
    return read(open_file(text.encode()), Said(columns or {}, "8810001234", opening))


def refusal_of(
    text: str, columns: Mapping[Role, int] | None = None, opening: Rupiah | None = None
) -> str:
    with pytest.raises(StatementRefused) as refusal:
        said(text, columns, opening)
    return str(refusal.value.faults[0])


def amounts(statement: Statement) -> list[int]:
    return [line.amount.amount for line in statement.lines]


class TestTheDirectionColumn:
    def test_a_withdrawal_on_the_first_line_is_no_money_received(self) -> None:
        statement = said(TABLE)

        assert amounts(statement) == [-500_000, 100_000]
        assert statement.opening == Rupiah(2_000_000)

    @pytest.mark.parametrize("heading", ["D/K", "DB/CR", "Tipe", "", "Debet/Kredit"])
    @pytest.mark.parametrize(
        ("out", "into"), [("D", "K"), ("DB", "CR"), ("Db.", "Cr."), ("DEBET", "KREDIT"), ("d", "c")]
    )
    def test_it_is_known_by_its_cells_whatever_its_heading(
        self, heading: str, out: str, into: str
    ) -> None:
        text = TABLE.replace("D/K", heading).replace(";D;", f";{out};").replace(";K;", f";{into};")

        assert amounts(said(text)) == [-500_000, 100_000]

    def test_left_unread_beside_unsigned_amounts_the_file_is_refused(self) -> None:
        """An unsigned withdrawal would become money received."""
        assert "berisi arah uang (D/K)" in refusal_of(TABLE, UNREAD)

    def test_signed_amounts_need_no_direction(self) -> None:
        signed = TABLE.replace(";500.000", ";-500.000")

        assert amounts(said(signed)) == amounts(said(signed, UNREAD)) == [-500_000, 100_000]

    @pytest.mark.parametrize(
        ("written", "instead", "reason"),
        [
            (";D;", ";X;", "Baris 2: “X” bukan arah uang"),
            (";D;", ";;", "Baris 2: “” bukan arah uang"),
            (";K;100.000", ";K;-100.000", "Baris 3: jumlahnya bertanda minus"),
        ],
    )
    def test_m1_what_is_no_direction_is_named_by_its_line(
        self, written: str, instead: str, reason: str
    ) -> None:
        assert refusal_of(TABLE.replace(written, instead)).startswith(reason)

    @pytest.mark.parametrize("side", [Role.DEBIT, Role.CREDIT])
    def test_one_side_without_the_other_is_not_enough(self, side: Role) -> None:
        assert "belum lengkap" in refusal_of(TABLE, UNREAD | {side: 2})


class TestTheFirstLine:
    def test_without_an_opening_it_is_read_but_not_yet_proved(self) -> None:
        assert not said(TABLE).opening_is_told

    def test_an_opening_that_a_person_typed_proves_it(self) -> None:
        statement = said(TABLE, opening=Rupiah(2_000_000))

        assert statement.opening_is_told

    def test_an_opening_that_does_not_lead_to_it_is_refused_by_its_line(self) -> None:
        assert refusal_of(TABLE, opening=Rupiah(1_000_000)).startswith("Baris 2: saldo seharusnya")

    def test_an_opening_that_is_printed_is_not_talked_over(self) -> None:
        printed = f"Saldo Awal;2.000.000,00\n{TABLE}"

        assert said(printed).opening_is_told
        assert "bukan Rp2.000.000" in refusal_of(printed, opening=Rupiah(1_999_999))

    def test_without_any_running_balance_it_is_asked_for(self) -> None:
        silent = TABLE.replace(";1.500.000,00\n", ";\n")

        assert "Isi saldo awalnya" in refusal_of(silent)
        assert said(silent, opening=Rupiah(2_000_000)).closing == Rupiah(1_600_000)


class TestOneDayNewestFirst:
    """No date tells which line came first, so the balances do."""

    ROWS = (
        "Tanggal;Keterangan;Mutasi;Saldo\n"
        "23/11/2026;KETIGA;300,00;1.500,00\n"
        "23/11/2026;KEDUA;-300,00;1.200,00\n"
        "23/11/2026;PERTAMA;500,00;1.500,00\n"
    )

    def test_it_is_turned_round_when_only_that_proves_it(self) -> None:
        statement = said(self.ROWS, opening=Rupiah(1_000))

        assert [line.description for line in statement.lines] == ["PERTAMA", "KEDUA", "KETIGA"]
        assert (statement.opening, statement.closing) == (Rupiah(1_000), Rupiah(1_500))

    def test_oldest_first_stays_as_it_is(self) -> None:
        head, *rows = self.ROWS.splitlines()
        oldest = "\n".join([head, *reversed(rows)])

        assert said(oldest, opening=Rupiah(1_000)).lines[0].description == "PERTAMA"

    def test_what_proves_in_neither_order_is_named_as_it_is_printed(self) -> None:
        broken = self.ROWS.replace("1.200", "1.300")

        assert refusal_of(broken, opening=Rupiah(1_000)).startswith("Baris 2")
