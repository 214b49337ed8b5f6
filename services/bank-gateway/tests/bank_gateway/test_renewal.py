"""Accounts of contracts and customers do not end while they are wanted (ADR-0025, S, I, R2)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from bank_gateway.domain.bank import Outcome
from bank_gateway.domain.renewal import Renewal
from bank_gateway.ecollection import outcome_of
from bank_gateway.handlers.invoices import keep_customer
from bank_gateway.models import BillingVersion, Invoice, VirtualAccount
from bni_protocol.codes import Answer
from shared.clock import end_of_day
from shared.contracts.customer import CustomerChanged
from shared.contracts.invoicing import InvoiceChanged, InvoicePaid

NO_ANSWER = Outcome(Answer.LATER)
CONTRACT = {"va_mode": "contract", "plan_id": UUID(int=0xA1)}
RULE = Renewal(before=timedelta(days=30), by=timedelta(days=365))
NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)
A_YEAR_ON = end_of_day(date(2027, 11, 23))


class TestTheRule:
    def test_an_end_that_is_far_stays(self) -> None:
        assert RULE.until(NOON + timedelta(days=30, seconds=1), NOON) is None

    def test_a_near_one_becomes_the_end_of_a_wib_day_so_far_from_now(self) -> None:
        assert RULE.until(NOON + timedelta(days=30), NOON) == A_YEAR_ON

    def test_t4_the_day_is_the_one_in_jakarta(self) -> None:
        late = datetime(2026, 11, 23, 17, tzinfo=UTC)  # midnight there

        assert RULE.until(late, late) == end_of_day(date(2027, 11, 24))

    def test_never_earlier_than_it_is(self) -> None:
        short = Renewal(before=timedelta(days=89), by=timedelta(days=10))

        assert short.until(NOON + timedelta(days=60), NOON) is None


async def newest(bench: Any) -> VirtualAccount:
    found: list[VirtualAccount] = await bench.rows(VirtualAccount)
    return max(found, key=lambda account: account.id)


async def opened(bench: Any, **bill: Any) -> VirtualAccount:
    await bench.customer()
    await bench.follow(bench.invoice(**bill))
    await bench.work()
    return await newest(bench)


async def near_the_end(bench: Any, account: VirtualAccount, days: int = 30) -> None:
    """So many days before the end, the daily look at the account is due."""
    bench.clock.move_to(account.expires_at - timedelta(days=days))
    bench.bank.calls.clear()
    await bench.work()


def refusing(code: str, bench: Any) -> Any:
    async def update(billing: Any) -> Outcome:
        bench.bank.calls.append("update")
        return outcome_of(code)

    return update


async def customer_is(bench: Any, status: str) -> None:
    facts = bench.customer_facts() | {"status": status}
    event = CustomerChanged.of(2, bench.clock.now(), UUID(int=0xC0), **facts)
    await bench.handle(keep_customer, event)


async def bill_is_paid(bench: Any, **bill: Any) -> None:
    (owed,) = await bench.rows(Invoice)
    facts = {"id": owed.id, "version": 2, "status": "paid", "paid_idr": 1_250_000}
    await bench.follow(bench.invoice(InvoicePaid, **facts, **bill))


@pytest.fixture(params=[{"va_mode": "customer"}, CONTRACT], ids=["customer", "contract"])
async def account(bench: Any, request: pytest.FixtureRequest) -> VirtualAccount:
    """An account that serves more than one bill; one of them is open."""
    return await opened(bench, **request.param)


class TestAnAccountThatIsWanted:
    async def test_gets_a_later_end_before_it_is_over(self, bench: Any, account: Any) -> None:
        await near_the_end(bench, account)

        renewed = await newest(bench)
        assert bench.bank.calls == ["inquire", "update"]
        assert renewed.expires_at == end_of_day((bench.clock.now() + RULE.by).date())
        assert bench.bank.billings[account.trx_id].expires_at == renewed.expires_at
        assert (renewed.id, renewed.status) == (account.id, "active")

    async def test_keeps_everything_else_at_the_bank(self, bench: Any, account: Any) -> None:
        before = bench.bank.billings[account.trx_id]

        await near_the_end(bench, account)

        after = bench.bank.billings[account.trx_id]
        assert after == replace(before, expires_at=after.expires_at)

    async def test_everybody_is_told_until_when_and_since_when(
        self, bench: Any, account: Any
    ) -> None:
        await near_the_end(bench, account)

        told = (await bench.events("va.changed"))[-1]
        renewed = await newest(bench)
        assert (told.expires_at, told.extended_at) == (renewed.expires_at, bench.clock.now())
        assert told.aggregate_version == renewed.version == account.version + 1

    async def test_is_left_alone_until_then_and_afterwards(self, bench: Any, account: Any) -> None:
        await near_the_end(bench, account, days=31)
        early = list(bench.bank.calls)

        await bench.heal(days=1)
        await bench.heal(days=1)

        assert early == ["inquire"]
        assert bench.bank.calls.count("update") == 1

    async def test_is_not_renewed_when_its_bill_is_its_own(self, bench: Any) -> None:
        account = await opened(bench)

        await near_the_end(bench, account)

        assert bench.bank.calls == ["inquire"]

    async def test_a_bill_of_a_contract_does_not_take_the_later_end_back(self, bench: Any) -> None:
        account = await opened(bench, **CONTRACT)
        await near_the_end(bench, account)
        renewed = await newest(bench)

        await bench.follow(bench.invoice(InvoiceChanged, **CONTRACT, total_idr=500_000))
        await bench.work()

        grown = await newest(bench)
        assert (grown.amount_idr, grown.expires_at) == (1_750_000, renewed.expires_at)


class TestWhoIsStillWanted:
    async def test_the_own_account_of_a_customer_without_a_bill(self, bench: Any) -> None:
        account = await opened(bench, va_mode="customer")
        await bill_is_paid(bench, va_mode="customer")

        await near_the_end(bench, account)

        assert (await newest(bench)).expires_at > account.expires_at

    async def test_not_of_one_who_is_no_customer_any_more(self, bench: Any) -> None:
        account = await opened(bench, va_mode="customer")
        await bill_is_paid(bench, va_mode="customer")
        await customer_is(bench, "inactive")

        await near_the_end(bench, account)

        assert bench.bank.calls == ["inquire"]

    async def test_but_while_he_owes_something(self, bench: Any) -> None:
        account = await opened(bench, va_mode="customer")
        await customer_is(bench, "inactive")

        await near_the_end(bench, account)

        assert bench.bank.calls == ["inquire", "update"]


class TestABankThatDoesNotAgree:
    async def test_i_a_lost_answer_is_asked_about_before_anything_is_sent_again(
        self, bench: Any, account: Any
    ) -> None:
        await near_the_end(bench, account, days=31)
        bench.clock.advance(timedelta(days=1))
        await bench.work(1)  # the look that wants the later end
        bench.bank.script = [NO_ANSWER]
        await bench.work(1)
        wanted = max(row.expires_at for row in await bench.rows(BillingVersion))
        held = bench.bank.billings[account.trx_id]
        bench.bank.billings[account.trx_id] = replace(held, expires_at=wanted)  # it had arrived
        bench.bank.calls.clear()

        await bench.heal(seconds=60)

        renewed = await newest(bench)
        assert bench.bank.calls == ["inquire"]
        assert (renewed.expires_at, renewed.trouble) == (wanted, None)
        assert renewed.extended_at is not None

    async def test_i_what_did_not_arrive_is_sent_again(self, bench: Any, account: Any) -> None:
        await near_the_end(bench, account, days=31)
        bench.clock.advance(timedelta(days=1))
        await bench.work(1)
        bench.bank.script = [NO_ANSWER]
        await bench.work(1)
        waiting = await newest(bench)
        bench.bank.calls.clear()

        await bench.heal(seconds=60)

        assert waiting.trouble.startswith("Bank belum menjawab")
        assert bench.bank.calls == ["inquire", "update"]
        assert (await newest(bench)).extended_at is not None

    async def test_r2_that_loses_every_answer_is_left_to_a_person_who_is_told(
        self, bench: Any, account: Any
    ) -> None:
        await near_the_end(bench, account, days=31)

        async def lose(billing: Any) -> Outcome:
            bench.bank.calls.append("update")
            return NO_ANSWER

        bench.bank.update = lose
        for _ in range(60):
            await bench.heal(hours=6)

        told = {event.trouble for event in await bench.events("va.changed")}
        (given_up,) = [text for text in told if text.startswith("Bank tidak memberi kepastian")]
        assert account.trx_id in given_up
        assert (await newest(bench)).extended_at is None
        assert bench.bank.calls.count("update") < 20

    async def test_that_refuses_so_late_an_end_is_asked_again_each_day(
        self, bench: Any, account: Any
    ) -> None:
        await near_the_end(bench, account, days=31)
        bench.clock.advance(timedelta(days=1))
        await bench.work(1)
        bench.bank.script = [outcome_of("012")]
        bench.bank.calls.clear()
        await bench.work()
        refused = await newest(bench)

        await bench.heal(days=1)

        assert refused.trouble.startswith(
            "Bank menolak memperpanjang virtual account ini (kode 012"
        )
        assert (refused.expires_at, refused.status) == (account.expires_at, "active")
        assert bench.bank.calls == ["update", "inquire", "update"]
        assert (await newest(bench)).trouble is None

    async def test_k3_one_request_at_a_time_is_under_way(self, bench: Any, account: Any) -> None:
        await near_the_end(bench, account, days=31)
        bench.clock.advance(timedelta(days=1))
        await bench.work(1)
        versions = len(await bench.rows(BillingVersion))

        await bench.ask(account)
        await bench.work()

        assert len(await bench.rows(BillingVersion)) == versions
        assert bench.bank.calls.count("update") == 1


class TestAnAccountThatEndedAllTheSame:
    async def test_goes_on_under_its_number_while_a_bill_is_open(
        self, bench: Any, account: Any
    ) -> None:
        bench.clock.move_to(account.expires_at + timedelta(minutes=2))  # nobody looked in time

        await bench.work()

        old, new = sorted(await bench.rows(VirtualAccount), key=lambda each: each.id)
        assert (old.status, new.status) == ("expired", "active")
        assert new.account_number == old.account_number
        assert new.trx_id != old.trx_id
        assert new.version > old.version
        assert (new.amount_idr, new.va_owner_id) == (account.amount_idr, account.va_owner_id)

    async def test_m9_money_that_comes_late_on_the_old_billing_is_money(self, bench: Any) -> None:
        account = await opened(bench, va_mode="customer")
        bench.clock.move_to(account.expires_at + timedelta(minutes=2))
        await bench.work()

        paid = {"payment_amount": "5", "cumulative_payment_amount": "5", "trx_amount": "0"}
        assert await bench.told(bench.pay(account, **paid)) == "000"

        (received,) = await bench.events("payment.received")
        assert (received.trx_id, received.customer_id) == (account.trx_id, account.customer_id)

    @pytest.mark.parametrize(
        ("status", "left"), [("active", ["expired", "active"]), ("inactive", ["expired"])]
    )
    async def test_goes_on_for_a_customer_who_owes_nothing_as_long_as_he_is_one(
        self, bench: Any, status: str, left: list[str]
    ) -> None:
        account = await opened(bench, va_mode="customer")
        await bill_is_paid(bench, va_mode="customer")
        await customer_is(bench, status)
        bench.clock.move_to(account.expires_at + timedelta(minutes=2))

        await bench.work()

        found = sorted(await bench.rows(VirtualAccount), key=lambda each: each.id)
        assert [each.status for each in found] == left

    async def test_also_when_the_bank_moves_no_end_of_what_was_paid_already(
        self, bench: Any
    ) -> None:
        """Read to the letter, its rule on amounts (107) forbids any change of an open billing."""
        account = await opened(bench, va_mode="customer")
        bench.bank.update = refusing("107", bench)
        await near_the_end(bench, account, days=1)
        refused = (await bench.events("va.changed"))[-1].trouble
        bench.clock.move_to(account.expires_at + timedelta(minutes=2))
        await bench.work()

        old, new = sorted(await bench.rows(VirtualAccount), key=lambda each: each.id)
        assert refused.startswith("Bank menolak memperpanjang virtual account ini (kode 107")
        assert (old.status, new.status) == ("expired", "active")
        assert new.account_number == account.account_number

    async def test_that_the_bank_closed_before_its_day_waits_for_a_person(
        self, bench: Any, account: Any
    ) -> None:
        bench.bank.closed.add(account.trx_id)

        await bench.heal(days=1)

        (over,) = await bench.rows(VirtualAccount)
        assert over.status == "cancelled"
