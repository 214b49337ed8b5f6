"""Messages that are not believed: others are told of them, and of what settles them (C5, C6)."""

from typing import Any

import pytest

from bank_gateway.domain import doubt
from bank_gateway.domain.bank import Outcome
from bank_gateway.domain.notice import Contradiction
from bank_gateway.models import QuarantinedNotice
from bni_protocol.codes import Answer

DAMAGED = {"payment_amount": "7"}
STRANGE = {"trx_id": "STRANGE", "virtual_account": "8001999999999999"}


class TestAMessageInDoubt:
    async def test_c6_is_told_of_once_with_its_claim_and_the_reason_in_words(
        self, bench: Any
    ) -> None:
        account = await bench.open()
        members = bench.pay(account) | {"trx_amount": "9", "cumulative_payment_amount": "1250000"}

        await bench.told(members)
        await bench.told(members)

        (told,) = await bench.events("notice")
        assert (told.TYPE, told.aggregate_version) == ("notice.quarantined", 1)
        assert (told.trx_id, told.virtual_account) == (account.trx_id, account.account_number)
        assert (told.customer_id, told.invoice_id) == (account.customer_id, account.invoice_id)
        assert (told.amount_idr, told.contradiction) == (1_250_000, "other_billed_amount")
        assert told.trouble == "Nominal tagihannya tidak pernah kita minta."

    async def test_c6_one_that_cannot_be_read_claims_nothing(self, bench: Any) -> None:
        account = await bench.open()

        await bench.told(bench.pay(account) | {"trx_amount": None})

        (told,) = await bench.events("notice")
        assert (told.amount_idr, told.virtual_account) == (0, account.account_number)
        assert told.trouble == "Isian trx_amount tidak ada atau tidak terbaca."

    @pytest.mark.parametrize("name", [*Contradiction, doubt.UNKNOWN_BILLING, doubt.MISSING_MONEY])
    def test_every_reason_has_its_words(self, name: str) -> None:
        assert doubt.words(f"{name}:x").endswith(".")


class TestWhoseAMessageIsInWhichOneNameIsDamaged:
    @pytest.mark.parametrize("damage", [{"trx_id": ""}, {"trx_id": 7}, {"trx_id": "x" * 31}])
    async def test_c6_r2_the_account_of_its_number_is_asked_about_and_settles_it(
        self, bench: Any, damage: dict[str, Any]
    ) -> None:
        account = await bench.open()

        assert await bench.told(bench.pay(account) | damage) == "999"
        await bench.work()
        await bench.heal(minutes=15)

        quarantined, settled = await bench.events("notice")
        assert quarantined.customer_id == settled.customer_id == account.customer_id
        assert settled.outcome == "genuine_came"
        (payment,) = await bench.payments()
        assert (payment.source, payment.verification) == ("inquiry", "verified")

    async def test_c6_r2_one_bit_in_the_name_of_its_billing_is_a_contradiction_of_our_record(
        self, bench: Any
    ) -> None:
        members = bench.pay(await bench.open())

        assert await bench.told(members | {"trx_id": "M" + members["trx_id"][1:]}) == "999"
        (told,) = await bench.events("notice")
        assert told.contradiction == "other_billing"
        assert await bench.told(members) == "000"  # the bank sends it again, and undamaged
        await bench.work()

        (payment,) = await bench.payments()
        assert (payment.source, payment.verification) == ("callback", "verified")
        assert len(await bench.events("notice.settled")) == 1

    async def test_c6_r2_the_account_of_its_billing_where_the_number_cannot_be_read(
        self, bench: Any
    ) -> None:
        account = await bench.open()

        await bench.told(bench.pay(account) | {"virtual_account": "800100000000000X"})
        await bench.work()
        await bench.heal(minutes=15)

        quarantined, settled = await bench.events("notice")
        assert (quarantined.virtual_account, settled.customer_id) == ("", account.customer_id)

    async def test_c6_without_any_readable_name_it_is_for_a_person(self, bench: Any) -> None:
        damage = {"trx_id": "", "virtual_account": "800100000000000X"}
        members = bench.pay(await bench.open()) | damage
        before = await bench.work_left()

        assert await bench.told(members) == "999"

        (told,) = await bench.events("notice")
        assert (told.TYPE, told.customer_id) == ("notice.quarantined", None)
        assert await bench.work_left() == before


class TestWhatSettlesIt:
    async def test_c6_the_genuine_message_once_the_bank_has_confirmed_it(self, bench: Any) -> None:
        members = bench.pay(await bench.open())
        await bench.told(members | DAMAGED)

        await bench.told(members)
        assert await bench.events("notice.settled") == []
        await bench.work()

        told = await bench.events("notice")
        assert [event.TYPE for event in told] == ["notice.quarantined", "notice.settled"]
        assert told[0].aggregate_id == told[1].aggregate_id
        assert (told[1].aggregate_version, told[1].outcome) == (2, "genuine_came")

    async def test_c6_the_money_that_an_inquiry_finds(self, bench: Any) -> None:
        account = await bench.open()
        await bench.told(bench.pay(account) | DAMAGED)

        await bench.work()

        assert [event.outcome for event in await bench.events("notice.settled")] == ["genuine_came"]

    async def test_r2_the_bank_that_knows_of_no_such_money_after_a_quarter_of_an_hour(
        self, bench: Any
    ) -> None:
        account = await bench.open()
        members = bench.pay(account) | DAMAGED
        bench.bank.payments.clear()
        await bench.told(members)

        await bench.work()
        assert await bench.events("notice.settled") == []
        await bench.heal(minutes=15)

        (settled,) = await bench.events("notice.settled")
        assert settled.outcome == "bank_agrees_with_us"
        (notice,) = await bench.rows(QuarantinedNotice)
        assert notice.state == "rejected"

    async def test_c6_a_damaged_copy_of_money_that_is_in_the_books_already(
        self, bench: Any
    ) -> None:
        account = await bench.open()
        members = bench.pay(account)
        await bench.told(members)
        await bench.heal(seconds=1)

        assert await bench.told(members | {"payment_ntb": "999999"}) == "999"
        await bench.heal(minutes=15)

        (settled,) = await bench.events("notice.settled")
        assert (settled.outcome, settled.contradiction) == (
            "bank_agrees_with_us",
            "same_key_other_content",
        )
        assert len(await bench.payments()) == 1


class TestMoneyOnABillingThatWeNeverRegistered:
    async def test_c5_that_the_bank_denies_is_for_a_person(self, bench: Any) -> None:
        members = bench.pay(await bench.open()) | STRANGE
        await bench.told(members)

        for minutes in (0, 1, 4, 10):
            await bench.heal(minutes=minutes)

        (payment,) = await bench.payments()
        (told,) = await bench.events("notice")
        assert payment.verification == "disputed"
        assert (told.aggregate_id, told.trx_id) == (payment.id, "STRANGE")
        assert (told.contradiction, told.customer_id) == ("unknown_billing", None)
        assert told.amount_idr == 1_250_000

    async def test_c5_r2_that_the_bank_never_answers_about_is_for_a_person_too(
        self, bench: Any
    ) -> None:
        members = bench.pay(await bench.open()) | STRANGE

        async def silent(inquiry: Any) -> Any:
            return Outcome(Answer.LATER)

        bench.bank.inquire = silent
        await bench.told(members)
        for _ in range(45):
            await bench.heal(hours=6)

        told = await bench.events("notice")
        assert {event.trx_id for event in told} == {"STRANGE"}
        assert {event.TYPE for event in told} == {"notice.quarantined"}
