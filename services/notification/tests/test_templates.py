"""The words of messages as data: bad ones cannot be saved, every version is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from itertools import product
from typing import Any

import pytest

from notification.domain.template import (
    DEFAULTS,
    BodyLengthWrong,
    BracesWrong,
    Language,
    Purpose,
    VariableMissing,
    VariableUnknown,
    check,
    fill,
)
from shared.testing import ADMIN, WAWAN
from shared.testing.plugin import CallAs

PATH = "/api/v1/message-templates"
BILL = f"{PATH}/bill/id"
SHORT = "Tagihan {no} {jumlah} ke {va}. {petunjuk}"

Hear = Callable[..., Awaitable[None]]


class TestTheDoor:
    async def test_b5_nul_in_the_words_is_refused_at_its_field(self, call_as: CallAs) -> None:
        body = {"body": SHORT + "\x00"}
        sample = body | {"purpose": "bill"}

        saved = await call_as(ADMIN).call("PATCH", BILL, json=body, headers={"If-Match": '"0"'})
        shown = await call_as(ADMIN).post(f"{PATH}/preview", sample)

        assert [saved.status_code, shown.status_code] == [422, 422]
        assert [error["field"] for error in saved.json()["errors"]] == ["body"]


class TestTheRules:
    @pytest.mark.parametrize("key", list(product(Purpose, Language)), ids=str)
    def test_what_is_built_in_can_be_saved(self, key: tuple[Purpose, Language]) -> None:
        assert check(key[0], DEFAULTS[key]) == DEFAULTS[key]

    def test_an_unknown_variable_is_named_with_those_that_are_known(self) -> None:
        with pytest.raises(VariableUnknown, match=r"Variabel \{total\} tidak dikenal.*jumlah"):
            check(Purpose.BILL, f"{SHORT} {{total}}")

    @pytest.mark.parametrize("name", ["no", "jumlah", "va", "petunjuk"])
    def test_a_bill_cannot_do_without_what_is_needed_to_pay(self, name: str) -> None:
        with pytest.raises(VariableMissing, match=rf"Variabel \{{{name}\}} wajib ada"):
            check(Purpose.BILL, SHORT.replace(f"{{{name}}}", ""))

    def test_c11_a_proof_says_itself_what_it_is(self) -> None:
        with pytest.raises(VariableMissing, match=r"\{bukti\}"):
            check(Purpose.RECEIPT, "Kwitansi {jumlah}: {tautan}")

    @pytest.mark.parametrize("body", ["{no", "no}", "{{no}}", SHORT + " {", "{ {no} }"])
    def test_a_lone_brace_is_refused(self, body: str) -> None:
        with pytest.raises((BracesWrong, VariableUnknown)):
            check(Purpose.BILL, body)

    @pytest.mark.parametrize("body", ["", " \n ", SHORT + "x" * 1000])
    def test_its_length_is_bounded(self, body: str) -> None:
        with pytest.raises(BodyLengthWrong):
            check(Purpose.BILL, body)

    def test_b5_a_value_is_never_read_as_a_template(self) -> None:
        assert fill("Yth. {nama}, {no}", {"nama": "{no} {x}", "no": "1"}) == "Yth. {no} {x}, 1"

    def test_an_empty_value_leaves_no_gap(self) -> None:
        assert fill("a {x} b {x}, c {x}.\n{x} d", {"x": ""}) == "a b, c.\nd"


class TestSaving:
    async def test_new_words_are_in_the_next_message(
        self, call_as: CallAs, hear: Hear, story: Any
    ) -> None:
        await hear(*story.ready_to_send())

        saved = await call_as(ADMIN).patch(BILL, {"body": SHORT}, version=0)
        bill = {"kind": "invoice", "invoice_id": str(story.invoice_id)}
        text = (await call_as(WAWAN).post("/api/v1/messages", bill)).json()["text"]

        assert (saved.status_code, saved.json()["version"]) == (200, 1)
        assert text == "Tagihan INV/2026/11/000123 Rp1.250.000 ke 8810081234567890."

    async def test_a_bad_template_is_not_saved_and_the_field_is_named(
        self, call_as: CallAs
    ) -> None:
        answer = await call_as(ADMIN).patch(BILL, {"body": SHORT + " {nomor}"}, version=0)

        assert answer.status_code == 422
        (error,) = answer.json()["errors"]
        assert error["field"] == "body"
        assert error["message"].startswith("Variabel {nomor} tidak dikenal.")
        assert (await call_as(ADMIN).get(BILL)).json()["version"] == 0

    async def test_k4_two_who_start_from_the_same_words_do_not_overwrite_each_other(
        self, call_as: CallAs
    ) -> None:
        first = await call_as(ADMIN).patch(BILL, {"body": SHORT}, version=0)
        second = await call_as(ADMIN).patch(BILL, {"body": SHORT + " b"}, version=0)

        assert (first.status_code, second.status_code) == (200, 412)
        assert second.json()["version"] == 1

    async def test_an_earlier_version_comes_back_as_the_newest(self, call_as: CallAs) -> None:
        admin = call_as(ADMIN)
        await admin.patch(BILL, {"body": SHORT}, version=0)
        await admin.patch(BILL, {"body": SHORT + " dua"}, version=1)

        await admin.patch(BILL, {"restore": 1}, version=2)
        await admin.patch(BILL, {"restore": 0}, version=3)

        now = (await admin.get(BILL)).json()
        history = [(v["version"], v["restores"], v["changed_by"]) for v in now["history"]]
        assert history == [
            (4, 0, "Ibu Ratna"),
            (3, 1, "Ibu Ratna"),
            (2, None, "Ibu Ratna"),
            (1, None, "Ibu Ratna"),
            (0, None, None),
        ]
        assert now["body"] == DEFAULTS[Purpose.BILL, Language.INDONESIAN]
        assert now["history"][1]["body"] == SHORT

    async def test_a_version_that_never_was_cannot_come_back(self, call_as: CallAs) -> None:
        assert (await call_as(ADMIN).patch(BILL, {"restore": 9}, version=0)).status_code == 404

    async def test_only_admin_writes_everybody_reads(self, call_as: CallAs) -> None:
        wawan = call_as(WAWAN)

        written = await wawan.patch(BILL, {"body": SHORT}, version=0)
        read = await wawan.get(PATH)

        assert written.status_code == 403
        assert len(read.json()["items"]) == 10

    @pytest.mark.parametrize("path", ["iklan/id", "bill/fr"])
    async def test_what_does_not_exist_is_not_found_by_guessing(
        self, call_as: CallAs, path: str
    ) -> None:
        assert (await call_as(ADMIN).get(f"{PATH}/{path}")).status_code == 422

    @pytest.mark.parametrize("body", [{}, {"body": SHORT, "restore": 0}, {"body": SHORT, "x": 1}])
    async def test_an_ambiguous_change_is_refused(self, call_as: CallAs, body: Any) -> None:
        assert (await call_as(ADMIN).patch(BILL, body, version=0)).status_code == 422


class TestThePreview:
    async def test_it_is_what_the_customer_would_get(
        self, call_as: CallAs, hear: Hear, story: Any
    ) -> None:
        await hear(*story.ready_to_send())
        words = DEFAULTS[Purpose.BILL, Language.INDONESIAN]

        shown = await call_as(ADMIN).post(f"{PATH}/preview", {"purpose": "bill", "body": words})

        bill = {"kind": "invoice", "invoice_id": str(story.invoice_id)}
        sent = (await call_as(WAWAN).post("/api/v1/messages", bill)).json()["text"]
        assert shown.json()["text"] == sent

    @pytest.mark.parametrize("purpose", list(Purpose))
    async def test_it_works_before_there_is_any_bill(
        self, call_as: CallAs, purpose: Purpose
    ) -> None:
        body = {"purpose": purpose, "language": "en", "body": DEFAULTS[purpose, Language.ENGLISH]}

        text = (await call_as(ADMIN).post(f"{PATH}/preview", body)).json()["text"]

        assert text.startswith("Dear Bapak/Ibu Nama Pelanggan,")
        assert "{" not in text

    async def test_a_receipt_is_shown_with_the_newest_payment(
        self, call_as: CallAs, hear: Hear, story: Any
    ) -> None:
        await hear(story.customer(), story.payment(verification="verified"))
        words = DEFAULTS[Purpose.RECEIPT, Language.INDONESIAN]

        body = {"purpose": "receipt", "body": words}
        text = (await call_as(ADMIN).post(f"{PATH}/preview", body)).json()["text"]

        assert "Pembayaran *Rp1.250.000* tanggal *23 November 2026*" in text
        assert "Kwitansi: https://tagihan.example/d/contoh" in text

    async def test_reminders_count_the_days(self, call_as: CallAs, hear: Hear, story: Any) -> None:
        await hear(*story.ready_to_send(), story.invoice(version=2, due_on=date(2026, 12, 1)))
        body = {"purpose": "reminder_after", "body": SHORT + " lewat {hari} hari"}

        text = (await call_as(ADMIN).post(f"{PATH}/preview", body)).json()["text"]

        assert text.endswith("lewat 3 hari")

    async def test_bad_words_are_refused_as_when_saved(self, call_as: CallAs) -> None:
        body = {"purpose": "bill", "body": "{x}"}

        assert (await call_as(ADMIN).post(f"{PATH}/preview", body)).status_code == 422
