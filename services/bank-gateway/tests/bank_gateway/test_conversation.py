"""What was said with the bank about an account, and how the link is doing; for Admin's eyes."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from bank_gateway.api import meanings
from bank_gateway.domain.bank import Outcome
from bank_gateway.domain.conversation import of_callback
from bank_gateway.ecollection import outcome_of
from bank_gateway.metrics import CALLBACK_REFUSALS
from bank_gateway.models import Exchange
from bni_protocol.codes import MESSAGES, classify
from shared.testing import ADMIN, WAWAN
from snap_protocol.codes import MESSAGES as SNAP_MESSAGES

BASE = "/api/v1/virtual-accounts"
LINK = "/api/v1/bank-link"
NO_ANSWER = Outcome(classify("997"), no_effect=True)


class TestTheConversationOfAnAccount:
    async def test_tells_both_directions_newest_first_with_what_was_said(
        self, bench: Any, call_as: Any
    ) -> None:
        account = await bench.open()
        bench.clock.advance(timedelta(minutes=1))
        await bench.told(bench.pay(account))
        await bench.work()

        page = (await call_as(ADMIN).get(f"{BASE}/{account.id}/exchanges")).json()

        said = [(e["direction"], e["operation"], e["meaning"]) for e in page["items"]]
        assert sorted(said[:2]) == [
            ("received", "callback", "Diterima"),
            ("sent", "inquire", "Berhasil"),
        ]
        assert said[2:] == [("sent", "create", "Berhasil")]
        facts = {e["operation"]: e["facts"] for e in page["items"]}
        assert facts["create"]["billed_idr"] == 1_250_000
        assert facts["create"]["expires_at"] == "2027-03-12T16:59:59Z"
        assert (facts["callback"]["paid_idr"], facts["callback"]["reference"]) == (
            1_250_000, "012345"
        )  # fmt: skip
        assert (facts["inquire"]["total_paid_idr"], facts["inquire"]["active"]) == (
            1_250_000, False
        )  # fmt: skip
        assert {e["operation"]: e["milliseconds"] is None for e in page["items"]} == {
            "create": False, "inquire": False, "callback": True
        }  # fmt: skip

    async def test_c9_neither_ciphertext_nor_names_nor_the_number_are_in_it(
        self, bench: Any, call_as: Any
    ) -> None:
        account = await bench.open()
        await bench.told(bench.pay(account))

        text = (await call_as(ADMIN).get(f"{BASE}/{account.id}/exchanges")).text

        assert not [word for word in ("sealed", "MAHMUD", account.account_number) if word in text]
        kept = json.dumps([row.facts for row in await bench.rows(Exchange)])
        assert "MAHMUD" not in kept

    async def test_a_bank_that_did_not_answer_is_said_and_what_is_left_to_do(
        self, bench: Any, call_as: Any
    ) -> None:
        bench.bank.script = [NO_ANSWER]
        account = await bench.issue()
        await bench.worker.step()

        page = (await call_as(ADMIN).get(f"{BASE}/{account.id}/exchanges")).json()

        assert [(e["status"], e["answer"]) for e in page["items"]] == [("", "later")]
        assert page["items"][0]["meaning"] == "Bank tidak memberi jawaban yang dapat dipakai"
        assert [(w["kind"], w["failures"]) for w in page["work"]] == [("open", 1)]

    async def test_a_contradicting_notification_is_part_of_it(
        self, bench: Any, call_as: Any
    ) -> None:
        account = await bench.open()
        await bench.told(bench.pay(account) | {"payment_amount": "7"})

        page = (await call_as(ADMIN).get(f"{BASE}/{account.id}/exchanges")).json()

        (callback,) = [e for e in page["items"] if e["operation"] == "callback"]
        assert (callback["status"], callback["meaning"]) == ("999", "Tidak diterima, dikarantina")
        assert callback["facts"]["paid_idr"] == 7

    async def test_pages_by_keyset(self, bench: Any, call_as: Any) -> None:
        account = await bench.open()
        await bench.told(bench.pay(account))
        path = f"{BASE}/{account.id}/exchanges"

        first = (await call_as(ADMIN).get(path, params={"limit": 1})).json()
        more = {"limit": 1, "cursor": first["next_cursor"]}
        second = (await call_as(ADMIN).get(path, params=more)).json()

        operations = [page["items"][0]["operation"] for page in (first, second)]
        assert sorted(operations) == ["callback", "create"]
        assert (first["total"], second["next_cursor"]) == (2, None)

    async def test_a1_is_admins_and_a7_a_missing_account_is_not_found(
        self, bench: Any, call_as: Any
    ) -> None:
        account = await bench.open()

        assert (await call_as(WAWAN).get(f"{BASE}/{account.id}/exchanges")).status_code == 403
        assert (await call_as(ADMIN).get(f"{BASE}/{uuid4()}/exchanges")).status_code == 404


class TestTheLink:
    async def test_a_healthy_day_is_counted_by_result(self, bench: Any, call_as: Any) -> None:
        account = await bench.open()
        await bench.told(bench.pay(account))

        link = (await call_as(ADMIN).get(LINK)).json()

        assert link["protocol"] == "ecollection"
        assert link["breaker"] == {"open": False, "failures": 0, "next_try_at": None}
        assert [(c["operation"], c["status"], c["count"]) for c in link["calls"]] == [
            ("create", "000", 1)
        ]
        assert (link["last_answer_at"], link["last_failure_at"]) == ("2026-11-23T02:00:00Z", None)
        assert (link["callbacks"]["accepted"], link["callbacks"]["quarantined"]) == (1, 0)
        assert link["unverified"] == {
            "count": 1, "amount_idr": 1_250_000, "oldest_at": "2026-11-23T02:00:00Z"
        }  # fmt: skip
        assert (link["queue"]["due"], link["queue"]["given_up"]) == (1, 0)

    async def test_r1_an_open_breaker_says_when_it_tries_again(
        self, bench: Any, call_as: Any
    ) -> None:
        bench.bank.script = [NO_ANSWER] * 10
        for number in range(10):
            await bench.issue(number=f"INV/2026/11/{number:06d}")
        await bench.work()

        link = (await call_as(ADMIN).get(LINK)).json()

        assert (link["breaker"]["open"], link["breaker"]["failures"]) == (True, 10)
        assert link["breaker"]["next_try_at"] > link["at"]
        assert link["last_answer_at"] is None
        assert link["last_failure_at"] == link["at"]

    async def test_a_pause_that_the_bank_asked_for_is_named(self, bench: Any, call_as: Any) -> None:
        account = await bench.open()
        bench.bank.script = [outcome_of("996")]
        await bench.ask(account)
        await bench.work()

        link = (await call_as(ADMIN).get(LINK)).json()

        assert [pause["call"] for pause in link["pauses"]] == ["inquire"]
        assert not link["breaker"]["open"]

    async def test_r2_an_account_that_was_asked_about_enough_waits_for_its_turn(
        self, bench: Any, call_as: Any
    ) -> None:
        account = await bench.open()
        before = (await call_as(ADMIN).get(LINK)).json()["turns"]
        for _ in range(3):
            await bench.ask(account)
            await bench.work()

        link = (await call_as(ADMIN).get(LINK)).json()

        assert before == {"accounts": 0, "until": None}
        assert link["turns"] == {"accounts": 1, "until": "2026-11-23T02:15:00Z"}
        assert link["pauses"] == []  # that is our own restraint, not the bank's

    async def test_c6_c7_what_is_doubted_and_what_cannot_be_read_are_counted_apart(
        self, bench: Any, call_as: Any
    ) -> None:
        account = await bench.open()
        before = (await call_as(ADMIN).get(LINK)).json()["callbacks"]["refused_unread"]
        await bench.told(bench.pay(account) | {"payment_amount": "7"})
        await bench.call_back({}, data="not a ciphertext")

        link = (await call_as(ADMIN).get(LINK)).json()

        assert link["callbacks"]["quarantined"] == 1
        assert link["callbacks"]["refused_unread"] == before + 1
        assert link["quarantined_open"] == 1
        assert CALLBACK_REFUSALS.collect()

    async def test_only_24_hours_are_counted(self, bench: Any, call_as: Any) -> None:
        await bench.open()
        bench.clock.advance(timedelta(hours=25))

        link = (await call_as(ADMIN).get(LINK)).json()

        assert (link["calls"], link["last_answer_at"]) == ([], None)

    async def test_a1_is_admins(self, bench: Any, call_as: Any) -> None:
        assert (await call_as(WAWAN).get(LINK)).status_code == 403


class TestMeanings:
    def test_every_documented_code_of_both_protocols_has_one(self) -> None:
        assert meanings.ECOLLECTION.keys() == MESSAGES.keys()
        assert meanings.SNAP.keys() == SNAP_MESSAGES.keys()

    @pytest.mark.parametrize(
        ("operation", "status", "said"),
        [
            ("create", "102", "Nomor VA sedang dipakai"),
            ("create", "4032755", "Nomor VA sedang dipakai"),
            ("inquire", "4043001", "Transaksi tidak ditemukan"),
            ("create", "2002700", "Berhasil"),
            ("snap-payment", "2002500", "Diterima"),
            ("create", "777", "Kode yang tidak dikenal"),
            ("create", "x", "Kode yang tidak dikenal"),
        ],
    )
    def test_a_status_is_said_in_words(self, operation: str, status: str, said: str) -> None:
        assert meanings.meaning(operation, status) == said


class TestFactsOfACallback:
    def test_what_is_not_what_it_should_be_is_left_out(self) -> None:
        strange = {
            "trx_amount": 5, "payment_amount": "-1", "payment_ntb": "x" * 21,
            "cumulative_payment_amount": "9" * 15, "customer_name": "X",
        }  # fmt: skip

        assert of_callback(strange) == {}

    async def test_b3_the_database_keeps_only_an_object(self, bench: Any) -> None:
        row = {"at": bench.clock.now(), "operation": "create", "trx_id": "1", "status": "000"}

        with pytest.raises(IntegrityError):
            async with bench.sessions.begin(ADMIN) as session:
                session.add(Exchange(**row, facts=[1], sealed_sent=b"", sealed_received=b""))
