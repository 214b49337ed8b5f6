"""The bank tells of a payment in SNAP BI (service 25): believed, doubted, told again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bank_gateway.models import Exchange, Payment, QuarantinedNotice, SnapAnswer, VirtualAccount
from bni_protocol import moments
from shared.tables import AuditEntry, OutboxEntry

TABLES = (Payment, QuarantinedNotice, Exchange, SnapAnswer, OutboxEntry, AuditEntry)


def rupiah(amount_idr: int) -> dict[str, str]:
    return {"value": f"{amount_idr}.00", "currency": "IDR"}


async def everything(bench: Any) -> list[list[Any]]:
    return [await bench.rows(table) for table in TABLES]


async def open_contract(bench: Any) -> VirtualAccount:
    await bench.customer()
    await bench.follow(bench.invoice(va_mode="contract", plan_id=bench.invoice().aggregate_id))
    await bench.work()
    (account,) = await bench.rows(VirtualAccount)
    return account


class TestAGenuinePayment:
    async def test_c1_is_durable_and_published_when_it_is_answered(
        self, bench: Any, snap: Any
    ) -> None:
        account = await bench.open()

        answer = await snap.pay(snap.payment(account))

        assert (answer.status_code, answer.json()["responseCode"]) == (200, "2002500")
        (payment,) = await bench.payments()
        (received,) = await bench.events("payment")
        assert received.TYPE == "payment.received"
        assert received.aggregate_id == payment.id
        assert (received.amount_idr, received.cumulative_idr) == (1_250_000, 1_250_000)
        assert received.invoice_id == account.invoice_id
        assert received.bank_reference == "012345"
        assert received.verification == "unverified"
        assert moments.iso(received.paid_at) == "2026-11-23T09:00:00+07:00"
        assert (payment.client_id, payment.request_id) == ("001", "BAYAR-1")
        kept = max(await bench.rows(Exchange), key=lambda each: each.id)
        assert (kept.operation, kept.status) == ("snap-payment", "2002500")
        assert bench.worker.vault.open(kept.sealed_sent) == answer.content

    async def test_is_answered_with_what_it_said(self, bench: Any, snap: Any) -> None:
        account = await bench.open()

        told = (await snap.pay(snap.payment(account))).json()["virtualAccountData"]

        assert told == {
            "paymentFlagStatus": "00",
            "paymentFlagReason": {"english": "Successful", "indonesia": "Berhasil"},
            "partnerServiceId": "    8001",
            "customerNo": account.account_number[4:],
            "virtualAccountNo": "    " + account.account_number,
            "virtualAccountName": "MAHMUD SULAIMAN",
            "paymentRequestId": "BAYAR-1",
            "paidAmount": rupiah(1_250_000),
            "totalAmount": rupiah(1_250_000),
            "trxDateTime": "2026-11-23T09:00:00+07:00",
            "referenceNo": "REF-20261123-000000000000001",
        }

    async def test_c11_is_verified_by_the_banks_own_record(self, bench: Any, snap: Any) -> None:
        account = await bench.open()
        bench.pay(account)
        await snap.told(snap.payment(account))

        await bench.work()

        types = [event.TYPE for event in await bench.events("payment")]
        assert types == ["payment.received", "payment.verified"]
        assert (await bench.account(account.invoice_id)).status == "paid"

    async def test_without_what_the_bank_may_leave_out(self, bench: Any, snap: Any) -> None:
        account = await bench.open()
        bench.pay(account)
        optional = ("virtualAccountName", "trxId", "totalAmount", "trxDateTime", "referenceNo")
        least = snap.payment(account, **dict.fromkeys(optional), journalNum=None)

        assert await snap.told(least) == "2002500"
        (payment,) = await bench.payments()
        assert (payment.trx_id, payment.billed_idr) == (account.trx_id, 1_250_000)
        assert payment.paid_at == bench.clock.now()
        assert payment.payment_ntb == "BAYAR-1"

        await bench.work()
        types = [event.TYPE for event in await bench.events("payment")]
        assert types == ["payment.received", "payment.verified"]
        (payment,) = await bench.payments()
        assert payment.payment_ntb == "012345"  # the bank's own record knows it

    async def test_its_reference_stands_for_the_journal_and_is_kept_whole(
        self, bench: Any, snap: Any
    ) -> None:
        account = await bench.open()
        longest = "R" * 64

        await snap.told(snap.payment(account, journalNum=None, referenceNo=longest))

        (payment,) = await bench.payments()
        assert payment.payment_ntb == longest

    async def test_c4_another_name_is_a_warning_only(self, bench: Any, snap: Any) -> None:
        account = await bench.open()

        assert await snap.told(snap.payment(account, virtualAccountName="ORANG LAIN")) == "2002500"

    async def test_c4_an_older_registered_amount_is_still_ours(self, bench: Any, snap: Any) -> None:
        account = await bench.open()
        members = snap.payment(account, totalAmount=None)
        await bench.follow(bench.invoice(id=account.invoice_id, version=2, total_idr=900_000))

        assert await snap.told(members) == "2002500"

    async def test_told_in_both_protocols_it_is_one(self, bench: Any, snap: Any) -> None:
        account = await bench.open()
        await bench.told(bench.pay(account))

        assert await snap.told(snap.payment(account)) == "2002500"
        assert len(await bench.payments()) == 1
        assert len(await bench.events("payment")) == 1

    async def test_m8_is_one_with_what_an_inquiry_found_first(self, bench: Any, snap: Any) -> None:
        account = await bench.open()
        bench.pay(account)
        await bench.told(bench.pay(account) | {"payment_amount": "7"})  # so the bank is asked
        await bench.work()
        members = snap.payment(account, journalNum="999999", trxDateTime=None)

        assert await snap.told(members) == "2002500"
        assert [payment.source for payment in await bench.payments()] == ["inquiry"]


class TestParts:
    async def test_m8_follow_one_another_when_no_total_is_told(self, bench: Any, snap: Any) -> None:
        account = await open_contract(bench)

        for number, amount_idr in enumerate((500_000, 300_000)):
            told = snap.payment(
                account, paymentRequestId=f"P-{number}", journalNum=f"00000{number}",
                paidAmount=rupiah(amount_idr), totalAmount=rupiah(1_250_000 - 500_000 * number),
            )  # fmt: skip
            assert await snap.told(told) == "2002500"

        intervals = [payment.interval for payment in await bench.payments()]
        assert [(each.lower_idr, each.upper_idr) for each in intervals] == [
            (0, 500_000), (500_000, 800_000)
        ]  # fmt: skip

    async def test_m8_lie_where_the_total_puts_them(self, bench: Any, snap: Any) -> None:
        account = await open_contract(bench)
        told = snap.payment(
            account, paidAmount=rupiah(300_000), cumulativePaymentAmount=rupiah(800_000)
        )

        assert await snap.told(told) == "2002500"
        (payment,) = await bench.payments()
        assert (payment.interval.lower_idr, payment.interval.upper_idr) == (500_000, 800_000)

    async def test_m8_the_same_part_under_a_new_number_keeps_its_place(
        self, bench: Any, snap: Any
    ) -> None:
        account = await open_contract(bench)
        part = snap.payment(account, paidAmount=rupiah(300_000), trxDateTime=None, journalNum=None)
        await snap.told(part)
        bench.clock.advance(timedelta(minutes=3))

        assert await snap.told(part | {"flagAdvise": "Y"}) == "2002500"
        assert [payment.amount_idr for payment in await bench.payments()] == [300_000]

    async def test_above_the_contracts_sum_are_refused(self, bench: Any, snap: Any) -> None:
        account = await open_contract(bench)
        await snap.told(snap.payment(account, paidAmount=rupiah(1_000_000)))
        more = snap.payment(account, paymentRequestId="P-2", journalNum="000002",
                            paidAmount=rupiah(300_000))  # fmt: skip

        assert await snap.told(more) == "4042513"
        assert len(await bench.payments()) == 1


class TestMoneyThatIsNotTaken:
    async def test_c5_for_an_unknown_account_is_durable_and_asked_about(
        self, bench: Any, snap: Any
    ) -> None:
        stranger = VirtualAccount(
            account_number="8001999999999999", holder_name="X", amount_idr=5000, trx_id="NOBODY-1"
        )

        answer = await snap.pay(snap.payment(stranger))

        assert (answer.status_code, answer.json()["responseCode"]) == (404, "4042512")
        assert answer.json()["virtualAccountData"]["paymentFlagStatus"] == "01"
        (payment,) = await bench.payments()
        assert (payment.status, payment.trx_id) == ("unmatched", "NOBODY-1")
        assert await bench.events() == []
        assert await bench.work_left() == {"verify"}

    async def test_c5_for_an_unknown_account_told_again_is_one(self, bench: Any, snap: Any) -> None:
        stranger = VirtualAccount(
            account_number="8001999999999999", holder_name="X", amount_idr=5000, trx_id=""
        )
        members = snap.payment(stranger, trxId=None)

        assert await snap.told(members) == "4042512"
        assert await snap.told(members) == "4042512"
        assert len(await bench.payments()) == 1

    async def test_c5_once_the_bank_confirms_it_is_answered_with_success(
        self, bench: Any, snap: Any
    ) -> None:
        account = await bench.open()
        account.trx_id, account.account_number = "NOBODY-1", "8001999999999999"
        billing = bench.bank.billings[(await bench.account(account.invoice_id)).trx_id]
        bench.bank.billings["NOBODY-1"] = replace(
            billing, trx_id="NOBODY-1", virtual_account=account.account_number
        )
        bench.pay(account)
        members = snap.payment(account)
        assert await snap.told(members) == "4042512"

        await bench.work()

        received, verified = await bench.events("payment")
        assert (received.customer_id, verified.amount_idr) == (None, 1_250_000)
        assert await snap.told(members) == "2002500"

    async def test_for_a_number_of_another_length_is_kept(self, bench: Any, snap: Any) -> None:
        stranger = VirtualAccount(
            account_number="80019", holder_name="X", amount_idr=5000, trx_id="NOBODY-1"
        )

        assert await snap.told(snap.payment(stranger)) == "4042512"
        (notice,) = await bench.rows(QuarantinedNotice)
        assert notice.contradiction == "other_account"

    async def test_s_paid_after_expiry_is_kept_and_asked_about(self, bench: Any, snap: Any) -> None:
        account = await bench.open()
        late = moments.iso(account.expires_at + timedelta(seconds=1))

        assert await snap.told(snap.payment(account, trxDateTime=late)) == "4042519"
        assert await bench.payments() == []
        (notice,) = await bench.rows(QuarantinedNotice)
        assert (notice.state, notice.contradiction) == ("quarantined", "paid_after_expiry")
        assert await bench.work_left() == {"watch"}

    async def test_s_m9_if_the_bank_took_it_all_the_same_it_is_found(
        self, bench: Any, snap: Any
    ) -> None:
        account = await bench.open()
        late = moments.iso(account.expires_at + timedelta(seconds=1))
        bench.pay(account)
        members = snap.payment(account, trxDateTime=late)
        await snap.told(members)

        await bench.work()

        types = [event.TYPE for event in await bench.events("payment")]
        assert types == ["payment.received", "payment.verified"]
        assert await snap.told(members) == "2002500"
        assert len(await bench.payments()) == 1

    async def test_s_paid_in_time_and_told_late_is_taken(self, bench: Any, snap: Any) -> None:
        account = await bench.open()
        members = snap.payment(account, trxDateTime=moments.iso(account.expires_at))
        bench.clock.move_to(account.expires_at + timedelta(hours=1))

        assert await snap.told(members) == "2002500"

    async def test_s_for_a_cancelled_account_is_kept_and_asked_about(
        self, bench: Any, snap: Any
    ) -> None:
        account = await bench.open()
        await bench.follow(bench.invoice(id=account.invoice_id, version=2, status="cancelled"))
        await bench.work()

        assert await snap.told(snap.payment(account)) == "4042512"
        (notice,) = await bench.rows(QuarantinedNotice)
        assert notice.contradiction == "account_closed"

    async def test_for_a_bill_that_is_paid_already(self, bench: Any, snap: Any) -> None:
        account = await bench.open()
        await snap.told(snap.payment(account))
        second = snap.payment(account, paymentRequestId="BAYAR-2", journalNum="999999")

        assert await snap.told(second) == "4042514"
        assert len(await bench.payments()) == 1

    @pytest.mark.parametrize(
        ("changes", "code", "contradiction"),
        [
            ({"paidAmount": rupiah(1_249_999)}, "4042513", "amount_not_legal_for_type"),
            ({"paidAmount": rupiah(1_250_001)}, "4042513", "amount_not_legal_for_type"),
            ({"paidAmount": rupiah(0)}, "4042513", "amount_zero"),
            ({"totalAmount": rupiah(1)}, "4042513", "other_billed_amount"),
            ({"cumulativePaymentAmount": rupiah(2)}, "4042513", "cumulative_below_payment"),
            (
                {
                    "partnerServiceId": "    8001",
                    "customerNo": "999999999999",
                    "virtualAccountNo": "    8001999999999999",
                },
                "4042512",
                "other_account",
            ),
        ],
    )
    async def test_c6_a_contradiction_is_kept_in_quarantine(
        self, bench: Any, snap: Any, changes: dict[str, Any], code: str, contradiction: str
    ) -> None:
        account = await bench.open()

        assert await snap.told(snap.payment(account, **changes)) == code
        assert await bench.payments() == []
        assert await bench.events("payment") == []
        (notice,) = await bench.rows(QuarantinedNotice)
        assert (notice.state, notice.contradiction) == ("quarantined", contradiction)
        assert await bench.rows(SnapAnswer) == []

    async def test_c6_what_the_bank_did_not_keep_either_is_settled(
        self, bench: Any, snap: Any
    ) -> None:
        account = await bench.open()
        await snap.told(snap.payment(account, paidAmount=rupiah(7)))

        await bench.work()
        await bench.heal(minutes=15)

        (notice,) = await bench.rows(QuarantinedNotice)
        assert notice.state == "rejected"

    async def test_c6_the_genuine_copy_is_taken_afterwards_under_the_same_number(
        self, bench: Any, snap: Any
    ) -> None:
        """I2: what was refused has not used up its number."""
        members = snap.payment(await bench.open())
        number = {"X_EXTERNAL_ID": "77"}

        assert await snap.told(members | {"paidAmount": rupiah(7)}, **number) == "4042513"
        assert await snap.told(members, **number) == "2002500"
        assert len(await bench.payments()) == 1


class TestAFieldThatIsNotOfItsKind:
    @pytest.mark.parametrize(
        ("changes", "code", "name"),
        [
            ({"paymentRequestId": None}, "4002502", "paymentRequestId"),
            ({"paidAmount": None}, "4002502", "paidAmount"),
            ({"partnerServiceId": None}, "4002502", "partnerServiceId"),
            ({"paidAmount": {"value": 1250000, "currency": "IDR"}}, "4002501", "paidAmount"),
            ({"paidAmount": {"value": "1250000", "currency": "IDR"}}, "4002501", "paidAmount"),
            ({"paidAmount": {"value": "-1.00", "currency": "IDR"}}, "4002501", "paidAmount"),
            ({"paidAmount": {"value": "1" * 15 + ".00", "currency": "IDR"}}, "4002501", "paid"),
            ({"paidAmount": {"value": "1250000.50", "currency": "IDR"}}, "4032554", "paidAmount"),
            ({"paidAmount": {"value": "1250000.00", "currency": "USD"}}, "4032558", "paidAmount"),
            ({"trxDateTime": "2026-11-23 09:00:00"}, "4002501", "trxDateTime"),
            ({"flagAdvise": "X"}, "4002501", "flagAdvise"),
            ({"referenceNo": "R" * 65}, "4002501", "referenceNo"),
            ({"paymentRequestId": "a\x00b"}, "4002501", "paymentRequestId"),
        ],
    )
    async def test_c6_m1_is_named_and_the_message_is_kept(
        self, bench: Any, snap: Any, changes: dict[str, Any], code: str, name: str
    ) -> None:
        account = await bench.open()

        answer = await snap.pay(snap.payment(account, **changes))

        assert answer.json()["responseCode"] == code
        assert name in answer.json()["responseMessage"]
        assert await bench.payments() == []
        (notice,) = await bench.rows(QuarantinedNotice)
        assert notice.contradiction.startswith("field:")
        assert notice.virtual_account_id == account.id
        assert await bench.rows(SnapAnswer) == []


class TestWhatIsNotProved:
    async def test_c10_is_not_kept_and_does_not_use_up_its_number(
        self, bench: Any, snap: Any
    ) -> None:
        members = snap.payment(await bench.open())
        before = await everything(bench)

        assert await snap.told(members, X_SIGNATURE="AAAA", X_EXTERNAL_ID="77") == "4012500"
        assert await everything(bench) == before
        assert await snap.told(members, X_EXTERNAL_ID="77") == "2002500"
