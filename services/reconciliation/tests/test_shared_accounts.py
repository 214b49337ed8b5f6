"""Money paid to the account of a contract or a customer: oldest due first, the rest is credit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest

from reconciliation.models import Invoice, Payment
from shared.contracts.reconciliation import PaymentReconciled

Arrive = Callable[..., Awaitable[Any]]
Find = Callable[..., Awaitable[Any]]
Told = Callable[..., Awaitable[list[Any]]]
CONTRACT = UUID(int=0xC)


async def customer_with_bills(story: Any, arrive: Arrive) -> tuple[UUID, list[Any]]:
    """A customer with two bills of the contract and an older one outside of it."""
    customer = story.customer()
    await arrive(customer)
    owner = customer.aggregate_id
    bills = [
        story.invoice(owner, 100, "2026-12-01"),
        story.invoice(owner, 100, "2027-01-01", plan_id=CONTRACT, va_mode="contract"),
        story.invoice(owner, 100, "2027-02-01", plan_id=CONTRACT, va_mode="contract"),
    ]
    for bill in bills:
        await arrive(bill)
    return owner, bills


async def paid(find: Find, bills: list[Any]) -> list[int]:
    return [(await find(Invoice, bill.aggregate_id)).allocated_idr for bill in bills]


class TestTheAccountOfACustomer:
    @pytest.mark.parametrize(
        ("amount", "shares", "credit"),
        [(60, [60, 0, 0], 0), (150, [100, 50, 0], 0), (300, [100] * 3, 0), (350, [100] * 3, 50)],
    )
    async def test_m5_m6_pays_oldest_due_first_and_keeps_the_surplus(
        self, story: Any, arrive: Arrive, find: Find, amount: int, shares: list[int], credit: int
    ) -> None:
        owner, bills = await customer_with_bills(story, arrive)
        payment = story.payment(amount, customer_id=owner)

        await arrive(payment)

        assert await paid(find, bills) == shares
        assert (await find(Payment, payment.aggregate_id)).unallocated.amount == credit

    async def test_paid_twice_is_two_payments_and_the_second_goes_on(
        self, story: Any, arrive: Arrive, find: Find, differing: Any
    ) -> None:
        owner, bills = await customer_with_bills(story, arrive)
        for total in (100, 200):
            await arrive(story.payment(100, customer_id=owner, cumulative_idr=total))

        assert await paid(find, bills) == [100, 100, 0]
        assert await differing() == []


class TestTheAccountOfAContract:
    async def test_pays_its_own_bills_before_an_older_one_of_the_customer(
        self, story: Any, arrive: Arrive, find: Find
    ) -> None:
        owner, bills = await customer_with_bills(story, arrive)

        await arrive(story.payment(150, customer_id=owner, plan_id=CONTRACT))

        assert await paid(find, bills) == [0, 100, 50]

    async def test_m6_what_the_contract_does_not_need_pays_other_bills_then_is_credit(
        self, story: Any, arrive: Arrive, find: Find
    ) -> None:
        owner, bills = await customer_with_bills(story, arrive)
        payment = story.payment(330, customer_id=owner, plan_id=CONTRACT)

        await arrive(payment)

        assert await paid(find, bills) == [100, 100, 100]
        assert (await find(Payment, payment.aggregate_id)).unallocated.amount == 30

    async def test_e1_money_before_its_bill_ends_alike_in_any_order(
        self, story: Any, arrive: Arrive, find: Find, differing: Any
    ) -> None:
        ends = []
        for order in permutations(range(3)):
            customer, contract = story.customer(), uuid4()
            await arrive(customer)
            owner = customer.aggregate_id
            other = story.invoice(owner, 100, "2026-12-01")
            bill = story.invoice(owner, 100, "2027-01-01", plan_id=contract, va_mode="contract")
            events = [other, bill, story.payment(100, customer_id=owner, plan_id=contract)]
            for index in order:
                await arrive(events[index])
            ends.append(await paid(find, [other, bill]))

        assert ends == [[0, 100]] * 6
        assert await differing() == []

    async def test_paid_ahead_waits_for_the_next_bill_of_the_contract(
        self, story: Any, arrive: Arrive, find: Find
    ) -> None:
        customer = story.customer()
        await arrive(customer)
        owner = customer.aggregate_id
        shared = {"plan_id": CONTRACT, "va_mode": "contract"}
        first, second = (story.invoice(owner, 100, **shared) for _ in range(2))
        await arrive(first)
        await arrive(story.payment(130, customer_id=owner, plan_id=CONTRACT))

        await arrive(second)

        assert await paid(find, [first, second]) == [100, 30]


class TestMoneyOfNobody:
    async def test_m9_c5_an_unmatched_payment_that_the_bank_confirmed_is_in_suspense(
        self, story: Any, arrive: Arrive, find: Find, told: Told, differing: Any
    ) -> None:
        payment = story.payment(77, trx_id="SOMEBODY-ELSES", source="callback")
        await arrive(payment)
        await arrive(story.next(payment, type(payment), verification="verified"))

        kept = await find(Payment, payment.aggregate_id)
        assert (kept.customer_id, kept.unallocated.amount) == (None, 77)
        assert kept.verification == "verified"
        assert await told(PaymentReconciled) == []
        assert await differing() == []
