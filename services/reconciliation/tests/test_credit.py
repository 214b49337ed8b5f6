"""Credit left over (titipan): by itself to the next bill, or waiting for a person."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciliation.models import Allocation, Invoice, Payment
from shared.clock import FrozenClock
from shared.contracts.bank_gateway import PaymentDisputed
from shared.contracts.reconciliation import PaymentReconciled
from shared.tables import AuditEntry
from shared.testing import ADMIN, confirmed


@pytest.fixture
async def mahmud(story: Any, arrive: Any) -> UUID:
    customer = story.customer()
    await arrive(customer)
    found: UUID = customer.aggregate_id
    return found


@pytest.fixture
def paid(find: Any) -> Any:
    """``await paid(invoice)``: what its live allocations sum to."""

    async def of(invoice: Any) -> int:
        found: Invoice = await find(Invoice, invoice.aggregate_id)
        return found.allocated_idr

    return of


class TestBySetting:
    async def test_m5_m6_credit_pays_the_next_bill(
        self, story: Any, arrive: Any, told: Any, mahmud: UUID, paid: Any, differing: Any
    ) -> None:
        await arrive(story.payment(700, customer_id=mahmud))
        bill = story.invoice(mahmud, 500)

        await arrive(bill)

        (reconciled,) = await told(PaymentReconciled)
        assert await paid(bill) == 500
        assert (reconciled.unallocated_idr, reconciled.allocations[0].amount_idr) == (200, 500)
        assert await differing() == []

    async def test_the_oldest_payment_goes_first_to_the_oldest_due(
        self, story: Any, arrive: Any, clock: FrozenClock, mahmud: UUID, find: Any, paid: Any
    ) -> None:
        now = clock.now()
        newer = story.payment(300, customer_id=mahmud, paid_at=now)
        older = story.payment(300, customer_id=mahmud, paid_at=now - timedelta(days=1))
        bill = story.invoice(mahmud, 400)

        await arrive(newer, older, bill)

        assert await paid(bill) == 400
        left = [
            (await find(Payment, each.aggregate_id)).unallocated.amount for each in (older, newer)
        ]
        assert left == [0, 200]

    async def test_a_draft_takes_nothing_until_it_is_issued(
        self, story: Any, arrive: Any, mahmud: UUID, paid: Any
    ) -> None:
        issued = story.invoice(mahmud, 500)
        draft = issued.model_copy(update={"event_id": uuid4(), "status": "draft"})
        await arrive(story.payment(700, customer_id=mahmud), draft)
        before = await paid(draft)

        await arrive(story.next(issued, type(issued)))

        assert (before, await paid(issued)) == (0, 500)

    async def test_what_a_reversal_opens_again_is_paid_from_other_credit(
        self, story: Any, arrive: Any, mahmud: UUID, paid: Any, differing: Any
    ) -> None:
        bill = story.invoice(mahmud, 1_000)
        forged = story.payment(1_000, bill)
        await arrive(bill, forged, story.payment(600, customer_id=mahmud))
        word = {"verification": "disputed", "trouble": "tidak dikenal bank"}

        await arrive(story.next(forged, PaymentDisputed, **word))

        assert await paid(bill) == 600
        assert await differing() == []

    async def test_never_goes_back_where_a_person_took_it_from(
        self, story: Any, arrive: Any, call_as: Any, rows: Any, mahmud: UUID, paid: Any
    ) -> None:
        first, second = story.invoice(mahmud, 500, "2026-12-01"), story.invoice(mahmud, 200)
        await arrive(story.payment(600, customer_id=mahmud), first)
        (allocation,) = await rows(Allocation)
        await call_as(confirmed(ADMIN)).delete(f"/api/v1/allocations/{allocation.id}")

        await arrive(second)

        assert (await paid(first), await paid(second)) == (0, 200)

    async def test_p1_is_audited_and_can_be_reversed(
        self, story: Any, arrive: Any, rows: Any, call_as: Any, mahmud: UUID, differing: Any
    ) -> None:
        await arrive(story.payment(700, customer_id=mahmud), story.invoice(mahmud, 500))
        (allocation,) = await rows(Allocation)

        answer = await call_as(confirmed(ADMIN)).delete(f"/api/v1/allocations/{allocation.id}")

        reasons = {entry.reason for entry in await rows(AuditEntry)}
        assert "Titipan dipakai otomatis." in reasons
        assert allocation.allocated_by == "sistem:reconciliation"
        assert (answer.status_code, answer.json()["unallocated_idr"]) == (200, 700)
        assert await differing() == []

    async def test_anothers_credit_is_never_touched(
        self, story: Any, arrive: Any, mahmud: UUID, paid: Any
    ) -> None:
        siti = story.customer(name="Siti Aminah")
        bill = story.invoice(siti.aggregate_id, 500)

        await arrive(siti, story.payment(700, customer_id=mahmud), bill)

        assert await paid(bill) == 0

    async def test_e1_money_that_waits_for_a_bill_not_seen_yet_is_not_taken(
        self, story: Any, arrive: Any, mahmud: UUID, paid: Any
    ) -> None:
        own, other = story.invoice(mahmud, 700), story.invoice(mahmud, 500, "2026-11-30")

        await arrive(story.payment(700, own), other, own)

        assert (await paid(own), await paid(other)) == (700, 0)

    async def test_k2_bills_and_money_that_arrive_at_once_share_every_rupiah_once(
        self, story: Any, arrive: Any, rows: Any, mahmud: UUID, differing: Any
    ) -> None:
        events = [story.payment(250, customer_id=mahmud) for _ in range(4)]
        events += [story.invoice(mahmud, 150) for _ in range(4)]

        await asyncio.gather(*(arrive(event) for event in events))

        assert [invoice.allocated_idr for invoice in await rows(Invoice)] == [150] * 4
        assert sum(payment.unallocated.amount for payment in await rows(Payment)) == 400
        assert await differing() == []


class TestSwitchedOff:
    @pytest.fixture
    def apply_credit(self) -> bool:
        return False

    async def test_credit_waits_for_a_person(
        self, story: Any, arrive: Any, call_as: Any, mahmud: UUID, paid: Any, differing: Any
    ) -> None:
        payment, bill = story.payment(700, customer_id=mahmud), story.invoice(mahmud, 500)
        await arrive(payment, bill)
        before = await paid(bill)
        path = f"/api/v1/payments/{payment.aggregate_id}/allocations"

        await call_as(ADMIN).post(path, {"invoice_id": str(bill.aggregate_id), "amount_idr": 500})

        assert (before, await paid(bill)) == (0, 500)
        assert await differing() == []

    async def test_money_of_a_bill_still_waits_for_it(
        self, story: Any, arrive: Any, mahmud: UUID, paid: Any
    ) -> None:
        bill = story.invoice(mahmud, 700)

        await arrive(story.payment(700, bill), bill)

        assert await paid(bill) == 700


class TestAnyHistory:
    @settings(
        max_examples=15,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(data=st.data())
    async def test_m5_m6_credit_and_open_bills_never_stand_side_by_side(
        self, data: st.DataObject, story: Any, arrive: Any, rows: Any, differing: Any
    ) -> None:
        customer = story.customer()
        amounts = st.lists(st.integers(1, 1_000), min_size=1, max_size=4)
        mine = {"customer_id": customer.aggregate_id}
        events = [story.invoice(customer.aggregate_id, each) for each in data.draw(amounts)]
        events += [story.payment(each, **mine) for each in data.draw(amounts)]
        await arrive(customer)

        await arrive(*data.draw(st.permutations(events)))

        bills = [row for row in await rows(Invoice) if row.customer_id == customer.aggregate_id]
        money = [row for row in await rows(Payment) if row.customer_id == customer.aggregate_id]
        owed = sum(invoice.outstanding.amount for invoice in bills)
        credit = sum(payment.unallocated.amount for payment in money)
        assert 0 in {owed, credit}
        assert await differing() == []
