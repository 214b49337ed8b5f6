"""P11: who changed what, in words; whether the log is whole; and its file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest

from dashboard.domain.deeds import DEEDS, OBJECTS
from dashboard.domain.facts import changes
from shared.testing import ADMIN
from shared.testing.databases import Database

FORM = {"content-type": "application/x-www-form-urlencoded"}
HOUSE = Path(__file__).parents[3]


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def acts_of_the_house() -> Iterator[tuple[str, str]]:
    """Every action and object that a service writes out as a word."""
    for source in (HOUSE / "services").glob("*/src/*/handlers/*.py"):
        code = source.read_text()
        if "audit.record" not in code and "record_" not in code and "audit_payment" not in code:
            continue
        yield from (("action", word) for word in re.findall(r'action="([a-z_]+\.[a-z_]+)"', code))
        for name, act in re.findall(
            r'_(?:record|note|tell|audit)\(\s*session, "([a-z_]+\.)?([a-z_]+)"', code
        ):
            kind = re.search(r'action=f"([a-z_]+)\.\{act\}"', code)
            prefix = name or (f"{kind[1]}." if kind else "")
            if prefix:
                yield ("action", prefix + act)
        for kind in re.findall(r'object_type="([a-z_]+)"', code):
            yield ("object", kind)


class TestThePage:
    async def test_p11_a_row_says_who_what_before_and_after(self, call_as: Any) -> None:
        shown = text_of((await call_as(ADMIN).get("/audit")).text)

        assert "Bapak Wawan (Marketing) mengubah data pelanggan" in shown
        assert "No. HP 0856-1101-133 menjadi 0812-3456-7890" in shown
        assert "Email kosong menjadi mahmud@contoh.id" in shown
        assert "Marketing Ibu Sari menjadi Bapak Wawan" in shown
        assert "Alasan: pembagian wilayah Bogor" in shown
        assert "Ibu Ratna (Admin) memindahkan pelanggan" in shown

    async def test_p11_every_row_says_how_it_came_in(self, call_as: Any) -> None:
        html = (await call_as(ADMIN).get("/audit")).text

        rows = [text_of(row) for row in html.split("<li")[1:] if "WIB<span" in row]
        sources = [re.search(r"WIB · (\w+)", row) for row in rows]
        assert [found and found[1] for found in sources] == ["Web", "API", "Bank", "Web", "Web"]

    async def test_p1_the_page_says_that_the_chain_holds_and_since_when(self, call_as: Any) -> None:
        shown = text_of((await call_as(ADMIN).get("/audit")).text)

        assert "Rantai utuh, diperiksa 9 Des 2026 02.00 WIB . 2.016 baris tersegel" in shown

    async def test_p1_a_broken_chain_is_said_first(self, call_as: Any, company: Any) -> None:
        broken = {"service": "customer", "seals": 7, "broken_no": 8, "unsealed": 0}
        company.answers["GET /audit/chain"] = {"items": [broken], "unavailable": []}

        assert "Rantai rusak." in text_of((await call_as(ADMIN).get("/audit")).text)

    async def test_p1_a_service_that_never_looked_is_not_called_whole(
        self, call_as: Any, company: Any
    ) -> None:
        fresh = {"service": "customer", "checked_at": None, "seals": 0, "unsealed": 2}
        company.answers["GET /audit/chain"] = {"items": [fresh], "unavailable": []}

        shown = text_of((await call_as(ADMIN).get("/audit")).text)

        assert "Rantai belum diperiksa" in shown
        assert "utuh" not in shown

    async def test_filters_that_nobody_can_mean_are_not_sent(
        self, call_as: Any, company: Any
    ) -> None:
        await call_as(ADMIN).get("/audit?actor_id=x&object_type=../x&from=kemarin")

        assert (await call_as(ADMIN).get("/audit?object_type=customer")).status_code == 200

    async def test_what_could_not_be_asked_is_said(self, call_as: Any, company: Any) -> None:
        part = company.answers["GET /audit"] | {"unavailable": ["reporting"]}
        company.answers["GET /audit"] = part

        shown = text_of((await call_as(ADMIN).get("/audit")).text)

        assert "Sebagian sistem tidak menjawab" in shown

    async def test_an_empty_log_says_what_will_be_here(self, call_as: Any, company: Any) -> None:
        company.answers["GET /audit"] = {"items": [], "next_cursor": None, "total": 0}

        assert "Belum ada baris" in text_of((await call_as(ADMIN).get("/audit")).text)


class TestWords:
    def test_p11_every_deed_and_object_of_the_house_has_words(self) -> None:
        told = set(acts_of_the_house())

        assert ("action", "customer.reassigned") in told
        missing = {
            word for kind, word in told if word not in (DEEDS if kind == "action" else OBJECTS)
        }
        assert missing == set()

    @pytest.mark.parametrize("kind", ["virtual_account", "message", "payment", "export"])
    def test_p11_what_is_named_by_where_it_ends_has_words_too(self, kind: str) -> None:
        """Some services spell the action from the state that something moves to."""
        ends = {
            "virtual_account": "active paid expired cancelled failed unknown",
            "message": "sending sent later unknown refused failed delivered read",
            "payment": "match credit split return write_off reverse explain unmatched",
            "export": "finished failed",
        }

        assert [each for each in ends[kind].split() if f"{kind}.{each}" not in DEEDS] == []

    @pytest.mark.parametrize(
        ("kind", "before", "after", "read"),
        [
            ("invoice", {"status": "issued"}, {"status": "paid"}, [("Status", "Terbit", "Lunas")]),
            ("user", {"disabled": False}, {"disabled": True}, [("Dinonaktifkan", "Tidak", "Ya")]),
            ("user", {"role": "marketing"}, {"role": "admin"}, [("Peran", "Marketing", "Admin")]),
            ("payment", {}, {"amount_idr": 1_250_000}, [("Jumlah", "", "Rp1.250.000")]),
            ("invoice", {}, {"due_on": "2026-12-10"}, [("Jatuh tempo", "", "10 Des 2026")]),
            ("booking", {}, {"plan": {"kind": "monthly"}}, [("Skema bayar", "", "Bulanan tetap")]),
            ("customer", {"name": "A"}, {"name": "A", "version": 3, "marketing_id": "x"}, []),
            ("payment", {}, {"status": "no_such_state"}, [("Status", "", "Lainnya")]),
            ("message", {}, {"state": "delivered"}, [("Keadaan", "", "Diterima")]),
        ],
    )
    def test_p11_no_field_or_state_is_shown_as_the_machine_spells_it(
        self, kind: str, before: Any, after: Any, read: Any
    ) -> None:
        told = changes(before, after, kind)

        assert [(each.word, each.before, each.after) for each in told] == read


class TestTheFile:
    @pytest.fixture
    def where_events_live(self, database: Database) -> str:
        return database.url

    @pytest.fixture
    def fetch(self, call_as: Any, company: Any) -> Any:
        """``await fetch(reason, ...)``: the file of one row for each reason."""

        async def fetched(*reasons: str) -> Any:
            first = company.answers["GET /audit"]["items"][0]
            rows = [
                first | {"id": str(UUID(int=0xAF + no)), "reason": reason}
                for no, reason in enumerate(reasons)
            ]
            company.answers["GET /audit"] = {"items": rows, "next_cursor": None, "total": 1}
            body = urlencode({"object_type": "customer"}).encode()
            return await call_as(ADMIN).call("POST", "/audit/file", content=body, headers=FORM)

        return fetched

    async def test_p3_it_holds_the_rows_and_leaves_one_of_its_own(
        self, fetch: Any, call_as: Any
    ) -> None:
        answer = await fetch("pindah rumah")
        own = await call_as(ADMIN).get("/internal/audit?object_type=audit")

        head, _, names, row = answer.text.removeprefix("\ufeff").splitlines()
        assert "oleh Ibu Ratna" in head
        assert names.startswith("Waktu (WIB);Siapa;Peran")
        assert "No. HP: 0856-1101-133 → 0812-3456-7890" in row
        assert "pindah rumah" in row
        assert "jejak-audit-2026-12-09.csv" in answer.headers["content-disposition"]
        [entry] = own.json()["rows"]
        assert (entry["action"], entry["after"]["rows"]) == ("audit.exported", 1)

    async def test_b6_no_cell_is_a_formula_in_any_disguise(self, fetch: Any) -> None:
        evil = ["=1+1", "\n=1+1", "\x00=1+1", "\uff1d1+1", "  =1+1", "\u200b@1"]

        answer = await fetch(*evil)

        table = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";")
        reasons = [row[6] for row in table if len(row) == 8][1:]
        assert reasons == [f"'{text}" for text in evil]
