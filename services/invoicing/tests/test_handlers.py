"""Plans and bills made by events, on a real database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from invoicing.domain.plan import DownPaymentTooLarge
from invoicing.handlers.payments import ReversalNotHere
from invoicing.models import Customer, Invoice, Plan, PlanLine, VirtualAccount
from invoicing.store.copies import CustomerNotFound
from invoicing.store.invoices import InvoiceNotFound
from shared.contracts.bank_gateway import VaChanged, VaCreated
from shared.contracts.customer import CustomerReassigned
from shared.contracts.invoicing import InvoiceChanged, InvoiceIssued, InvoicePaid, PlanMade
from shared.contracts.reconciliation import PaymentReversed
from shared.database import Sessions
from shared.events import Event
from shared.principal import Principal
from shared.tables import AuditEntry
from shared.testing import SARI

Arrive = Callable[[Event], Awaitable[bool]]
Told = Callable[..., Awaitable[list[Any]]]
SYSTEM = Principal.system("invoicing")


async def rows(sessions: Sessions, model: type[Any]) -> list[Any]:
    async with sessions.begin(SYSTEM) as session:
        return list((await session.exec(select(model))).all())


async def issue_one(
    story: Any, arrive: Arrive, told: Told, total_idr: int = 1_000
) -> InvoiceIssued:
    """A customer with one issued cash bill."""
    customer = story.customer()
    await arrive(customer)
    plan = {"kind": "cash", "due_on": "2026-12-01"}
    await arrive(story.booking(customer.aggregate_id, plan, total_idr, issue_first=True))
    issued: InvoiceIssued = (await told(InvoiceIssued))[-1]
    return issued


class TestAConfirmedBooking:
    async def test_becomes_a_plan_that_everybody_hears_of(
        self, story: Any, arrive: Arrive, told: Told, installments: dict[str, Any]
    ) -> None:
        customer = story.customer()
        await arrive(customer)

        await arrive(story.booking(customer.aggregate_id, installments))

        (plan,) = await told()
        assert isinstance(plan, PlanMade)
        assert plan.title == "Kavling B-12"
        assert sum(line.amount_idr for line in plan.lines) == 25_000_000
        assert [line.invoice_id for line in plan.lines] == [None] * 4

    async def test_e3_delivered_twice_makes_one_plan(
        self, story: Any, arrive: Arrive, sessions: Sessions, installments: dict[str, Any]
    ) -> None:
        customer = story.customer()
        booking = story.booking(customer.aggregate_id, installments, issue_first=True)
        await arrive(customer)
        again = booking.model_copy(update={"event_id": uuid4()})

        applied = [await arrive(event) for event in (booking, booking, again)]

        assert applied == [True, False, True]
        assert len(await rows(sessions, Plan)) == 1
        assert len(await rows(sessions, Invoice)) == 1

    async def test_issues_its_first_line_when_asked(
        self, story: Any, arrive: Arrive, told: Told, installments: dict[str, Any]
    ) -> None:
        customer = story.customer()
        await arrive(customer)

        await arrive(story.booking(customer.aggregate_id, installments, issue_first=True))

        made, invoice, after = await told()
        assert (invoice.number, invoice.title) == ("INV/2026/11/000001", "Uang muka")
        assert (invoice.total_idr, invoice.status, invoice.paid_idr) == (5_000_000, "issued", 0)
        assert invoice.lines[0].description == "Uang muka: Kavling B-12"
        assert made.aggregate_version < after.aggregate_version
        assert after.lines[0].invoice_id == invoice.aggregate_id

    async def test_e1_before_its_customer_waits(
        self, story: Any, arrive: Arrive, installments: dict[str, Any]
    ) -> None:
        with pytest.raises(CustomerNotFound):
            await arrive(story.booking(uuid4(), installments))

    async def test_m7_a_plan_that_does_not_add_up_is_refused_whole(
        self, story: Any, arrive: Arrive, sessions: Sessions, installments: dict[str, Any]
    ) -> None:
        customer = story.customer()
        await arrive(customer)
        booking = story.booking(customer.aggregate_id, installments, 5_000_000)

        with pytest.raises(DownPaymentTooLarge):
            await arrive(booking)

        assert await rows(sessions, Plan) == []


class TestACancelledBooking:
    async def test_lapses_what_is_not_issued_and_keeps_what_is(
        self, story: Any, arrive: Arrive, told: Told, installments: dict[str, Any]
    ) -> None:
        customer = story.customer()
        booking = story.booking(customer.aggregate_id, installments, issue_first=True)
        await arrive(customer)
        await arrive(booking)

        await arrive(story.cancelled(booking))

        plan = (await told(PlanMade))[-1]
        assert [line.lapsed for line in plan.lines] == [False, True, True, True]

    async def test_e5_heard_before_its_confirmation_makes_no_plan(
        self, story: Any, arrive: Arrive, sessions: Sessions, installments: dict[str, Any]
    ) -> None:
        customer = story.customer()
        booking = story.booking(customer.aggregate_id, installments, issue_first=True)
        await arrive(customer)

        await arrive(story.cancelled(booking))
        await arrive(booking)

        assert await rows(sessions, Plan) == []
        assert await rows(sessions, Invoice) == []


class TestAMonthlyPlan:
    async def test_stays_twelve_months_ahead_while_lines_are_issued(
        self, story: Any, arrive: Arrive, sessions: Sessions
    ) -> None:
        customer = story.customer()
        await arrive(customer)
        plan = {"kind": "monthly", "starts_on": "2026-12-01", "due_day": 31}

        await arrive(story.booking(customer.aggregate_id, plan, 350_000, issue_first=True))

        lines = await rows(sessions, PlanLine)
        assert len(lines) == 13
        assert sum(line.invoice_id is None for line in lines) == 12


class TestMoneyThatCame:
    async def test_m6_paid_is_the_sum_of_live_allocations(
        self, story: Any, arrive: Arrive, told: Told
    ) -> None:
        bill = await issue_one(story, arrive, told)
        for amount in (400, 600):
            await arrive(story.reconciled(bill.customer_id, {bill.aggregate_id: amount}))

        partial, full = await told(InvoiceChanged, InvoicePaid)
        assert isinstance(partial, InvoiceChanged)
        assert isinstance(full, InvoicePaid)
        assert (partial.status, partial.paid_idr) == ("partially_paid", 400)
        assert (full.status, full.paid_idr) == ("paid", 1_000)
        assert [bill.aggregate_version, partial.aggregate_version, full.aggregate_version] == [
            1,
            2,
            3,
        ]

    async def test_e1_e5_any_order_with_repeats_ends_alike(
        self, story: Any, arrive: Arrive, told: Told, sessions: Sessions
    ) -> None:
        for order in permutations(range(3)):
            bill = await issue_one(story, arrive, told)
            invoice, customer, payment = bill.aggregate_id, bill.customer_id, uuid4()
            taken_back = {"contract": PaymentReversed, "status": "reversed", "reason": "disangkal"}
            events = [
                story.reconciled(customer, {invoice: 300}, version=2, payment=payment),
                story.reconciled(customer, {invoice: 700}, version=3, payment=payment),
                story.reconciled(
                    customer, {invoice: -700}, version=4, payment=payment, **taken_back
                ),
            ]

            for index in order:
                await arrive(events[index])
                await arrive(events[index])
            await arrive(story.reconciled(customer, {invoice: 250}))

            found = [row for row in await rows(sessions, Invoice) if row.id == invoice]
            assert [(row.paid_idr, row.status) for row in found] == [(250, "partially_paid")]

    async def test_m6_e1_more_than_the_total_waits_for_the_reversal_that_it_overtook(
        self, story: Any, arrive: Arrive, told: Told, sessions: Sessions
    ) -> None:
        bill = await issue_one(story, arrive, told)
        invoice, customer, forged = bill.aggregate_id, bill.customer_id, uuid4()
        genuine = story.reconciled(customer, {invoice: 1_000})
        await arrive(story.reconciled(customer, {invoice: 600}, payment=forged))

        with pytest.raises(ReversalNotHere):
            await arrive(genuine)
        await arrive(story.reconciled(customer, {invoice: -600}, payment=forged, version=3))
        await arrive(genuine)

        (found,) = await rows(sessions, Invoice)
        assert (found.paid_idr, found.status) == (1_000, "paid")

    async def test_k1_two_payments_at_once_both_count(
        self, story: Any, arrive: Arrive, told: Told, sessions: Sessions
    ) -> None:
        bill = await issue_one(story, arrive, told)
        both = [story.reconciled(bill.customer_id, {bill.aggregate_id: 500}) for _ in "ab"]

        await asyncio.gather(*(arrive(event) for event in both))

        (found,) = await rows(sessions, Invoice)
        assert (found.paid_idr, found.status) == (1_000, "paid")

    async def test_s_a_reversal_of_the_whole_reopens_the_bill(
        self, story: Any, arrive: Arrive, told: Told
    ) -> None:
        bill = await issue_one(story, arrive, told)
        invoice, payment = bill.aggregate_id, uuid4()
        await arrive(story.reconciled(bill.customer_id, {invoice: 1_000}, payment=payment))

        await arrive(
            story.reconciled(bill.customer_id, {invoice: -1_000}, payment=payment, version=3)
        )

        last = (await told(InvoiceChanged))[-1]
        assert (last.status, last.paid_idr) == ("issued", 0)

    async def test_e1_for_an_invoice_that_is_not_here_waits(
        self, story: Any, arrive: Arrive, told: Told
    ) -> None:
        bill = await issue_one(story, arrive, told)

        with pytest.raises(InvoiceNotFound):
            await arrive(story.reconciled(bill.customer_id, {uuid4(): 5}))

    async def test_p1_each_change_leaves_an_audit_row(
        self, story: Any, arrive: Arrive, told: Told, sessions: Sessions
    ) -> None:
        bill = await issue_one(story, arrive, told)
        await arrive(story.reconciled(bill.customer_id, {bill.aggregate_id: 400}))

        actions = [entry.action for entry in await rows(sessions, AuditEntry)]
        assert sorted(actions) == ["invoice.issued", "invoice.paid_changed", "plan.made"]


def account(invoice: UUID | None, customer: UUID, version: int, at: Any, **more: Any) -> VaCreated:
    facts = {
        "invoice_id": invoice,
        "customer_id": customer,
        "trx_id": "LNS1",
        "number": "8810081234567890",
        "holder_name": "MAHMUD SULAIMAN",
        "status": "active",
        "amount_idr": 1_000,
        "expires_at": at,
    }
    return VaCreated.of(version, at, uuid4(), **facts | more)


class TestCopies:
    async def test_e5_only_the_newest_account_of_an_invoice_counts(
        self, story: Any, arrive: Arrive, told: Told, sessions: Sessions
    ) -> None:
        bill = await issue_one(story, arrive, told)
        now = bill.occurred_at
        newer = account(bill.aggregate_id, bill.customer_id, 3, now, number="8810089999")
        older = account(bill.aggregate_id, bill.customer_id, 2, now, status="requested")

        await arrive(VaChanged(**newer.model_dump()))
        await arrive(older)

        (kept,) = await rows(sessions, VirtualAccount)
        assert (kept.number, kept.status, kept.version) == ("8810089999", "active", 3)

    async def test_e5_an_old_owner_does_not_come_back(
        self, story: Any, arrive: Arrive, sessions: Sessions
    ) -> None:
        first = story.customer()
        facts = first.model_dump() | {
            "event_id": uuid4(),
            "aggregate_version": 2,
            "marketing_id": SARI.user_id,
            "marketing_name": SARI.name,
        }
        moved = CustomerReassigned(**facts, previous_marketing_id=first.marketing_id, reason="x")

        await arrive(moved)
        await arrive(first)

        (kept,) = await rows(sessions, Customer)
        assert kept.marketing_id == SARI.user_id
