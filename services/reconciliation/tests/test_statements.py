"""Bank statements: looked at first, kept whole or not at all, and never twice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from bank_files import ACCOUNT, Row, csv_file, mt940_file
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from reconciliation.domain.continuity import Period, joints
from reconciliation.models import BankLine, BankStatement
from shared.money import Rupiah
from shared.tables import AuditEntry
from shared.testing import ADMIN, WAWAN

MONDAY = date(2026, 11, 16)
PATH = "/api/v1/statements"
TWINS = [Row(MONDAY, 500_000, "TRF1", "SETORAN TUNAI") for _ in "ab"]
WEEK = [
    Row(MONDAY, 1_250_000, "NTB777001", "VA 8810081234567890 NTB777001 MAHMUD SULAIMAN"),
    *TWINS,
    Row(MONDAY + timedelta(days=1), -2_500, "FEE1", "BIAYA ADM"),
    Row(MONDAY + timedelta(days=2), 750_000, "TRF2", "TRF DARI SITI AMINAH"),
]


@pytest.fixture
def send(call_as: Any) -> Any:
    """``await send(content)``: import a file; ``dry_run=True`` only looks."""

    async def one(content: bytes, *, who: Any = ADMIN, key: str = "", **fields: Any) -> Any:
        fields = {"dry_run": "false", **fields}
        lines = []
        for name, value in fields.items():
            lines += ["--b", f'Content-Disposition: form-data; name="{name}"', "", str(value)]
        named = 'Content-Disposition: form-data; name="file"; filename="mutasi.csv"'
        head = "\r\n".join([*lines, "--b", named, "Content-Type: text/csv", "", ""]).encode()
        headers = {
            "content-type": "multipart/form-data; boundary=b",
            "Idempotency-Key": key or uuid4().hex,
        }
        body = head + content + b"\r\n--b--\r\n"
        return await call_as(who).call("POST", PATH, content=body, headers=headers)

    return one


class TestLookingFirst:
    async def test_a_dry_run_says_what_would_be_and_keeps_nothing(
        self, send: Any, rows: Any
    ) -> None:
        answer = await send(csv_file(WEEK, 1_000_000), dry_run="true")

        look = answer.json()
        assert answer.status_code == 201
        assert (look["id"], look["account"], look["format"]) == (None, ACCOUNT, "csv")
        assert (look["new_count"], look["known_count"]) == (5, 0)
        assert look["opening_idr"] + look["credits_idr"] + look["debits_idr"] == look["closing_idr"]
        assert look["columns"][3]["samples"] == ["NTB777001", "TRF1", "TRF1"]
        assert look["columns"][5]["role"] == "debit"
        assert (look["layout"], look["lines"][3]["amount_idr"]) == ("guessed", -2_500)
        assert await rows(BankStatement) == await rows(BankLine) == []

    async def test_a_dry_run_tells_line_by_line_what_is_known(self, send: Any) -> None:
        await send(csv_file(WEEK[:3], 1_000_000))

        look = (await send(csv_file(WEEK, 1_000_000), dry_run="true")).json()

        assert [line["known"] for line in look["lines"]] == [True, True, True, False, False]
        assert (look["new_count"], look["known_count"]) == (2, 3)

    async def test_b1_what_is_wrong_is_named_by_line_and_nothing_is_kept(
        self, send: Any, rows: Any
    ) -> None:
        broken = csv_file(WEEK, 1_000_000).replace(b'"2.500,00"', b'"2.500,50"')

        answer = await send(broken)

        assert answer.status_code == 422
        assert answer.json()["type"] == "/problems/statement-refused"
        (error,) = answer.json()["errors"]
        assert (error["field"], "sen" in error["message"]) == ("line 9", True)
        assert await rows(BankStatement) == []


class TestImporting:
    async def test_p1_keeps_statement_and_lines_and_an_audit_row(
        self, send: Any, rows: Any, call_as: Any
    ) -> None:
        kept = (await send(csv_file(WEEK, 1_000_000))).json()

        (statement,) = await rows(BankStatement)
        assert (statement.lines_count, statement.added_count) == (5, 5)
        page = (await call_as(ADMIN).get(f"{PATH}/{kept['id']}/lines?limit=2")).json()
        assert [line["reference"] for line in page["items"]] == ["NTB777001", "TRF1"]
        assert (page["total"], page["next_after"]) == (5, 7)
        assert [row.action for row in await rows(AuditEntry)] == ["statement.imported"]

    async def test_two_equal_transfers_of_a_day_are_two(self, send: Any, rows: Any) -> None:
        await send(csv_file(WEEK, 1_000_000))

        twins = [line for line in await rows(BankLine) if line.reference == "TRF1"]
        assert sorted(line.ordinal for line in twins) == [0, 1]

    async def test_the_same_file_twice_is_nothing(self, send: Any, rows: Any) -> None:
        first = (await send(csv_file(WEEK, 1_000_000))).json()
        again = (await send(csv_file(WEEK, 1_000_000))).json()

        assert (again["id"], again["new_count"], again["known_count"]) == (first["id"], 0, 5)
        assert len(await rows(BankStatement)) == 1
        assert len(await rows(BankLine)) == 5

    async def test_the_same_lines_in_the_other_format_are_known(self, send: Any, rows: Any) -> None:
        await send(csv_file(WEEK, 1_000_000))

        again = (await send(mt940_file(WEEK, 1_000_000))).json()

        assert (again["new_count"], again["format"]) == (0, "mt940")
        assert len(await rows(BankLine)) == 5

    @pytest.mark.parametrize("cut", [(0, 3, 2, 5), (0, 4, 3, 5), (3, 5, 0, 3), (0, 5, 3, 4)])
    async def test_files_in_any_parts_overlap_or_order_are_their_union(
        self, send: Any, rows: Any, cut: tuple[int, int, int, int]
    ) -> None:
        """Cuts lie between days or repeat whole days: a file holds its days complete."""
        for start, end in ((cut[0], cut[1]), (cut[2], cut[3])):
            part = whole_days(WEEK[start:end])
            before = sum(row.amount_idr for row in WEEK if row.day < part[0].day)
            assert (await send(csv_file(part, 1_000_000 + before))).status_code == 201

        kept = sorted((line.reference, line.ordinal) for line in await rows(BankLine))
        assert kept == [("FEE1", 0), ("NTB777001", 0), ("TRF1", 0), ("TRF1", 1), ("TRF2", 0)]

    async def test_known_days_with_other_lines_are_refused(self, send: Any, rows: Any) -> None:
        await send(csv_file(WEEK, 1_000_000))
        reworded = [*WEEK[:4], Row(WEEK[4].day, 750_000, "TRF2", "TRANSFER MASUK")]

        answer = await send(csv_file(reworded, 1_000_000))

        assert (answer.status_code, answer.json()["type"]) == (
            409,
            "/problems/statement-contradicts",
        )
        assert "Rp750.000 pada 18/11/2026, TRF DARI SITI AMINAH" in answer.json()["detail"]
        assert len(await rows(BankLine)) == 5

    @pytest.mark.parametrize("omitted", [slice(1, 2), slice(1, 3), slice(0, 5)])
    async def test_a_file_that_lacks_known_lines_contradicts_although_it_adds_up(
        self, send: Any, rows: Any, omitted: slice
    ) -> None:
        """Nothing of it is new, and its balances fit: it still says that money never came."""
        back = Row(MONDAY, -1_000_000, "TRF9", "DITARIK KEMBALI")
        week = [*TWINS, back, *WEEK[3:]]
        await send(csv_file(week, 1_000_000))
        fewer = [row for row in week if row not in week[omitted]]
        period = {"first": MONDAY, "last": WEEK[-1].day}

        answer = await send(csv_file(fewer, 1_000_000, **period), dry_run="true")

        assert answer.json()["type"] == "/problems/statement-contradicts"
        assert len(await rows(BankStatement)) == 1

    async def test_an_old_file_of_a_day_that_has_grown_is_still_nothing(self, send: Any) -> None:
        first = (await send(csv_file(WEEK[:2], 1_000_000))).json()
        await send(csv_file(WEEK[:3], 1_000_000))

        again = await send(csv_file(WEEK[:2], 1_000_000))

        assert (again.json()["id"], again.json()["new_count"]) == (first["id"], 0)

    async def test_another_account_is_refused(self, send: Any) -> None:
        await send(csv_file(WEEK, 1_000_000))

        answer = await send(csv_file(WEEK, 1_000_000, account="99999"))

        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/wrong-account")

    async def test_i_the_same_key_gives_the_same_answer(self, send: Any) -> None:
        answers = [await send(csv_file(WEEK, 1), key="statement-0001") for _ in "ab"]

        assert answers[0].json() == answers[1].json()
        assert answers[1].headers["Idempotency-Replayed"] == "true"

    async def test_a_gap_between_periods_is_named(self, send: Any) -> None:
        await send(csv_file(WEEK[:3], 1_000_000))

        look = (await send(csv_file(WEEK[4:], 3_247_500), dry_run="true")).json()

        assert look["warnings"] == [
            "Mutasi 17/11/2026 belum diimpor: saldo Rp3.250.000 tidak menyambung dengan"
            " Rp3.247.500."
        ]

    async def test_columns_that_a_person_named_are_remembered(self, send: Any) -> None:
        strange = csv_file(WEEK, 1_000_000).replace(b"Description", b"Catatan Nasabah")
        refused = await send(strange)
        named = '{"day": 0, "value_day": 1, "reference": 3, "description": 4, "debit": 5,'

        said = await send(strange, columns=named + ' "credit": 6, "balance": 7}')

        assert refused.status_code == 422
        assert refused.json()["columns"][4] == {
            "place": 4,
            "heading": "catatan nasabah",
            "role": None,
            "samples": [row.description for row in WEEK[:3]],
        }
        assert (said.status_code, said.json()["layout"]) == (201, "named")
        again = (await send(strange)).json()
        assert (again["known_count"], again["layout"]) == (5, "remembered")

    async def test_an_order_of_dates_that_a_person_chose_is_remembered(self, send: Any) -> None:
        """Nothing in the file shows it, so it is asked once."""
        first = open_order(date(2026, 4, 3), 1_000_000)
        refused = await send(first)

        chosen = await send(first, date_order="day_first")
        next_day = await send(open_order(date(2026, 4, 4), 1_500_000))

        assert (refused.status_code, chosen.status_code, next_day.status_code) == (422, 201, 201)
        assert "Pilih urutan tanggalnya" in refused.json()["detail"]
        assert (chosen.json()["opens_on"], next_day.json()["opens_on"]) == (
            "2026-04-03",
            "2026-04-04",
        )

    @pytest.mark.parametrize("columns", ["x", "[]", '{"colour": 1}', '{"day": -1}'])
    async def test_columns_that_make_no_sense_are_refused(self, send: Any, columns: str) -> None:
        answer = await send(csv_file(WEEK, 1), columns=columns)

        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "columns")


class TestAFirstLineWithoutAnOpening:
    """No opening is printed, so nothing in the file proves its first line."""

    async def test_it_is_asked_for_and_then_proved(self, send: Any, rows: Any) -> None:
        refused = await send(silent_file())
        wrong = await send(silent_file(), opening_idr="1000000")
        assert await rows(BankStatement) == []

        kept = await send(silent_file(), opening_idr="3250000")

        assert (refused.status_code, wrong.status_code, kept.status_code) == (422, 422, 201)
        assert "Isi saldo awal 17/11/2026" in refused.json()["detail"]
        assert "Rp3.250.000" not in refused.json()["detail"]
        assert refused.json()["columns"][5]["role"] == "debit"
        assert wrong.json()["errors"][0]["field"] == "line 5"

    @pytest.mark.parametrize("known", [slice(0, 3), slice(0, 4)], ids=["behind", "over"])
    async def test_what_is_known_before_it_proves_it(self, send: Any, known: slice) -> None:
        await send(csv_file(WEEK[known], 1_000_000))

        assert (await send(silent_file())).status_code == 201

    async def test_what_is_known_before_it_must_join(self, send: Any) -> None:
        await send(csv_file(WEEK[:3], 900_000))

        assert (await send(silent_file())).status_code == 422


class TestLimits:
    async def test_b4_a_file_beyond_five_mebibytes_is_refused(self, send: Any) -> None:
        assert (await send(b"x" * (5 * 1024 * 1024 + 20_000))).status_code == 413

    async def test_b4_a_file_beyond_one_mebibyte_is_not(self, send: Any) -> None:
        padded = csv_file(WEEK, 1) + b"\r\n" * 600_000

        assert (await send(padded, dry_run="true")).status_code == 201

    async def test_b2_anything_but_a_form_with_a_file_is_refused(self, call_as: Any) -> None:
        assert (await call_as(ADMIN).post(PATH, {"file": "x"})).status_code == 415

    async def test_a1_marketing_neither_imports_nor_reads(self, send: Any, call_as: Any) -> None:
        kept = (await send(csv_file(WEEK, 1))).json()

        assert (await send(csv_file(WEEK, 1), who=WAWAN)).status_code == 403
        for path in (PATH, f"{PATH}/{kept['id']}", f"{PATH}/{kept['id']}/lines"):
            assert (await call_as(WAWAN).get(path)).status_code == 403
            assert (await call_as(ADMIN).get(path)).status_code == 200


class TestTheDatabase:
    async def test_m3_lines_are_neither_changed_nor_deleted(self, send: Any, sessions: Any) -> None:
        await send(csv_file(WEEK, 1))

        for act in ("UPDATE bank_lines SET amount_idr = 1", "DELETE FROM bank_statements"):
            with pytest.raises(ProgrammingError, match=r"permission denied|append-only"):
                async with sessions.begin(ADMIN) as session:
                    await session.execute(text(act))

    async def test_k1_a_line_is_there_once(self, send: Any, sessions: Any, rows: Any) -> None:
        await send(csv_file(WEEK, 1))
        line = (await rows(BankLine))[0]

        with pytest.raises(IntegrityError):
            async with sessions.begin(ADMIN) as session:
                session.add(BankLine(**line.model_dump(exclude={"id"})))

    async def test_a3_whoever_sees_only_his_customers_sees_no_line(
        self, send: Any, sessions: Any
    ) -> None:
        await send(csv_file(WEEK, 1))

        async with sessions.begin(WAWAN) as session:
            seen = await session.execute(text("SELECT count(*) FROM bank_lines"))
            assert seen.scalar_one() == 0


class TestHowPeriodsJoin:
    def test_balances_that_meet_leave_no_gap_even_over_quiet_days(self) -> None:
        friday = period(1, 2, 0, 500)

        assert joints(period(5, 6, 500, 900), [friday]) == []

    def test_balances_that_break_are_named_before_and_behind(self) -> None:
        said = joints(period(3, 4, 600, 900), [period(1, 2, 0, 500), period(7, 8, 950, 999)])

        assert [word.split(":")[0] for word in said] == [
            "Antara 02/11/2026 s.d. 03/11/2026 saldo Rp500 tidak menyambung dengan Rp600.",
            "Mutasi 05/11/2026 s.d. 06/11/2026 belum diimpor",
        ]

    def test_an_overlap_is_named(self) -> None:
        (said,) = joints(period(2, 4, 0, 900), [period(1, 2, 0, 500)])

        assert "bertumpang tindih" in said


def period(first: int, last: int, opening: int, closing: int) -> Period:
    days = (date(2026, 11, first), date(2026, 11, last))
    return Period(*days, Rupiah(opening), Rupiah(closing))


def whole_days(part: list[Row]) -> list[Row]:
    days = {row.day for row in part}
    return [row for row in WEEK if row.day in days]


def silent_file() -> bytes:
    """The end of the week, without the line that tells its opening."""
    told = csv_file(WEEK[3:], 3_250_000).splitlines(keepends=True)
    return b"".join(row for row in told if b"Opening" not in row)


def open_order(day: date, opening_idr: int) -> bytes:
    """One deposit of a day whose month could be its day."""
    content = csv_file([Row(day, 500_000)], opening_idr)
    return content.replace(f"{day} - {day}".encode(), f"{day:%d/%m/%Y} - {day:%d/%m/%Y}".encode())
