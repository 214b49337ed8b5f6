"""Money that came, event by event, on a real database; the books hold after each story."""

from __future__ import annotations

import asyncio
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest

from reconciliation.models import Allocation, Invoice, LedgerTransaction, MoneyException, Payment
from reconciliation.store.copies import CustomerNotFound
from shared.contracts.bank_gateway import PaymentDisputed, PaymentVerified
from shared.contracts.invoicing import InvoiceCancelled, InvoiceChanged, InvoicePaid
from shared.contracts.reconciliation import (
    ExceptionClosed,
    ExceptionOpened,
    PaymentPosted,
    PaymentReconciled,
    PaymentReversed,
)
from shared.errors import InvalidTransition
from shared.tables import AuditEntry


@pytest.fixture
async def bill(story: Any, arrive: Any) -> Any:
    """A bill of Rp1.000 of a known customer."""
    customer = story.customer()
    invoice = story.invoice(customer.aggregate_id, 1_000)
    await arrive(customer, invoice)
    return invoice


class TestAPaymentOfABill:
    async def test_is_posted_and_pays_its_own_invoice(
        self, story: Any, arrive: Any, told: Any, bill: Any, differing: Any
    ) -> None:
        await arrive(story.payment(1_000, bill))

        posted, reconciled = await told()
        assert isinstance(posted, PaymentPosted)
        assert isinstance(reconciled, PaymentReconciled)
        assert (posted.aggregate_version, reconciled.aggregate_version) == (1, 2)
        assert (reconciled.status, reconciled.unallocated_idr) == ("allocated", 0)
        (part,) = reconciled.allocations
        assert (part.invoice_id, part.invoice_number) == (bill.aggregate_id, bill.number)
        assert part.amount_idr == 1_000
        assert await differing() == []

    async def test_e3_i_delivered_twice_counts_once(
        self, story: Any, arrive: Any, rows: Any, bill: Any, differing: Any
    ) -> None:
        payment = story.payment(1_000, bill)
        again = payment.model_copy(update={"event_id": uuid4()})

        assert await arrive(payment, payment, again) == [True, False, True]

        assert len(await rows(Payment)) == len(await rows(Allocation)) == 1
        assert len(await rows(LedgerTransaction)) == 3
        assert await differing() == []

    async def test_m6_surplus_goes_to_the_oldest_due_and_then_to_credit(
        self, story: Any, arrive: Any, told: Any, bill: Any, differing: Any
    ) -> None:
        later = story.invoice(bill.customer_id, 500, "2027-02-01")
        older = story.invoice(bill.customer_id, 300, "2027-01-01")
        await arrive(later, older)

        await arrive(story.payment(1_900, bill))

        (reconciled,) = await told(PaymentReconciled)
        paid = {part.invoice_id: part.amount_idr for part in reconciled.allocations}
        assert paid == {bill.aggregate_id: 1_000, older.aggregate_id: 300, later.aggregate_id: 500}
        assert (reconciled.unallocated_idr, reconciled.status) == (100, "posted")
        (opened,) = await told(ExceptionOpened)
        assert (opened.kind, opened.amount_idr) == ("overpaid", 100)
        assert await differing() == []

    async def test_s_a_second_payment_of_a_paid_bill_is_credit_and_reopens_nothing(
        self, story: Any, arrive: Any, told: Any, bill: Any, differing: Any
    ) -> None:
        await arrive(story.payment(1_000, bill), story.payment(1_000, bill))

        last = (await told(PaymentPosted))[-1]
        assert (last.unallocated_idr, last.allocations) == (1_000, [])
        assert await differing() == []

    async def test_s_money_for_a_void_bill_is_credit(
        self, story: Any, arrive: Any, told: Any, bill: Any, differing: Any
    ) -> None:
        await arrive(story.next(bill, InvoiceCancelled, status="cancelled", cancel_reason="x"))

        await arrive(story.payment(1_000, bill))

        assert (await told(PaymentPosted))[-1].unallocated_idr == 1_000
        assert await differing() == []

    async def test_p1_leaves_audit_rows(
        self, story: Any, arrive: Any, rows: Any, bill: Any
    ) -> None:
        await arrive(story.payment(1_000, bill))

        actions = sorted(entry.action for entry in await rows(AuditEntry))
        assert actions == ["allocation.made", "payment.allocated", "payment.posted"]


class TestMoneyOfNobody:
    async def test_m9_c5_is_posted_to_suspense_and_asks_for_a_person(
        self, story: Any, arrive: Any, told: Any, differing: Any
    ) -> None:
        await arrive(story.payment(750))

        posted, opened = await told()
        assert (posted.customer_id, posted.unallocated_idr) == (None, 750)
        assert (opened.kind, opened.amount_idr) == ("unknown_payer", 750)
        assert await differing() == []

    async def test_e1_of_a_customer_who_has_not_arrived_waits(
        self, story: Any, arrive: Any, rows: Any
    ) -> None:
        with pytest.raises(CustomerNotFound):
            await arrive(story.payment(750, customer_id=uuid4()))

        assert await rows(Payment) == []


class TestTheOrderOfEvents:
    async def test_e1_money_before_its_bill_waits_as_credit_for_it(
        self, story: Any, arrive: Any, told: Any, bill: Any, differing: Any
    ) -> None:
        late = story.invoice(bill.customer_id, 400)
        await arrive(story.payment(400, late))
        held = (await told(PaymentPosted))[-1]

        await arrive(late)

        (reconciled,) = await told(PaymentReconciled)
        assert (held.unallocated_idr, held.allocations) == (400, [])
        assert reconciled.allocations[0].invoice_id == late.aggregate_id
        assert len(await told(ExceptionClosed)) == 1
        assert await differing() == []

    async def test_e1_e5_any_order_with_repeats_ends_alike(
        self, story: Any, arrive: Any, find: Any, differing: Any
    ) -> None:
        for order in permutations(range(4)):
            customer = story.customer()
            first = story.invoice(customer.aggregate_id, 1_000)
            paid = story.payment(1_000, first)
            events = [
                first,
                story.next(first, InvoicePaid, status="paid", paid_idr=1_000),
                paid,
                story.next(paid, PaymentVerified, verification="verified"),
            ]
            await arrive(customer)

            for index in order:
                await arrive(events[index], events[index])

            invoice = await find(Invoice, first.aggregate_id)
            payment = await find(Payment, paid.aggregate_id)
            assert (invoice.allocated_idr, invoice.status) == (1_000, "paid")
            assert (payment.allocated_idr, payment.verification) == (1_000, "verified")
        assert await differing() == []

    async def test_e1_money_that_crosses_a_cancellation_ends_as_credit(
        self, story: Any, arrive: Any, find: Any, differing: Any
    ) -> None:
        for order in permutations(range(3)):
            customer = story.customer()
            void = story.invoice(customer.aggregate_id, 1_000)
            paid = story.payment(1_000, void)
            cancelled = story.next(void, InvoiceCancelled, status="cancelled", cancel_reason="x")
            events = [void, paid, cancelled]
            await arrive(customer)

            for index in order:
                await arrive(events[index])

            invoice = await find(Invoice, void.aggregate_id)
            payment = await find(Payment, paid.aggregate_id)
            assert (invoice.allocated_idr, invoice.status) == (0, "cancelled")
            assert payment.unallocated.amount == 1_000
        assert await differing() == []

    async def test_e1_money_of_a_void_bill_pays_the_next_in_any_order(
        self, story: Any, arrive: Any, find: Any, differing: Any
    ) -> None:
        for order in permutations(range(3)):
            customer = story.customer()
            void = story.invoice(customer.aggregate_id, 1_000)
            other = story.invoice(customer.aggregate_id, 700)
            paid = story.payment(1_000, void)
            cancelled = story.next(void, InvoiceCancelled, status="cancelled", cancel_reason="x")
            events = [void, paid, cancelled]
            await arrive(customer, other)

            for index in order:
                await arrive(events[index])

            assert (await find(Invoice, other.aggregate_id)).allocated_idr == 700
            assert (await find(Payment, paid.aggregate_id)).unallocated.amount == 300
        assert await differing() == []

    async def test_e5_an_older_state_of_a_bill_changes_nothing(
        self, story: Any, arrive: Any, rows: Any, bill: Any, differing: Any
    ) -> None:
        void = story.next(bill, InvoiceCancelled, status="cancelled", cancel_reason="x")
        older = story.next(bill, InvoiceChanged)

        await arrive(void, older, story.next(void, InvoiceCancelled))

        (invoice,) = await rows(Invoice)
        assert (invoice.status, invoice.version) == ("cancelled", 3)
        assert await differing() == []


class TestTheBanksWord:
    async def test_c11_a_confirmation_changes_the_verification_only(
        self, story: Any, arrive: Any, told: Any, bill: Any
    ) -> None:
        payment = story.payment(1_000, bill)
        await arrive(payment)

        await arrive(story.next(payment, PaymentVerified, verification="verified"))

        last = (await told())[-1]
        assert isinstance(last, PaymentPosted)
        assert (last.verification, last.status, last.aggregate_version) == (
            "verified",
            "allocated",
            3,
        )

    async def test_c11_a_dispute_reverses_everything_it_paid(
        self, story: Any, arrive: Any, told: Any, rows: Any, bill: Any, differing: Any
    ) -> None:
        payment = story.payment(1_200, bill)
        await arrive(payment)
        word = {"verification": "disputed", "trouble": "bank mencatat jumlah lain"}

        await arrive(story.next(payment, PaymentDisputed, **word))

        (reversed_,) = await told(PaymentReversed)
        assert (reversed_.status, reversed_.verification) == ("reversed", "disputed")
        assert [part.reversed for part in reversed_.allocations] == [True]
        assert (reversed_.unallocated_idr, reversed_.reason) == (0, "bank mencatat jumlah lain")
        states = {found.kind: found.closed_at for found in await rows(MoneyException)}
        assert states["disputed"] is None
        assert states["overpaid"] is not None
        (invoice,) = await rows(Invoice)
        assert invoice.allocated_idr == 0
        assert await differing() == []

    async def test_c11_e1_the_genuine_payment_pays_the_bill_in_any_order(
        self, story: Any, arrive: Any, find: Any, differing: Any
    ) -> None:
        word = {"verification": "disputed", "trouble": "tidak dikenal bank"}
        for order in permutations(range(3)):
            customer = story.customer()
            bill = story.invoice(customer.aggregate_id, 1_000)
            forged, genuine = story.payment(1_000, bill), story.payment(1_000, bill)
            events = [forged, story.next(forged, PaymentDisputed, **word), genuine]
            await arrive(customer, bill)

            for index in order:
                await arrive(events[index])

            assert (await find(Invoice, bill.aggregate_id)).allocated_idr == 1_000
            assert (await find(Payment, genuine.aggregate_id)).status == "allocated"
        assert await differing() == []

    async def test_k2_two_payments_at_once_never_pay_the_same_rupiah(
        self, story: Any, arrive: Any, rows: Any, bill: Any, differing: Any
    ) -> None:
        both = [story.payment(700, bill) for _ in "ab"]

        await asyncio.gather(*(arrive(payment) for payment in both))

        (invoice,) = await rows(Invoice)
        assert invoice.allocated_idr == 1_000
        assert sum(payment.unallocated.amount for payment in await rows(Payment)) == 400
        assert await differing() == []

    async def test_e1_a_dispute_before_its_payment_posts_and_reverses(
        self, story: Any, arrive: Any, told: Any, bill: Any, differing: Any
    ) -> None:
        payment = story.payment(1_000, bill)
        word = {"verification": "disputed", "trouble": "x"}

        await arrive(story.next(payment, PaymentDisputed, **word), payment)

        assert [type(event).__name__ for event in await told()] == [
            "PaymentReversed",
            "ExceptionOpened",
        ]
        assert await differing() == []

    async def test_s_a_bank_that_contradicts_itself_is_a_matter_for_a_person(
        self, story: Any, arrive: Any, bill: Any
    ) -> None:
        payment = story.payment(1_000, bill)
        verified = story.next(payment, PaymentVerified, verification="verified")
        await arrive(payment, verified)
        word = {"verification": "disputed", "trouble": "x"}

        with pytest.raises(InvalidTransition):
            await arrive(story.next(verified, PaymentDisputed, **word))
