"""Money on a number of ours is ours, whatever the bank calls the transaction (C4, C5, M9)."""

from datetime import timedelta
from typing import Any

import pytest

from bank_gateway.models import Exchange, QuarantinedNotice, VirtualAccount
from shared.tables import AuditEntry

THEIRS = "BNI-TRX-20261123-77"


async def evidence(bench: Any) -> list[Any]:
    return [e for e in await bench.rows(AuditEntry) if e.action == "payment.named_otherwise"]


class TestATransactionIdOfTheBanksOwn:
    async def test_the_number_says_whose_money_it_is(self, bench: Any, snap: Any) -> None:
        account = await bench.open()

        assert await snap.told(snap.payment(account, trxId=THEIRS)) == "2002500"

        (payment,) = await bench.payments()
        assert (payment.status, payment.trx_id) == ("received", account.trx_id)
        assert (payment.invoice_id, payment.amount_idr) == (account.invoice_id, 1_250_000)
        (received,) = await bench.events("payment")
        assert (received.TYPE, received.trx_id) == ("payment.received", account.trx_id)

    async def test_the_difference_is_kept_as_evidence(self, bench: Any, snap: Any) -> None:
        account = await bench.open()

        await snap.told(snap.payment(account, trxId=THEIRS))

        (payment,) = await bench.payments()
        (kept,) = await evidence(bench)
        assert (kept.object_id, kept.after) == (
            payment.id,
            {"trx_id": account.trx_id, "bank_trx_id": THEIRS},
        )
        said = max(await bench.rows(Exchange), key=lambda each: each.id)
        assert (said.trx_id, said.facts["bank_trx_id"]) == (account.trx_id, THEIRS)

    async def test_our_own_or_none_is_no_difference(self, bench: Any, snap: Any) -> None:
        account = await bench.open()

        await snap.told(snap.payment(account))
        await snap.told(snap.payment(account, trxId=None))

        assert await evidence(bench) == []
        assert all("bank_trx_id" not in said.facts for said in await bench.rows(Exchange))

    async def test_c11_it_is_verified_by_the_banks_record_of_our_billing(
        self, bench: Any, snap: Any
    ) -> None:
        account = await bench.open()
        bench.pay(account)
        await snap.told(snap.payment(account, trxId=THEIRS))

        await bench.work()

        (payment,) = await bench.payments()
        assert payment.verification == "verified"
        assert (await bench.account(account.invoice_id)).status == "paid"

    async def test_c3_told_again_it_is_one_and_so_is_its_evidence(
        self, bench: Any, snap: Any
    ) -> None:
        account = await bench.open()
        members = snap.payment(account, trxId=THEIRS)

        assert await snap.told(members) == "2002500"
        assert await snap.told(members | {"flagAdvise": "Y"}) == "2002500"
        assert await snap.told(snap.payment(account)) == "2002500"

        assert len(await bench.payments()) == 1
        assert len(await evidence(bench)) == 1

    async def test_it_lies_on_the_account_that_is_open_under_the_number(
        self, bench: Any, snap: Any
    ) -> None:
        """A contract's number goes on under a new billing once the old one is paid (ADR-0014)."""
        await bench.customer()
        bill = bench.invoice(va_mode="contract", plan_id=bench.invoice().aggregate_id)
        await bench.follow(bill)
        await bench.work()
        (first,) = await bench.rows(VirtualAccount)
        bench.pay(first)
        await snap.told(snap.payment(first))
        await bench.work()
        bench.clock.advance(timedelta(days=1))
        await bench.follow(
            bench.invoice(va_mode="contract", plan_id=bill.plan_id, total_idr=500_000)
        )
        await bench.work()
        accounts = await bench.rows(VirtualAccount)
        second = max(accounts, key=lambda each: each.id)
        told = snap.payment(
            second, trxId=THEIRS, paymentRequestId="BAYAR-2", journalNum="000002",
            paidAmount={"value": "500000.00", "currency": "IDR"}, totalAmount=None,
        )  # fmt: skip

        assert await snap.told(told) == "2002500"

        assert second.account_number == first.account_number
        assert (await bench.payments())[-1].trx_id == second.trx_id


class TestWhatIsNotMatchedByItsNumber:
    async def test_c6_our_transaction_under_the_number_of_another_account_contradicts(
        self, bench: Any, snap: Any
    ) -> None:
        one, other = await bench.register("cc")
        members = snap.payment(one) | snap.identity(other.account_number, "8001")

        assert await snap.told(members) == "4042512"

        (notice,) = await bench.rows(QuarantinedNotice)
        assert notice.contradiction == "other_account"
        assert await bench.payments() == []

    async def test_c5_neither_the_name_nor_the_number_is_ours(self, bench: Any, snap: Any) -> None:
        await bench.open()
        stranger = VirtualAccount(
            account_number="8001999999999999", holder_name="X", amount_idr=5000, trx_id=THEIRS
        )

        assert await snap.told(snap.payment(stranger)) == "4042512"

        (payment,) = await bench.payments()
        assert (payment.status, payment.trx_id) == ("unmatched", THEIRS)

    @pytest.mark.parametrize("amount_idr", [1, 1_250_001])
    async def test_c6_another_amount_is_doubted_as_ever(
        self, bench: Any, snap: Any, amount_idr: int
    ) -> None:
        account = await bench.open()
        paid = {"value": f"{amount_idr}.00", "currency": "IDR"}

        assert await snap.told(snap.payment(account, trxId=THEIRS, paidAmount=paid)) == "4042513"

        (notice,) = await bench.rows(QuarantinedNotice)
        assert notice.trx_id == account.trx_id  # so the bank is asked about our billing
        assert await evidence(bench) == []
