"""The bank asks what a payer would pay (service 24)."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from bank_gateway.models import Exchange, Payment, VirtualAccount
from shared.tables import OutboxEntry

PATH = "/snap/v1.0/transfer-va/inquiry"


class TestABillThatIsOpen:
    async def test_is_told_with_its_holder_and_amount(self, bench: Any, snap: Any) -> None:
        account = await bench.open()

        answer = await snap.inquire(account.account_number)

        told = answer.json()
        assert (answer.status_code, told["responseCode"]) == (200, "2002400")
        assert told["virtualAccountData"] == {
            "inquiryStatus": "00",
            "inquiryReason": {"english": "Successful", "indonesia": "Berhasil"},
            "partnerServiceId": "    8001",
            "customerNo": account.account_number[4:],
            "virtualAccountNo": "    " + account.account_number,
            "inquiryRequestId": "TANYA-1",
            "virtualAccountName": "MAHMUD SULAIMAN",
            "totalAmount": {"value": "1250000.00", "currency": "IDR"},
            "virtualAccountTrxType": "C",
        }

    async def test_asks_for_what_we_asked_for_last(self, bench: Any, snap: Any) -> None:
        account = await bench.open()
        await bench.follow(bench.invoice(id=account.invoice_id, version=2, total_idr=900_000))

        assert await amount(snap, account) == "900000.00"

    async def test_of_a_contract_asks_for_what_is_left(self, bench: Any, snap: Any) -> None:
        await bench.customer()
        await bench.follow(bench.invoice(va_mode="contract", plan_id=bench.invoice().aggregate_id))
        await bench.work()
        (account,) = await bench.rows(VirtualAccount)
        part = {"payment_amount": "250000", "cumulative_payment_amount": "250000"}
        await bench.told(bench.pay(account) | part)

        assert await amount(snap, account) == "1000000.00"

    async def test_of_a_customer_shows_what_he_owes(self, bench: Any, snap: Any) -> None:
        await bench.customer()
        for total_idr in (1_250_000, 500_000):
            await bench.follow(bench.invoice(va_mode="customer", total_idr=total_idr))
        await bench.work()
        (account,) = await bench.rows(VirtualAccount)

        told = (await snap.inquire(account.account_number)).json()["virtualAccountData"]
        assert told["totalAmount"]["value"] == "1750000.00"
        assert told["virtualAccountTrxType"] == "O"

    async def test_nothing_changes_however_often_it_is_asked(self, bench: Any, snap: Any) -> None:
        account = await bench.open()
        tables = (VirtualAccount, Payment, OutboxEntry)
        before = [await bench.rows(table) for table in tables]

        first = await snap.inquire(account.account_number)
        again = await snap.inquire(account.account_number)

        assert first.content == again.content
        assert [await bench.rows(table) for table in tables] == before


class TestAPayerWhoIsTurnedAway:
    async def test_from_a_number_that_we_do_not_have(self, snap: Any) -> None:
        answer = await snap.inquire("8001999999999999")

        told = answer.json()
        assert (answer.status_code, told["responseCode"]) == (404, "4042412")
        assert told["responseMessage"] == "Invalid Bill/Virtual Account [Bill not found]"
        assert told["virtualAccountData"]["inquiryStatus"] == "01"
        assert told["virtualAccountData"]["inquiryReason"]["indonesia"] == (
            "Tagihan tidak ditemukan"
        )
        assert "totalAmount" not in told["virtualAccountData"]

    async def test_from_a_number_of_another_length(self, snap: Any) -> None:
        assert await code(snap, "80015") == "4042412"

    async def test_from_a_bill_that_is_paid(self, bench: Any, snap: Any) -> None:
        account = await bench.open()
        await bench.told(bench.pay(account))

        assert await code(snap, account.account_number) == "4042414"
        await bench.work()
        assert await code(snap, account.account_number) == "4042414"

    async def test_from_a_bill_that_is_cancelled(self, bench: Any, snap: Any) -> None:
        account = await bench.open()
        await bench.follow(bench.invoice(id=account.invoice_id, version=2, status="cancelled"))

        assert await code(snap, account.account_number) == "4042412"
        await bench.work()
        assert await code(snap, account.account_number) == "4042412"

    async def test_from_a_bill_after_its_last_second(self, bench: Any, snap: Any) -> None:
        account = await bench.open()

        bench.clock.move_to(account.expires_at)
        assert await code(snap, account.account_number) == "2002400"
        bench.clock.advance(timedelta(seconds=1))
        assert await code(snap, account.account_number) == "4042419"

    async def test_not_from_a_number_that_lives_on_under_a_new_billing(
        self, bench: Any, snap: Any
    ) -> None:
        account = await bench.open()
        async with bench.sessions.begin(bench.worker.principal) as session:
            old = (await session.exec(select(VirtualAccount))).one()
            facts = old.model_dump(exclude={"id", "trx_id", "va_owner_id", "status"})
            when = old.created_at - timedelta(days=1)
            session.add(VirtualAccount(**facts | {
                "trx_id": "OLDER", "status": "failed", "created_at": when
            }))  # fmt: skip

        assert await code(snap, account.account_number) == "2002400"


class TestAMessageThatIsNoInquiry:
    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            ({"partnerServiceId": None}, "4002402"),
            ({"customerNo": None}, "4002402"),
            ({"virtualAccountNo": ""}, "4002402"),
            ({"inquiryRequestId": None}, "4002402"),
            ({"partnerServiceId": "123456789"}, "4002401"),
            ({"customerNo": "12"}, "4002401"),
            ({"inquiryRequestId": "x" * 129}, "4002401"),
            ({"inquiryRequestId": 7}, "4002401"),
        ],
    )
    async def test_is_refused_by_the_field(
        self, bench: Any, snap: Any, change: dict[str, Any], expected: str
    ) -> None:
        account = await bench.open()

        answer = await snap.inquire(account.account_number, **change)

        (name,) = change
        assert answer.json()["responseCode"] == expected
        assert name in answer.json()["responseMessage"] or name == "customerNo"

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 60_000])
    async def test_is_refused_when_it_is_no_json(self, snap: Any, body: bytes) -> None:
        answer = await snap.call(PATH, body)

        assert (answer.status_code, answer.json()["responseCode"]) == (400, "4002400")

    async def test_without_a_signature_it_is_not_even_parsed(self, snap: Any) -> None:
        """C10: a body that would be refused as no JSON is refused as not signed."""
        answer = await snap.call(PATH, b"{", signed_body=b"{}")

        assert answer.json()["responseCode"] == "4012400"


async def amount(snap: Any, account: VirtualAccount) -> str:
    told = (await snap.inquire(account.account_number)).json()
    return str(told["virtualAccountData"]["totalAmount"]["value"])


async def code(snap: Any, number: str) -> str:
    answer = await snap.inquire(number)
    assert str(answer.status_code) == answer.json()["responseCode"][:3]
    return str(json.loads(answer.content)["responseCode"])


class TestWhatIsKept:
    async def test_c9_both_sides_are_sealed_beside_the_business_fields(
        self, bench: Any, snap: Any
    ) -> None:
        account = await bench.open()

        answer = await snap.inquire(account.account_number)

        kept = max(await bench.rows(Exchange), key=lambda each: each.id)
        assert (kept.operation, kept.trx_id, kept.status) == (
            "snap-inquiry", account.trx_id, "2002400"
        )  # fmt: skip
        assert kept.facts == {"billed_idr": 1_250_000}
        assert bench.worker.vault.open(kept.sealed_sent) == answer.content
        assert b"TANYA-1" in bench.worker.vault.open(kept.sealed_received)

    async def test_an_account_of_nobody_is_kept_without_one(self, bench: Any, snap: Any) -> None:
        await snap.inquire("8001999999999999")

        (kept,) = await bench.rows(Exchange)
        assert (kept.trx_id, kept.status, kept.facts) == ("", "4042412", {})

    async def test_c10_what_is_not_proved_is_not_kept(self, bench: Any, snap: Any) -> None:
        await snap.call(PATH, b"{}", X_SIGNATURE="AAAA")

        assert await bench.rows(Exchange) == []
