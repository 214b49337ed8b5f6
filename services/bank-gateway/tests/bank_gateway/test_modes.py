"""One account per contract (type i), one per customer (type o): opened, followed, never twice."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from bank_gateway.models import VirtualAccount
from shared.contracts.invoicing import InvoiceChanged, InvoicePaid

PLAN = UUID(int=0xA1)
CONTRACT = {"va_mode": "contract", "plan_id": PLAN}


async def issue(bench: Any, **changes: Any) -> Any:
    event = bench.invoice(**changes)
    await bench.follow(event)
    await bench.work()
    return event


async def accounts(bench: Any) -> list[VirtualAccount]:
    return sorted(await bench.rows(VirtualAccount), key=lambda account: account.id)


class TestAContract:
    async def test_has_one_installment_account_for_all_that_is_open(self, bench: Any) -> None:
        await bench.customer()
        await issue(bench, **CONTRACT)
        await issue(bench, **CONTRACT, total_idr=500_000)

        (account,) = await accounts(bench)
        assert (account.mode, account.billing_type, account.plan_id) == ("contract", "i", PLAN)
        assert (account.invoice_id, account.amount_idr) == (None, 1_750_000)
        assert bench.bank.calls == ["create", "update"]

    async def test_m8_c4_a_part_is_a_payment_of_the_contract_and_the_rest_stays_open(
        self, bench: Any
    ) -> None:
        await bench.customer()
        bill = await issue(bench, **CONTRACT)
        (account,) = await accounts(bench)
        part = {"payment_amount": "250000", "cumulative_payment_amount": "250000"}

        assert await bench.told(bench.pay(account) | part) == "000"
        facts = {"id": bill.aggregate_id, "version": 2, "status": "partially_paid"}
        await bench.follow(bench.invoice(InvoiceChanged, **facts, **CONTRACT, paid_idr=250_000))

        (received,) = await bench.events("payment.received")
        assert (received.invoice_id, received.plan_id) == (None, PLAN)
        assert received.customer_id == account.customer_id
        assert (await accounts(bench))[0].amount_idr == 1_250_000  # paid + open, as before

    async def test_the_next_bill_after_the_last_rupiah_goes_on_under_the_same_number(
        self, bench: Any
    ) -> None:
        await bench.customer()
        bill = await issue(bench, **CONTRACT)
        (first,) = await accounts(bench)
        await bench.told(bench.pay(first))
        await bench.work()
        facts = {"id": bill.aggregate_id, "version": 2, "status": "paid", "paid_idr": 1_250_000}
        await bench.follow(bench.invoice(InvoicePaid, **facts, **CONTRACT))

        await issue(bench, **CONTRACT, total_idr=300_000)

        old, new = await accounts(bench)
        assert (old.status, new.status) == ("paid", "active")
        assert new.account_number == old.account_number
        assert new.trx_id != old.trx_id
        assert (new.amount_idr, new.version > old.version) == (300_000, True)

    async def test_paid_another_way_is_closed_at_the_bank(self, bench: Any) -> None:
        await bench.customer()
        bill = await issue(bench, **CONTRACT)
        facts = {"id": bill.aggregate_id, "version": 2, "status": "paid", "paid_idr": 1_250_000}

        await bench.follow(bench.invoice(InvoicePaid, **facts, **CONTRACT))
        await bench.work()

        assert bench.bank.calls == ["create", "deactivate"]
        assert (await accounts(bench))[0].status == "cancelled"

    async def test_that_ends_half_paid_is_not_called_paid(self, bench: Any) -> None:
        await bench.customer()
        await issue(bench, **CONTRACT)
        (account,) = await accounts(bench)
        part = {"payment_amount": "250000", "cumulative_payment_amount": "250000"}
        await bench.told(bench.pay(account) | part)
        paid = bench.bank.payments[account.trx_id]
        bench.bank.payments[account.trx_id] = replace(
            paid, payment_amount_idr=250_000, cumulative_idr=250_000
        )
        bench.bank.closed.add(account.trx_id)

        await bench.work()

        assert (await accounts(bench))[0].status == "cancelled"
        assert (await bench.payments())[0].verification == "verified"


class TestACustomer:
    async def test_has_one_open_account_that_asks_for_no_amount(self, bench: Any) -> None:
        await bench.customer()
        await issue(bench, va_mode="customer")
        await issue(bench, va_mode="customer")

        (account,) = await accounts(bench)
        assert (account.mode, account.billing_type, account.amount_idr) == ("customer", "o", 0)
        assert (account.invoice_id, account.plan_id) == (None, None)
        assert bench.bank.calls == ["create"]

    async def test_is_not_closed_when_nothing_is_owed(self, bench: Any) -> None:
        await bench.customer()
        bill = await issue(bench, va_mode="customer")
        facts = {"id": bill.aggregate_id, "version": 2, "status": "paid", "paid_idr": 1_250_000}

        await bench.follow(bench.invoice(InvoicePaid, **facts, va_mode="customer"))
        await bench.work()

        assert (await accounts(bench))[0].status == "active"
        assert bench.bank.calls == ["create"]

    async def test_m9_money_after_its_end_is_still_money(self, bench: Any) -> None:
        await bench.customer()
        await issue(bench, va_mode="customer")
        (account,) = await accounts(bench)
        bench.bank.closed.add(account.trx_id)
        await bench.heal(days=1)
        (over,) = await accounts(bench)

        paid = {"payment_amount": "5", "cumulative_payment_amount": "5", "trx_amount": "0"}
        assert await bench.told(bench.pay(account, **paid)) == "000"

        (received,) = await bench.events("payment.received")
        assert over.status == "cancelled"
        assert (received.amount_idr, received.customer_id) == (5, account.customer_id)
        assert received.invoice_id is None
