"""The bank's callback: what is believed, what is kept, what is answered (C1 to C9, M8)."""

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy.exc import IntegrityError

from bank_gateway.handlers.accounts import ask_bank
from bank_gateway.main import build_door
from bank_gateway.models import Exchange, Payment, QuarantinedNotice
from bank_gateway.settings import Settings
from bni_protocol import envelope
from bni_protocol.cipher import Key
from shared.database import Sessions, make_engine

STRANGE = {
    "trx_id": "NOBODY-1",
    "virtual_account": "8001999999999999",
    "customer_name": "X",
    "trx_amount": "5000",
    "payment_amount": "5000",
    "cumulative_payment_amount": "5000",
    "payment_ntb": "000007",
    "datetime_payment": "2026-11-23 09:00:00",
    "datetime_payment_iso8601": "2026-11-23T09:00:00+07:00",
}


class TestAGenuineNotification:
    async def test_c1_is_durable_and_published_when_it_is_answered(self, bench: Any) -> None:
        account = await bench.open()

        answer = await bench.call_back(bench.pay(account))

        assert (answer.status_code, answer.json()) == (200, {"status": "000"})
        (payment,) = await bench.payments()
        (received,) = await bench.events("payment")
        assert received.TYPE == "payment.received"
        assert received.aggregate_id == payment.id
        assert (received.amount_idr, received.cumulative_idr) == (1_250_000, 1_250_000)
        assert received.invoice_id == account.invoice_id
        assert received.customer_id == account.customer_id
        assert received.bank_reference == "012345"
        assert received.verification == "unverified"

    async def test_c3_a_repeat_is_answered_alike_and_changes_nothing(self, bench: Any) -> None:
        members = bench.pay(await bench.open())
        await bench.told(members)
        before = (await bench.rows(Payment), await bench.events(), await bench.rows(Exchange))

        assert await bench.told(members) == "000"
        assert before == (
            await bench.rows(Payment), await bench.events(), await bench.rows(Exchange)
        )  # fmt: skip

    async def test_c3_many_at_once_are_one_payment(self, bench: Any) -> None:
        members = bench.pay(await bench.open())

        answers = await asyncio.gather(*(bench.told(members) for _ in range(8)))

        assert answers == ["000"] * 8
        assert len(await bench.payments()) == 1
        assert len(await bench.events("payment")) == 1

    async def test_c4_another_customer_name_is_a_warning_only(self, bench: Any) -> None:
        account = await bench.open()

        assert await bench.told(bench.pay(account, customer_name="SOMEBODY \x00 \ud800")) == "000"

    async def test_members_the_bank_adds_later_are_tolerated(self, bench: Any) -> None:
        account = await bench.open()

        assert await bench.told(bench.pay(account, channel="ATM")) == "000"

    async def test_c4_an_older_registered_amount_is_still_ours(self, bench: Any) -> None:
        account = await bench.open()
        members = bench.pay(account)
        await bench.follow(bench.invoice(id=account.invoice_id, version=2, total_idr=900_000))

        assert await bench.told(members) == "000"

    async def test_a_late_payment_on_a_cancelled_account_is_still_money(self, bench: Any) -> None:
        account = await bench.open()
        await bench.follow(bench.invoice(id=account.invoice_id, version=2, status="cancelled"))
        await bench.work()

        assert await bench.told(bench.pay(account)) == "000"
        assert (await bench.account(account.invoice_id)).status == "cancelled"
        assert len(await bench.events("payment.received")) == 1

    async def test_money_may_come_before_the_answer_to_the_create(self, bench: Any) -> None:
        account = await bench.issue()
        bench.bank_has(account)

        assert await bench.told(bench.pay(account)) == "000"
        await bench.work()

        assert (await bench.account(account.invoice_id)).status == "paid"


class TestAContradiction:
    @pytest.mark.parametrize(
        "change",
        [
            {"virtual_account": "8001000000000099"},
            {"trx_amount": "1250001"},
            {"payment_amount": "1249999", "cumulative_payment_amount": "1249999"},
            {"payment_amount": "1250001"},
            {"cumulative_payment_amount": "2500000"},
            {"payment_amount": "0"},
            {"payment_amount": "1250000.00"},
            {"payment_amount": 1250000},
            {"payment_ntb": ""},
            {"datetime_payment": "2026-11-23 09:00:01"},
            {"datetime_payment_iso8601": "0001-01-01T00:00:00+07:00"},
            {"trx_amount": None},
        ],
    )
    async def test_c6_is_kept_in_quarantine_and_refused(
        self, bench: Any, change: dict[str, Any]
    ) -> None:
        account = await bench.open()

        assert await bench.told(bench.pay(account) | change) == "999"
        assert await bench.payments() == []
        assert await bench.events("payment") == []
        (notice,) = await bench.rows(QuarantinedNotice)
        assert notice.state == "quarantined"

    async def test_c6_its_repeats_are_counted_not_stored_again(self, bench: Any) -> None:
        members = bench.pay(await bench.open()) | {"payment_amount": "7"}

        await bench.told(members)
        await bench.told(members)

        (notice,) = await bench.rows(QuarantinedNotice)
        assert notice.times_seen == 2

    async def test_c6_the_genuine_copy_is_taken_afterwards(self, bench: Any) -> None:
        members = bench.pay(await bench.open())
        await bench.told(members | {"payment_amount": "7"})

        assert await bench.told(members) == "000"
        await bench.work()
        (notice,) = await bench.rows(QuarantinedNotice)
        assert notice.state == "rejected"

    async def test_c6_the_bank_is_asked_and_the_money_is_found(self, bench: Any) -> None:
        account = await bench.open()
        await bench.told(bench.pay(account) | {"payment_amount": "7"})

        await bench.work()

        types = [event.TYPE for event in await bench.events("payment")]
        assert types == ["payment.received", "payment.verified"]
        assert (await bench.account(account.invoice_id)).status == "paid"

    async def test_c6_is_settled_when_the_bank_holds_no_more_than_we_know(self, bench: Any) -> None:
        account = await bench.open()
        bench.pay(account)
        await bench.told(bench.bank.payments.pop(account.trx_id).members() | {"trx_amount": "7"})

        await bench.work()
        (notice,) = await bench.rows(QuarantinedNotice)
        assert notice.state == "quarantined"  # its money may still show in the bank's record
        await bench.heal(minutes=15)

        (notice,) = await bench.rows(QuarantinedNotice)
        assert notice.state == "rejected"
        assert await bench.payments() == []

    async def test_c6_stays_while_the_bank_holds_less_than_we_know(self, bench: Any) -> None:
        account = await bench.open()
        genuine = bench.pay(account)
        await bench.told(genuine)
        bench.bank.payments.clear()
        await bench.told(genuine | {"payment_ntb": "999999"})

        await bench.heal(minutes=15)

        (notice,) = await bench.rows(QuarantinedNotice)
        assert notice.state == "quarantined"

    async def test_i_the_same_interval_with_another_journal_number_is_refused(
        self, bench: Any
    ) -> None:
        members = bench.pay(await bench.open())
        await bench.told(members)

        assert await bench.told(members | {"payment_ntb": "999999"}) == "999"
        assert len(await bench.payments()) == 1


class TestIntervals:
    async def test_m8_the_database_refuses_an_overlap(self, bench: Any) -> None:
        account = await bench.open()
        await bench.told(bench.pay(account))
        (payment,) = await bench.payments()
        twin = payment.model_dump(exclude={"id"}) | {"payment_ntb": "7", "amount_idr": 1}

        with pytest.raises(IntegrityError, match="payments_do_not_overlap"):
            async with bench.sessions.begin(bench.worker.principal) as session:
                session.add(Payment(**twin))

    async def test_m8_neighbours_tile(self, bench: Any) -> None:
        account = await bench.open()
        await bench.told(bench.pay(account))
        (payment,) = await bench.payments()
        next_one = payment.model_dump(exclude={"id"}) | {
            "payment_ntb": "7", "amount_idr": 5, "cumulative_idr": payment.cumulative_idr + 5
        }  # fmt: skip

        async with bench.sessions.begin(bench.worker.principal) as session:
            session.add(Payment(**next_one))

        assert len(await bench.payments()) == 2


class TestUnknownMoney:
    async def test_c5_is_durable_answered_and_told_to_nobody_yet(self, bench: Any) -> None:
        assert await bench.told(STRANGE) == "000"
        assert await bench.told(STRANGE) == "000"

        (payment,) = await bench.payments()
        assert (payment.status, payment.customer_id) == ("unmatched", None)
        assert await bench.events() == []

    async def test_c5_goes_to_suspense_once_the_bank_confirms(self, bench: Any) -> None:
        account = await bench.open()
        stranger = replace(bench.bank.billings[account.trx_id], trx_id="NOBODY-1")
        bench.bank.billings["NOBODY-1"] = replace(stranger, virtual_account="8001999999999999")
        account.trx_id = "NOBODY-1"
        bench.pay(account)
        bench.bank.payments["NOBODY-1"] = replace(
            bench.bank.payments["NOBODY-1"], cumulative_idr=5000, payment_ntb="000007"
        )

        await bench.told(STRANGE)
        await bench.work()

        received, verified = await bench.events("payment")
        assert (received.TYPE, verified.TYPE) == ("payment.received", "payment.verified")
        assert (received.customer_id, received.amount_idr) == (None, 5000)

    async def test_c5_is_for_a_person_when_the_bank_knows_nothing(self, bench: Any) -> None:
        await bench.told(STRANGE)

        for minutes in (0, 1, 4, 10):
            await bench.heal(minutes=minutes)

        (payment,) = await bench.payments()
        assert payment.verification == "disputed"
        assert await bench.events("payment") == []
        assert [event.TYPE for event in await bench.events()] == ["notice.quarantined"]


class TestWhatIsNotLookedInto:
    async def test_c7_a_wrong_key(self, bench: Any) -> None:
        body = envelope.seal({"trx_id": "T"}, Key("001", "f" * 32), 1)

        answer = await bench.http.post("/bni/ecollection/callback", content=body)

        assert (answer.status_code, answer.json()["status"]) == (200, "999")
        assert await bench.rows(QuarantinedNotice) == []

    async def test_c7_too_old_or_too_new(self, bench: Any) -> None:
        members = bench.pay(await bench.open())
        sealed = envelope.seal(members, Key("001", "ea0c88921fb033387e66ef7d1e82ab83"), 1)

        answer = await bench.http.post("/bni/ecollection/callback", content=sealed)

        assert answer.json()["status"] == "999"
        assert await bench.payments() == []

    async def test_c7_another_client(self, bench: Any) -> None:
        members = bench.pay(await bench.open())

        assert (await bench.call_back(members, client_id="002")).json()["status"] == "999"
        assert await bench.told(members | {"client_id": "002"}) == "999"

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 60_000])
    async def test_c7_not_json(self, bench: Any, body: bytes) -> None:
        answer = await bench.http.post("/bni/ecollection/callback", content=body)

        assert answer.json()["status"] == "999"

    async def test_c7_too_large(self, bench: Any) -> None:
        answer = await bench.http.post("/bni/ecollection/callback", content=b"x" * 65_537)

        assert (answer.status_code, answer.json()["status"]) == (413, "999")

    @pytest.mark.parametrize(("method", "path", "code"), [
        ("GET", "/bni/ecollection/callback", 405), ("POST", "/", 404), ("GET", "/metrics", 404),
    ])  # fmt: skip
    async def test_nothing_else_is_served(
        self, bench: Any, method: str, path: str, code: int
    ) -> None:
        assert (await bench.http.request(method, path)).status_code == code

    async def test_c8_a_stranger_network(self, bench: Any) -> None:
        transport = bench.http._transport
        for stranger in ("10.0.0.1", "::1", "", "localhost"):
            transport.client = (stranger, 1)
            answer = await bench.call_back(bench.pay(await bench.open()))
            assert answer.status_code == 403
        assert await bench.payments() == []

    async def test_c8_an_ipv4_address_in_ipv6_clothes_is_known(self, bench: Any) -> None:
        bench.http._transport.client = ("::ffff:127.0.0.1", 1)

        assert await bench.told(bench.pay(await bench.open())) == "000"

    async def test_c8_a_forwarded_address_proves_nothing(self, bench: Any) -> None:
        bench.http._transport.client = ("10.0.0.1", 1)
        headers = {"X-Forwarded-For": "127.0.0.1", "Forwarded": "for=127.0.0.1"}

        answer = await bench.http.post("/bni/ecollection/callback", content=b"x", headers=headers)

        assert answer.status_code == 403


class TestAKeyThatIsBeingChanged:
    async def test_p4_the_previous_key_is_still_accepted(self, bench: Any, settings: Any) -> None:
        clerk = bench.clerk
        clerk.keys = [Key("001", "f" * 32), clerk.keys[0]]

        assert await bench.told(bench.pay(await bench.open())) == "000"


class TestADatabaseThatIsDown:
    async def test_r7_is_never_acknowledged(self, bench: Any, settings: Settings) -> None:
        members = bench.pay(await bench.open())
        nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
        elsewhere = settings.model_copy(update={"database_url": SecretStr(nowhere)})
        door = build_door(elsewhere, Sessions(make_engine(nowhere), bench.clock))

        async with bench.served_by(door):
            down: httpx.Response = await bench.call_back(members)

        assert (down.status_code, down.json()["status"]) == (503, "999")
        assert down.headers["retry-after"] == "30"
        assert await bench.told(members) == "000"


class TestNothingSecretIsLogged:
    async def test_c9_p2_neither_ciphertext_nor_number_nor_name(
        self, bench: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        account = await bench.open()
        members = bench.pay(account)
        sealed = envelope.seal(members, Key("001", "f" * 32), int(bench.clock.now().timestamp()))
        await bench.http.post("/bni/ecollection/callback", content=sealed)
        await bench.told(members | {"payment_amount": "7"})
        await bench.told(members)

        logged = capsys.readouterr().out
        assert "callback refused" in logged
        for secret in (sealed[40:80].decode(), account.account_number, account.holder_name):
            assert secret not in logged


async def test_a_person_may_have_the_bank_asked(bench: Any) -> None:
    account = await bench.open()
    bench.pay(account)  # its callback is lost
    async with bench.sessions.begin(bench.worker.principal) as session:
        await ask_bank(account.id, session)
    await bench.work()

    types = [event.TYPE for event in await bench.events("payment")]
    assert types == ["payment.received", "payment.verified"]
    asked = await bench.account(account.invoice_id)
    assert (asked.status, asked.bank_paid_idr) == ("paid", 1_250_000)
