"""One answer per number and one effect per payment, whatever breaks in between (C10, I1, R7)."""

import asyncio
import json
import time
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from bank_gateway.api import door
from bank_gateway.main import build_door
from bank_gateway.models import Exchange, Payment, QuarantinedNotice, SnapAnswer, VirtualAccount
from bank_gateway.settings import Settings
from bank_gateway.store import account as accounts
from bni_protocol import moments
from shared.database import Sessions, make_engine
from shared.tables import AuditEntry, OutboxEntry

TABLES = (Payment, QuarantinedNotice, Exchange, SnapAnswer, OutboxEntry, AuditEntry)
PATH = "/snap/v1.0/transfer-va/payment"
NUMBER = {"X_EXTERNAL_ID": "77"}
CRASH = (
    """CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_terminate_backend(pg_backend_pid());
        RETURN NULL;
    END $$""",
    """CREATE CONSTRAINT TRIGGER crash AFTER INSERT ON snap_answers
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION crash()""",
)
"""What ends the connection in the middle of the commit."""


async def everything(bench: Any) -> list[list[Any]]:
    return [await bench.rows(table) for table in TABLES]


class TestTheSameNumber:
    async def test_c10_gets_the_stored_answer_byte_for_byte(self, bench: Any, snap: Any) -> None:
        members = snap.payment(await bench.open())
        first = await snap.pay(members, **NUMBER)
        before = await everything(bench)
        await bench.customer(name="Nama Baru")  # what would be said now is something else

        again = await snap.pay(members, **NUMBER)

        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert await everything(bench) == before

    async def test_c10_space_between_the_words_is_no_other_body(
        self, bench: Any, snap: Any
    ) -> None:
        members = snap.payment(await bench.open())
        first = await snap.pay(members, **NUMBER)

        again = await snap.call(PATH, json.dumps(members, indent=2).encode(), **NUMBER)

        assert again.content == first.content

    async def test_c10_with_another_body_is_a_conflict_and_changes_nothing(
        self, bench: Any, snap: Any
    ) -> None:
        members = snap.payment(await bench.open())
        await snap.pay(members, **NUMBER)
        before = await everything(bench)

        for changes in ({"flagAdvise": "Y"}, {"paymentRequestId": "BAYAR-2"}, {"paidAmount": 1}):
            answer = await snap.pay(members | changes, **NUMBER)
            assert (answer.status_code, answer.json()["responseCode"]) == (409, "4092500")
        assert await everything(bench) == before

    async def test_c10_is_free_again_on_the_next_day_in_jakarta(
        self, bench: Any, snap: Any
    ) -> None:
        first, second = await bench.open(), await bench.open(number="INV/2026/11/000002")
        bench.clock.move_to(_wib("2026-11-25T23:59:59"))
        assert await snap.told(snap.payment(first), **NUMBER) == "2002500"
        bench.clock.advance(timedelta(seconds=1))
        other = snap.payment(second, paymentRequestId="BAYAR-2")

        assert await snap.told(other, **NUMBER) == "2002500"
        days = sorted(answer.day for answer in await bench.rows(SnapAnswer))
        assert days == [date(2026, 11, 25), date(2026, 11, 26)]

    async def test_c10_belongs_to_the_day_that_was_signed(self, bench: Any, snap: Any) -> None:
        """The same bytes, sent again by the network a moment after midnight."""
        members = snap.payment(await bench.open())
        bench.clock.move_to(_wib("2026-11-25T23:59:58"))
        token, signed = await snap.token(), snap.timestamp()
        first = await snap.pay(members, token=token, X_TIMESTAMP=signed, **NUMBER)
        bench.clock.advance(timedelta(seconds=5))

        again = await snap.pay(members, token=token, X_TIMESTAMP=signed, **NUMBER)

        assert again.content == first.content
        assert len(await bench.rows(SnapAnswer)) == 1

    async def test_i1_is_kept_for_ninety_days(self, bench: Any, snap: Any) -> None:
        await snap.pay(snap.payment(await bench.open()))

        bench.clock.advance(timedelta(days=90))
        await bench.worker.clean_step()
        assert len(await bench.rows(SnapAnswer)) == 1
        bench.clock.advance(timedelta(seconds=1))
        await bench.worker.clean_step()
        assert await bench.rows(SnapAnswer) == []


class TestTheSamePayment:
    async def test_c3_under_a_new_number_is_taken_once(self, bench: Any, snap: Any) -> None:
        members = snap.payment(await bench.open())
        first = await snap.pay(members)

        again = await snap.pay(members)

        assert again.content == first.content
        assert len(await bench.payments()) == 1
        assert len(await bench.events("payment")) == 1
        assert len(await bench.rows(SnapAnswer)) == 2

    async def test_c3_after_the_bank_confirmed_it_under_another_reference(
        self, bench: Any, snap: Any
    ) -> None:
        account = await bench.open()
        bench.pay(account, payment_ntb="012345")
        members = snap.payment(account, journalNum=None)  # told under its reference only
        await snap.told(members)
        await bench.work()
        (payment,) = await bench.payments()
        assert (payment.verification, payment.payment_ntb) == ("verified", "012345")

        assert await snap.told(members) == "2002500"
        assert await bench.rows(QuarantinedNotice) == []

    async def test_i_with_other_data_is_kept_and_changes_nothing(
        self, bench: Any, snap: Any
    ) -> None:
        """5.5, 2: the code counts as success, and the payment was indeed taken."""
        members = snap.payment(await bench.open())
        await snap.told(members)

        other = members | {"paidAmount": {"value": "1.00", "currency": "IDR"}}
        assert await snap.told(other) == "4042518"
        (payment,) = await bench.payments()
        assert payment.amount_idr == 1_250_000
        (notice,) = await bench.rows(QuarantinedNotice)
        assert notice.contradiction == "same_key_other_content"

    async def test_i_with_other_data_after_it_was_refused_is_not_called_a_success(
        self, snap: Any
    ) -> None:
        stranger = VirtualAccount(
            account_number="8001999999999999", holder_name="X", amount_idr=5000, trx_id="NOBODY-1"
        )
        members = snap.payment(stranger)
        await snap.told(members)

        other = members | {"paidAmount": {"value": "1.00", "currency": "IDR"}}
        assert await snap.told(other) == "4042512"


class TestAtOnce:
    async def test_c10_the_same_request_has_one_effect_and_one_answer(
        self, bench: Any, snap: Any
    ) -> None:
        members, token = snap.payment(await bench.open()), await snap.token()

        answers = await asyncio.gather(
            *(snap.pay(members, token=token, **NUMBER) for _ in range(6))
        )

        assert {answer.content for answer in answers} == {answers[0].content}
        assert answers[0].json()["responseCode"] == "2002500"
        assert len(await bench.payments()) == len(await bench.rows(SnapAnswer)) == 1
        assert len(await bench.events("payment")) == 1

    async def test_c3_the_same_part_under_many_numbers_has_one_effect(
        self, bench: Any, snap: Any
    ) -> None:
        await bench.customer()
        await bench.follow(bench.invoice(va_mode="contract", plan_id=bench.invoice().aggregate_id))
        await bench.work()
        (account,) = await bench.rows(VirtualAccount)
        part = snap.payment(
            account, paidAmount={"value": "100000.00", "currency": "IDR"},
            journalNum=None, trxDateTime=None,
        )  # fmt: skip
        token = await snap.token()

        answers = await asyncio.gather(*(snap.told(part, token=token) for _ in range(6)))

        assert answers == ["2002500"] * 6
        assert len(await bench.payments()) == 1
        assert len(await bench.rows(SnapAnswer)) == 6

    async def test_c10_two_bodies_under_one_number_one_is_taken_and_one_a_conflict(
        self, bench: Any, snap: Any
    ) -> None:
        first, second = await bench.open(), await bench.open(number="INV/2026/11/000002")
        bodies = [snap.payment(first), snap.payment(second, paymentRequestId="BAYAR-2")]
        token = await snap.token()

        told = await asyncio.gather(*(snap.told(each, token=token, **NUMBER) for each in bodies))

        assert sorted(told) == ["2002500", "4092500"]
        assert len(await bench.payments()) == 1
        assert len(await bench.events("payment")) == 1
        assert len(await bench.rows(SnapAnswer)) == 1

    async def test_i1_who_waits_for_one_that_fails_takes_its_place(
        self, bench: Any, snap: Any
    ) -> None:
        account = await bench.open()
        async with bench.sessions.begin(bench.worker.principal) as session:
            await accounts.lock_account(session, account.id)
            waiting = asyncio.create_task(snap.told(snap.payment(account), **NUMBER))
            await _somebody_waits(bench)
            await session.rollback()

        assert await waiting == "2002500"


class TestWhenSomethingBreaks:
    async def test_c1_a_crash_before_the_commit_leaves_nothing_and_no_success(
        self, bench: Any, snap: Any, owner_sessions: Sessions
    ) -> None:
        members = snap.payment(await bench.open())
        before = await everything(bench)
        async with owner_sessions.begin(bench.worker.principal) as session:
            for statement in CRASH:
                await session.execute(text(statement))

        answer = await snap.pay(members, **NUMBER)

        assert (answer.status_code, answer.json()["responseCode"]) == (500, "5002500")
        assert await everything(bench) == before
        async with owner_sessions.begin(bench.worker.principal) as session:
            await session.execute(text("DROP TRIGGER crash ON snap_answers"))
        assert await snap.told(members, **NUMBER) == "2002500"
        assert len(await bench.payments()) == 1

    async def test_r7_without_a_database_nothing_is_acknowledged(
        self, bench: Any, snap: Any, settings: Settings
    ) -> None:
        members = snap.payment(await bench.open())
        nowhere = SecretStr("postgresql://nobody:x@127.0.0.1:1/nothing")
        cut_off = settings.model_copy(update={"database_url": nowhere})
        engine = make_engine(nowhere.get_secret_value())

        async with bench.served_by(build_door(cut_off, Sessions(engine, bench.clock))):
            down = await snap.pay(members, **NUMBER)
            asked = await snap.inquire("8001999999999999")

        await engine.dispose()
        assert (down.status_code, down.json()["responseCode"]) == (500, "5002500")
        assert (asked.status_code, asked.json()["responseCode"]) == (500, "5002400")
        assert await snap.told(members, **NUMBER) == "2002500"

    async def test_c2_what_takes_too_long_is_answered_in_time_and_not_with_success(
        self, bench: Any, snap: Any
    ) -> None:
        account = await bench.open()
        members = snap.payment(account)
        async with bench.sessions.begin(bench.worker.principal) as session:
            await accounts.lock_account(session, account.id)
            token = await snap.token()
            bench.door.answer_seconds = door.ANSWER_SECONDS
            started = time.monotonic()
            answer = await snap.pay(members, token=token, **NUMBER)
            seconds = time.monotonic() - started
            bench.door.answer_seconds = 60

        assert (answer.status_code, answer.json()["responseCode"]) == (504, "5042500")
        assert door.ANSWER_SECONDS == 2 <= seconds < 5
        assert await snap.told(members, **NUMBER) == "2002500"

    async def test_c7_too_large(self, snap: Any) -> None:
        answer = await snap.call(PATH, b"x" * 65_537)

        assert (answer.status_code, answer.json()["responseCode"]) == (400, "4002500")


class TestNothingSecretIsLogged:
    async def test_p2_neither_number_nor_name_nor_token(
        self, bench: Any, snap: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        account = await bench.open()
        members, token = snap.payment(account), await snap.token()
        await snap.pay(members, token=token, X_SIGNATURE="AAAA")
        await snap.pay(members | {"flagAdvise": "?"}, token=token)
        await snap.pay(members, token=token)

        logged = capsys.readouterr().out
        assert "callback refused" in logged
        for secret in (account.account_number, account.holder_name, token, snap.secret):
            assert secret not in logged


async def _somebody_waits(bench: Any) -> None:
    """Return once another transaction waits for a lock."""
    query = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    async with asyncio.timeout(10):
        while True:
            async with bench.sessions.begin(bench.worker.principal) as session:
                if (await session.execute(query)).scalar_one():
                    return


def _wib(spelled: str) -> datetime:
    return moments.parse_iso(spelled + "+07:00")
