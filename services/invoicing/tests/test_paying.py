"""Whose virtual account a bill is paid to: decided once per plan, shown on every bill."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest

from invoicing.domain.paying import Paying
from invoicing.main import build
from invoicing.settings import Settings
from shared.contracts.bank_gateway import VaCreated
from shared.contracts.customer import CashPlan, InstallmentPlan, MonthlyPlan
from shared.contracts.invoicing import InvoiceIssued, PlanMade
from shared.service import Outside, Service
from shared.testing import WAWAN

INSTALLMENTS = {"kind": "installment", "installments": 3, "first_due_on": "2026-12-10"}
CASH = CashPlan(kind="cash", due_on="2026-12-01")
MONTHLY = MonthlyPlan(kind="monthly", starts_on="2026-12-01", due_day=1)
PARTS = InstallmentPlan(**INSTALLMENTS)


class TestTheRule:
    def test_the_plans_own_mode_wins_then_its_kinds_then_the_houses(self) -> None:
        paying = Paying("customer", {"installment": "contract", "cash": None})

        assert paying.mode_of(CASH.model_copy(update={"va_mode": "invoice"})) == "invoice"
        assert paying.mode_of(PARTS) == "contract"
        assert paying.mode_of(CASH) == paying.mode_of(MONTHLY) == "customer"

    def test_a_bill_without_a_plan_has_no_contract_to_share_an_account(self) -> None:
        modes = [Paying(mode).mode_of_free_bill() for mode in ("invoice", "contract", "customer")]

        assert modes == ["invoice", "invoice", "customer"]

    def test_each_bill_has_its_own_account_unless_somebody_says_otherwise(self) -> None:
        assert Paying().mode_of(PARTS) == "invoice"

    def test_settings_that_are_empty_follow_the_houses_mode(
        self, common_settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("INVOICING_VA_MODE_CASH", "")
        monkeypatch.setenv("INVOICING_VA_MODE_MONTHLY", "customer")

        paying = Settings(**common_settings, va_mode="contract").paying

        assert paying.mode_of(CASH) == "contract"
        assert paying.mode_of(MONTHLY) == "customer"


@pytest.fixture
def service(common_settings: dict[str, Any], outside: Outside) -> Service:
    return build(Settings(**common_settings, va_mode_installment="contract"), outside)


class TestAPlan:
    async def test_keeps_its_mode_and_hands_it_to_every_bill(
        self,
        story: Any,
        arrive: Callable[..., Awaitable[Any]],
        told: Callable[..., Awaitable[list[Any]]],
    ) -> None:
        customer = story.customer()
        await arrive(customer)
        await arrive(story.booking(customer.aggregate_id, INSTALLMENTS, issue_first=True))

        (bill,), plan = await told(InvoiceIssued), (await told(PlanMade))[-1]
        assert (bill.va_mode, plan.va_mode) == ("contract", "contract")
        assert bill.va_owner_id == bill.plan_id == plan.aggregate_id

    @pytest.mark.parametrize(
        ("agreed", "mode"), [({}, "contract"), ({"va_mode": "customer"}, "customer")]
    )
    async def test_says_beforehand_whose_account_it_will_be(
        self, call_as: Any, agreed: dict[str, str], mode: str
    ) -> None:
        plan = INSTALLMENTS | agreed

        preview = {"total_idr": 3_000_000, "plan": plan}
        shown = (await call_as(WAWAN).post("/api/v1/plans/preview", preview)).json()

        assert shown["va_mode"] == mode

    async def test_every_bill_of_it_shows_the_account_of_the_contract(
        self,
        story: Any,
        arrive: Callable[..., Awaitable[Any]],
        told: Callable[..., Awaitable[list[Any]]],
        call_as: Any,
    ) -> None:
        customer = story.customer()
        await arrive(customer)
        await arrive(story.booking(customer.aggregate_id, INSTALLMENTS, issue_first=True))
        (bill,) = await told(InvoiceIssued)
        await call_as(WAWAN).post("/api/v1/invoices", {"plan_id": str(bill.plan_id), "line_no": 2})
        account = VaCreated.of(
            1, bill.occurred_at, uuid4(), invoice_id=None, plan_id=bill.plan_id, mode="contract",
            billing_type="i", customer_id=bill.customer_id, trx_id="L1",
            number="8810081234567890", holder_name="MAHMUD", status="active", amount_idr=1_000,
            expires_at=None,
        )  # fmt: skip

        await arrive(account)

        shown = (await call_as(WAWAN).get("/api/v1/invoices", params={"search": "34567890"})).json()
        numbers = [item["virtual_account"]["number"] for item in shown["items"]]
        assert numbers == ["8810081234567890"] * 2
        assert {item["virtual_account"]["mode"] for item in shown["items"]} == {"contract"}

    async def test_a_customers_own_account_is_only_for_bills_that_say_so(
        self,
        story: Any,
        arrive: Callable[..., Awaitable[Any]],
        told: Callable[..., Awaitable[list[Any]]],
        call_as: Any,
    ) -> None:
        customer = story.customer()
        await arrive(customer)
        for mode in ("customer", "invoice"):
            plan = {"kind": "cash", "due_on": "2026-12-01", "va_mode": mode}
            await arrive(story.booking(customer.aggregate_id, plan, issue_first=True))
        his, own = await told(InvoiceIssued)
        account = VaCreated.of(
            1, his.occurred_at, uuid4(), invoice_id=None, mode="customer", billing_type="o",
            customer_id=his.customer_id, trx_id="L1", number="8810081234567890",
            holder_name="MAHMUD", status="active", amount_idr=0, expires_at=None,
        )  # fmt: skip

        await arrive(account)

        shown = {
            bill.va_mode: (
                await call_as(WAWAN).get(f"/api/v1/invoices/{bill.aggregate_id}")
            ).json()["virtual_account"]
            for bill in (his, own)
        }
        assert shown["customer"]["number"] == "8810081234567890"
        assert shown["invoice"] is None
