"""Opening accounts at the bank: one per bill, whatever gets lost on the way."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bank_gateway.domain.bank import Outcome
from bank_gateway.domain.trouble import VirtualAccountStillLive
from bank_gateway.ecollection import outcome_of
from bank_gateway.handlers.accounts import retry
from bank_gateway.models import Exchange, VirtualAccount
from bni_protocol.codes import Answer
from shared.errors import NotFound
from shared.tables import AuditEntry

NO_ANSWER = Outcome(Answer.LATER)
NOT_CONNECTED = Outcome(Answer.LATER, no_effect=True)


async def test_a_bank_that_contradicts_itself_is_not_asked_without_end(bench: Any) -> None:
    """It says "you have that billing already" and, asked for it, "there is none" (R1)."""
    bench.bank.script = [outcome_of("105"), outcome_of("101")] * 50
    await bench.issue()

    await bench.work(steps=200)

    assert bench.bank.calls == ["create", "inquire"] * 2


class TestAnIssuedBill:
    async def test_i_is_registered_with_our_own_trx_id_before_anybody_calls_the_bank(
        self, bench: Any
    ) -> None:
        account = await bench.issue()

        assert (account.status, account.number) == ("requested", None)
        assert len(account.trx_id) <= 30
        assert bench.bank.calls == []

    async def test_gets_one_active_account_with_amount_and_grace(self, bench: Any) -> None:
        account = await bench.open()

        (created,) = await bench.events("va")
        assert (created.TYPE, created.status) == ("va.created", "active")
        assert created.number == account.number == "8001000000000001"
        assert created.amount_idr == 1_250_000
        assert created.expires_at.isoformat() == "2027-03-12T16:59:59+00:00"
        assert bench.bank.calls == ["create"]

    async def test_is_spelled_in_printable_ascii_for_the_bank(self, bench: Any) -> None:
        await bench.customer(name="José \u2018Ucok\u2019")
        await bench.follow(bench.invoice())
        await bench.work()

        (billing,) = bench.bank.billings.values()
        assert billing.customer_name == "JOSE 'UCOK'"
        assert billing.description == "INV/2026/11/000001"

    async def test_e1_delivered_twice_opens_one_account(self, bench: Any) -> None:
        await bench.customer()
        event = bench.invoice()
        await bench.follow(event)
        await bench.follow(event)
        await bench.work()

        assert bench.bank.calls == ["create"]

    async def test_e5_an_older_state_changes_nothing(self, bench: Any) -> None:
        await bench.customer()
        newer = bench.invoice(version=2, total_idr=900_000)
        await bench.follow(newer)
        await bench.follow(bench.invoice(id=newer.aggregate_id, version=1))
        await bench.work()

        assert (await bench.account(newer.aggregate_id)).amount_idr == 900_000

    async def test_waits_for_its_customer(self, bench: Any) -> None:
        with pytest.raises(NotFound):
            await bench.follow(bench.invoice())

    async def test_an_overdue_bill_is_payable_for_a_week_at_least(self, bench: Any) -> None:
        account = await bench.open(due_on="2026-01-01")

        assert account.expires_at == bench.clock.now() + timedelta(days=7)

    @pytest.mark.parametrize("state", ["draft", "cancelled", "paid"])
    async def test_nothing_owed_opens_nothing(self, bench: Any, state: str) -> None:
        await bench.customer()
        paid = 1_250_000 if state == "paid" else 0
        await bench.follow(bench.invoice(status=state, paid_idr=paid))

        assert await bench.rows(VirtualAccount) == []

    async def test_p1_each_move_has_an_audit_row(self, bench: Any) -> None:
        await bench.open()

        actions = {entry.action for entry in await bench.rows(AuditEntry)}
        assert actions == {"virtual_account.requested", "virtual_account.active"}

    async def test_c9_each_exchange_is_kept_sealed_and_deleted_after_30_days(
        self, bench: Any
    ) -> None:
        bench.bank.script = [Outcome(Answer.LATER, "997", sent=b"secret words", received=b"x")]
        await bench.open()

        exchanges = await bench.rows(Exchange)
        assert all(b"secret" not in exchange.sealed_sent for exchange in exchanges)
        opened = [bench.worker.vault.open(exchange.sealed_sent) for exchange in exchanges]
        assert b"secret words" in opened
        bench.clock.advance(timedelta(days=31))
        await bench.worker.clean_step()
        assert await bench.rows(Exchange) == []


class TestALostAnswer:
    async def test_s_makes_the_account_unknown_and_an_inquiry_settles_it(self, bench: Any) -> None:
        account = await bench.issue()
        bench.bank_has(account)
        bench.bank.script = [NO_ANSWER]

        await bench.worker.step()
        unknown = await bench.account(account.invoice_id)
        await bench.heal(seconds=60)

        assert (unknown.status, unknown.number) == ("unknown", None)
        assert "dicoba lagi otomatis" in unknown.trouble
        assert bench.bank.calls == ["create", "inquire"]
        active = await bench.account(account.invoice_id)
        assert (active.status, active.trouble) == ("active", None)

    async def test_creates_again_only_once_the_bank_says_101(self, bench: Any) -> None:
        bench.bank.script = [NO_ANSWER]
        account = await bench.issue()

        await bench.work()
        await bench.heal(seconds=60)

        assert bench.bank.calls == ["create", "inquire", "create"]
        assert (await bench.account(account.invoice_id)).status == "active"

    async def test_105_is_adopted_never_opened_a_second_time(self, bench: Any) -> None:
        account = await bench.issue()
        bench.bank_has(account)

        await bench.work()

        assert len(bench.bank.billings) == 1
        assert bench.bank.calls == ["create", "inquire"]
        assert (await bench.account(account.invoice_id)).status == "active"

    async def test_a_crash_between_call_and_record_asks_the_bank_first(self, bench: Any) -> None:
        account = await bench.issue()

        async def crash(billing: Any) -> Outcome:
            bench.bank.billings[billing.trx_id] = billing
            raise KeyboardInterrupt

        bench.bank.create, kept = crash, bench.bank.create
        with pytest.raises(KeyboardInterrupt):
            await bench.worker.step()
        bench.bank.create = kept
        await bench.heal(seconds=61)

        assert bench.bank.calls == ["inquire"]
        assert (await bench.account(account.invoice_id)).status == "active"


class TestABankThatIsDown:
    async def test_the_account_says_so_and_stays_requested(self, bench: Any) -> None:
        bench.bank.script = [NOT_CONNECTED]
        account = await bench.issue()
        await bench.worker.step()

        told = (await bench.events("va"))[-1]
        assert (told.TYPE, told.status) == ("va.changed", "requested")
        assert "Bank belum menjawab" in told.trouble
        assert (await bench.account(account.invoice_id)).status == "requested"

    async def test_heals_by_itself_within_a_minute(self, bench: Any) -> None:
        bench.bank.script = [NOT_CONNECTED] * 3
        account = await bench.issue()
        for _ in range(3):
            await bench.heal(seconds=60)

        await bench.heal(seconds=60)

        assert (await bench.account(account.invoice_id)).status == "active"
        assert "inquire" not in bench.bank.calls

    async def test_the_first_answer_wakes_all_that_waited(self, bench: Any) -> None:
        bench.bank.script = [NOT_CONNECTED] * 8
        await bench.customer()
        for number in range(8):
            await bench.follow(bench.invoice(number=f"INV/{number}"))
        await bench.work(8)
        assert len(bench.bank.calls) == 8

        bench.clock.advance(timedelta(seconds=1))  # the jitter lets at least one be due
        await bench.work(40)

        accounts = await bench.rows(VirtualAccount)
        assert {account.status for account in accounts} == {"active"}

    async def test_r1_ten_failures_open_the_breaker_for_thirty_seconds(self, bench: Any) -> None:
        bench.bank.script = [NOT_CONNECTED] * 10
        await bench.customer()
        for number in range(12):
            await bench.follow(bench.invoice(number=f"INV/{number}"))

        await bench.work(40)

        assert len(bench.bank.calls) == 10
        assert await bench.worker.step() == timedelta(seconds=30)
        await bench.heal(seconds=30)
        accounts = await bench.rows(VirtualAccount)
        assert {account.status for account in accounts} == {"active"}

    @pytest.mark.parametrize("code", ["008", "009", "010", "996", "997", "999", "042"])
    async def test_an_unclear_code_is_asked_about_before_creating_again(
        self, bench: Any, code: str
    ) -> None:
        bench.bank.script = [outcome_of(code)]
        account = await bench.issue()
        await bench.work()

        await bench.heal(minutes=15)

        assert bench.bank.calls == ["create", "inquire", "create"]
        assert (await bench.account(account.invoice_id)).status == "active"


class TestARefusal:
    async def test_fails_the_account_with_a_reason_for_people(self, bench: Any) -> None:
        bench.bank.script = [outcome_of("017")]
        account = await bench.open()

        (failed,) = await bench.events("va")
        assert (account.status, account.number) == ("failed", None)
        assert failed.TYPE == "va.failed"
        assert "017" in failed.trouble
        assert await bench.work_left() == set()

    async def test_a_number_in_use_takes_the_next_number(self, bench: Any) -> None:
        bench.bank.script = [outcome_of("102"), outcome_of("102")]

        account = await bench.open()

        assert (account.status, account.number) == ("active", "8001000000000003")
        assert bench.bank.calls == ["create"] * 3

    async def test_a_retry_is_a_new_billing_whose_versions_go_on(self, bench: Any) -> None:
        bench.bank.script = [outcome_of("017")]
        failed = await bench.open()
        contract = bench.worker.desk.contract
        async with bench.sessions.begin(bench.worker.principal) as session:
            opened = await retry(contract, failed.id, session)
        await bench.work()

        account = await bench.account(failed.invoice_id)
        assert account.id == opened != failed.id
        assert account.trx_id != failed.trx_id
        assert account.status == "active"
        versions = [event.aggregate_version for event in await bench.events("va")]
        assert versions == sorted(set(versions))


class TestABillThatChanges:
    async def test_a_new_amount_updates_the_billing(self, bench: Any) -> None:
        account = await bench.open()
        await bench.follow(
            bench.invoice(
                id=account.invoice_id, version=2, paid_idr=250_000, status="partially_paid"
            )
        )

        before = await bench.account(account.invoice_id)
        await bench.work()

        assert before.amount_idr == 1_250_000  # what the bank asks for, until it has answered
        assert (await bench.account(account.invoice_id)).amount_idr == 1_000_000
        assert (await bench.events("va"))[-1].TYPE == "va.changed"
        assert bench.bank.calls == ["create", "update"]

    async def test_a_change_while_opening_is_sent_with_the_create(self, bench: Any) -> None:
        account = await bench.issue()
        await bench.follow(bench.invoice(id=account.invoice_id, version=2, total_idr=900_000))
        await bench.work()

        assert bench.bank.calls == ["create"]
        assert (await bench.account(account.invoice_id)).amount_idr == 900_000

    async def test_a_cancelled_bill_closes_its_account(self, bench: Any) -> None:
        account = await bench.open()
        await bench.follow(bench.invoice(id=account.invoice_id, version=2, status="cancelled"))
        await bench.work()

        assert (await bench.account(account.invoice_id)).status == "cancelled"
        assert (await bench.events("va"))[-1].TYPE == "va.closed"
        assert bench.bank.closed == {account.trx_id}

    async def test_a_bill_whose_money_was_taken_back_gets_a_new_account(self, bench: Any) -> None:
        first = await bench.open()
        await bench.told(bench.pay(first))
        await bench.work()
        paid = {"id": first.invoice_id, "status": "paid", "paid_idr": 1_250_000}
        await bench.follow(bench.invoice(version=2, **paid))

        await bench.follow(bench.invoice(id=first.invoice_id, version=3))
        await bench.work()

        second = await bench.account(first.invoice_id)
        assert (second.status, second.id != first.id) == ("active", True)
        assert second.version > (await bench.events("va.closed"))[0].aggregate_version

    async def test_a_paid_account_is_not_opened_anew_before_the_bill_says_so(
        self, bench: Any
    ) -> None:
        account = await bench.open()
        await bench.told(bench.pay(account))
        await bench.work()

        with pytest.raises(VirtualAccountStillLive):
            await bench.handle(retry, bench.worker.desk.contract, account.id)

    async def test_a_bill_cancelled_before_the_call_never_reaches_the_bank(
        self, bench: Any
    ) -> None:
        account = await bench.issue()
        await bench.follow(bench.invoice(id=account.invoice_id, version=2, status="cancelled"))
        await bench.work()

        assert bench.bank.calls == []
        assert (await bench.account(account.invoice_id)).status == "failed"

    async def test_a_bill_cancelled_while_unknown_is_closed_once_it_is_known(
        self, bench: Any
    ) -> None:
        bench.bank.script = [NO_ANSWER]
        account = await bench.issue()
        bench.bank_has(account)
        await bench.worker.step()
        await bench.follow(bench.invoice(id=account.invoice_id, version=2, status="cancelled"))
        await bench.heal(seconds=60)

        assert (await bench.account(account.invoice_id)).status == "cancelled"

    async def test_a_refused_update_is_shown_and_the_account_stays_payable(
        self, bench: Any
    ) -> None:
        account = await bench.open()
        bench.bank.script = [outcome_of("107")]
        await bench.follow(bench.invoice(id=account.invoice_id, version=2, total_idr=5))
        await bench.work()

        kept = await bench.account(account.invoice_id)
        assert (kept.status, kept.amount_idr) == ("active", 1_250_000)
        assert "107" in kept.trouble

    async def test_an_expired_account_is_noticed_right_after_its_time(self, bench: Any) -> None:
        account = await bench.open(due_on="2026-01-01")

        for _ in range(8):
            await bench.heal(days=1, minutes=2)

        assert (await bench.account(account.invoice_id)).status == "expired"
        assert await bench.work_left() == set()


class TestTheDatabaseItself:
    async def test_s_refuses_a_move_that_the_table_does_not_have(self, bench: Any) -> None:
        account = await bench.open()
        cancel = text("UPDATE virtual_accounts SET status = 'requested' WHERE id = :id")

        with pytest.raises(IntegrityError, match="cannot move from active to requested"):
            async with bench.sessions.begin(bench.worker.principal) as session:
                await session.execute(cancel, {"id": account.id})

    async def test_i_refuses_a_second_open_account_of_a_bill(self, bench: Any) -> None:
        account = await bench.open()
        twin = VirtualAccount.model_validate(
            account.model_dump(exclude={"va_owner_id"})
            | {"id": uuid4(), "trx_id": "T2", "account_number": "8" * 16}
        )

        with pytest.raises(IntegrityError, match="one_open_account_per_owner"):
            async with bench.sessions.begin(bench.worker.principal) as session:
                session.add(twin)
