"""Copies of what others own: idempotent, and right in any order (E1, E5)."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest

from reporting.handlers.recaps import recap_customer
from reporting.store.dossiers import CustomerNotKnownYet
from shared.contracts.customer import CustomerChanged, CustomerReassigned
from shared.contracts.invoicing import InvoiceCancelled, InvoicePaid
from shared.contracts.reconciliation import PaymentPosted, PaymentReversed
from shared.principal import Principal
from shared.testing import SARI, WAWAN

MAHMUD = "Bapak Mahmud Sulaiman"


async def figures(company, name=MAHMUD):
    async with company.sessions.begin(Principal.system("reporting")) as session:
        return (await recap_customer(session, company.id(name))).position


class TestOrder:
    async def test_e5_an_older_state_never_replaces_a_newer_one(self, company) -> None:
        older = company.customer(MAHMUD)
        newer = company.customer(MAHMUD, contract=CustomerChanged, address="Depok")

        await company.tell(newer, older)

        async with company.sessions.begin(Principal.system("reporting")) as session:
            recap = await recap_customer(session, company.id(MAHMUD))
        assert recap.dossier.customer.address == "Depok"

    async def test_e1_every_order_and_a_repeat_give_the_same_figures(self, company) -> None:
        plan = [(date(2026, 12, 10), 1_250_000), (date(2027, 1, 10), 1_250_000)]
        link = {"plan_id": company.id("plan 1"), "plan_line_no": 1}
        await company.tell(company.customer(MAHMUD))
        for run, order in enumerate(permutations(range(5))):
            if run % 12:
                continue
            name, plan_name = f"{run:06d}", f"p{run}"
            link = {"plan_id": company.id(f"plan {plan_name}"), "plan_line_no": 1}
            events = [
                company.plan(plan_name, MAHMUD, plan),
                company.invoice(name, MAHMUD, 1_250_000, **link),
                company.plan(plan_name, MAHMUD, plan, issued={1: name}),
                company.payment(name, MAHMUD, 1_000_000, {name: 1_000_000}),
                company.invoice(name, MAHMUD, 1_250_000, status="partially_paid", **link),
            ]
            before = await figures(company)

            for index in order:
                await company.tell(events[index], events[index])

            after = await figures(company)
            assert after.billed_idr - before.billed_idr == 2_500_000, order
            assert after.paid_idr - before.paid_idr == 1_000_000, order

    async def test_e1_a_bill_before_its_customer_is_tried_again_later(self, company) -> None:
        early = company.invoice("000001", MAHMUD, 1_250_000)

        with pytest.raises(CustomerNotKnownYet):
            await company.tell(early)
        await company.tell(company.customer(MAHMUD), early)

        assert (await figures(company)).billed_idr == 1_250_000

    async def test_an_account_that_replaces_another_counts(self, company) -> None:
        await company.tell(
            company.customer(MAHMUD),
            company.invoice("000001", MAHMUD, 1_250_000),
            company.account("000001", MAHMUD, 1_250_000, status="failed", number=None),
            company.account("000001", MAHMUD, 1_250_000, identity=company.id("second"), version=2),
        )

        async with company.sessions.begin(Principal.system("reporting")) as session:
            invoice = (await recap_customer(session, company.id(MAHMUD))).dossier.invoices[0]
        assert invoice.account is not None
        assert invoice.account.status == "active"


class TestMoney:
    async def test_m6_what_is_paid_is_the_sum_of_live_allocations(self, company) -> None:
        await company.tell(
            company.customer(MAHMUD),
            company.invoice("000001", MAHMUD, 1_250_000),
            company.payment("A", MAHMUD, 500_000, {"000001": 500_000}),
            company.payment("B", MAHMUD, 750_000, {"000001": 750_000}),
            company.payment(
                "B",
                MAHMUD,
                750_000,
                {"000001": 750_000},
                PaymentReversed,
                status="reversed",
                reason="dibalik bank",
            ),
        )

        assert (await figures(company)).paid_idr == 500_000

    async def test_m5_what_no_bill_needed_is_credit(self, company) -> None:
        await company.tell(
            company.customer(MAHMUD),
            company.invoice("000001", MAHMUD, 1_000_000),
            company.payment("A", MAHMUD, 1_250_000, {"000001": 1_000_000}),
        )

        async with company.sessions.begin(Principal.system("reporting")) as session:
            recap = await recap_customer(session, company.id(MAHMUD))
        assert recap.credit_idr == 250_000
        assert recap.position.paid_idr + recap.credit_idr == 1_250_000

    async def test_a_cancelled_bill_makes_its_line_owed_again(self, company) -> None:
        plan = [(date(2026, 12, 10), 1_250_000)]
        link = {"plan_id": company.id("plan 1"), "plan_line_no": 1}
        await company.tell(
            company.customer(MAHMUD),
            company.invoice("000001", MAHMUD, 1_250_000, **link),
            company.invoice(
                "000001",
                MAHMUD,
                1_250_000,
                InvoiceCancelled,
                status="cancelled",
                cancel_reason="salah",
                **link,
            ),
            company.plan("1", MAHMUD, plan),
        )

        position = await figures(company)
        assert (position.billed_idr, position.invoiced) == (1_250_000, False)

    async def test_lapsed_and_monthly_lines_are_not_owed_until_issued(self, company) -> None:
        days = [(date(2026, 12, 10), 300_000), (date(2027, 1, 10), 300_000)]
        await company.tell(
            company.customer(MAHMUD),
            company.plan("m", MAHMUD, days, kind="monthly"),
            company.plan("c", MAHMUD, days, lapsed=(1, 2)),
        )

        assert (await figures(company)).billed_idr == 0

    async def test_money_of_nobody_becomes_somebody_s(self, company) -> None:
        await company.tell(company.customer(MAHMUD))
        await company.tell(company.payment("X", None, 500_000, {}, PaymentPosted))
        await company.tell(company.payment("X", MAHMUD, 500_000, {}, PaymentPosted))

        async with company.sessions.begin(Principal.system("reporting")) as session:
            assert (await recap_customer(session, company.id(MAHMUD))).credit_idr == 500_000


class TestReassignment:
    async def test_a6_sight_moves_with_the_customer_at_once(self, company, call_as) -> None:
        await company.tell(
            company.customer(MAHMUD),
            company.invoice("000001", MAHMUD, 1_250_000),
            company.invoice("000001", MAHMUD, 1_250_000, InvoicePaid, status="paid"),
        )
        path = f"/api/v1/recaps/customers/{company.id(MAHMUD)}"
        assert (await call_as(SARI).get(path)).status_code == 404

        await company.tell(
            company.customer(
                MAHMUD,
                SARI,
                CustomerReassigned,
                previous_marketing_id=WAWAN.user_id,
                reason="pindah wilayah",
            )
        )

        assert (await call_as(SARI).get(path)).json()["billed_idr"] == 1_250_000
        assert (await call_as(WAWAN).get(path)).status_code == 404
