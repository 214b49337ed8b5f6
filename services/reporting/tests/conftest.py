"""Fixtures: the service, and a company whose events arrive as they do in life, or in any order."""

from __future__ import annotations

import gc
import json
import warnings
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest

from reporting.main import build
from reporting.paper.page import Press
from reporting.paper.printer import Limits, Printer
from reporting.settings import Settings
from shared.consumer import deliver
from shared.contracts.bank_gateway import VaCreated
from shared.contracts.customer import BookingConfirmed, BookingItem, CashPlan, CustomerRegistered
from shared.contracts.gateway import UserChanged
from shared.contracts.invoicing import InvoiceIssued, InvoiceLine, PlanLine, PlanMade
from shared.contracts.reconciliation import AllocationPart, PaymentReconciled
from shared.database import Sessions
from shared.events import Event
from shared.principal import Principal
from shared.service import Outside, Service
from shared.testing import WAWAN

FOLDER = Path(__file__).parents[1]


class Company:
    """Publishes what the other services would; every event has the next version of its object."""

    def __init__(self, service: Service, sessions: Sessions) -> None:
        self.service = service
        self.sessions = sessions
        self._versions: dict[UUID, int] = {}

    def id(self, name: str) -> UUID:
        """The id of something by its name, the same each time."""
        return uuid5(UUID(int=7), name)

    async def tell(self, *events: Event) -> None:
        """Deliver events, each in its own transaction, as the bus does."""
        for event in events:
            handler = self.service.subscriptions[type(event)]
            await deliver(event, handler, self.sessions, "reporting")

    def _of(self, contract: type[Event], name: str, version: int | None, /, **payload: Any) -> Any:
        identity = payload.pop("identity", None) or self.id(name)
        number = version or self._versions.get(identity, 0) + 1
        self._versions[identity] = max(number, self._versions.get(identity, 0))
        return contract.of(number, self.sessions.clock.now(), identity, **payload)

    def user(self, principal: Principal, phone: str | None = "+628129000417") -> UserChanged:
        return self._of(
            UserChanged,
            principal.name,
            None,
            identity=principal.user_id,
            username=principal.name.split()[-1].lower(),
            name=principal.name,
            role=principal.role,
            phone=phone,
            disabled=False,
        )

    def customer(
        self,
        name: str,
        owner: Principal = WAWAN,
        contract: type[Event] = CustomerRegistered,
        **more: Any,
    ) -> Any:
        facts = {
            "number": f"PLG-{self.id(name).int % 10**6:06d}",
            "name": name,
            "phone": "+628561101133",
            "address": "Perum Taman Cimanggu Blok D2 No. 7\nBogor, Jawa Barat",
            "email": None,
            "marketing_id": owner.user_id,
            "marketing_name": owner.name,
            "status": "active",
            "registered_at": self.sessions.clock.now(),
        }
        return self._of(contract, name, more.pop("version", None), **(facts | more))

    def booking(self, name: str, customer: str, total: int) -> Any:
        item = BookingItem(
            product_id=self.id("kavling"),
            product_name="Kavling B-12",
            quantity=1,
            unit_price_idr=total,
        )
        return self._of(
            BookingConfirmed,
            f"booking {name}",
            None,
            number=f"BKG/2026/{name}",
            customer_id=self.id(customer),
            status="confirmed",
            items=[item],
            total_idr=total,
            notes="",
            plan=CashPlan(kind="cash", due_on=date(2026, 12, 10)),
            booked_at=self.sessions.clock.now(),
        )

    def plan(self, name: str, customer: str, amounts: list[tuple[date, int]], **more: Any) -> Any:
        issued = more.pop("issued", {})
        lines = [
            PlanLine(
                no=no,
                kind="monthly" if more.get("kind") == "monthly" else "installment",
                label=f"Angsuran ke-{no} dari {len(amounts)}",
                due_on=due_on,
                amount_idr=amount,
                invoice_id=self.id(issued[no]) if no in issued else None,
                lapsed=no in more.get("lapsed", ()),
            )
            for no, (due_on, amount) in enumerate(amounts, start=1)
        ]
        more.pop("lapsed", None)
        facts = {
            "booking_id": self.id(f"booking {name}"),
            "booking_number": f"BKG/2026/{name}",
            "customer_id": self.id(customer),
            "kind": "installment",
            "title": "Kavling B-12",
            "lines": lines,
        }
        return self._of(PlanMade, f"plan {name}", more.pop("version", None), **(facts | more))

    def invoice(
        self,
        name: str,
        customer: str,
        total: int,
        contract: type[Event] = InvoiceIssued,
        **more: Any,
    ) -> Any:
        title = more.pop("title", "Angsuran ke-3 dari 20, Kavling B-12")
        line = InvoiceLine(description=title, quantity=1, unit_price_idr=total, amount_idr=total)
        facts = {
            "number": f"INV/2026/12/{name}",
            "customer_id": self.id(customer),
            "booking_id": None,
            "plan_id": None,
            "plan_line_no": None,
            "plan_kind": None,
            "title": title,
            "status": "issued",
            "issued_at": self.sessions.clock.now(),
            "due_on": date(2026, 12, 10),
            "total_idr": total,
            "paid_idr": 0,
            "lines": [line],
        }
        return self._of(contract, name, more.pop("version", None), **(facts | more))

    def account(
        self,
        invoice: str,
        customer: str,
        amount: int,
        contract: type[Event] = VaCreated,
        **more: Any,
    ) -> Any:
        facts = {
            "invoice_id": self.id(invoice),
            "customer_id": self.id(customer),
            "trx_id": invoice,
            "number": "9888031234567890",
            "holder_name": "MAHMUD SULAIMAN",
            "status": "active",
            "amount_idr": amount,
            "expires_at": datetime.fromisoformat("2026-12-12T23:59:59+07:00"),
        }
        return self._of(contract, f"va {invoice}", more.pop("version", None), **(facts | more))

    def payment(
        self,
        name: str,
        customer: str | None,
        amount: int,
        parts: dict[str, int],
        contract: type[Event] = PaymentReconciled,
        **more: Any,
    ) -> Any:
        gone = more.get("status") == "reversed"
        allocations = [
            AllocationPart(
                allocation_id=self.id(f"{name}>{invoice}"),
                invoice_id=self.id(invoice),
                invoice_number=f"INV/2026/12/{invoice}",
                amount_idr=part,
                reversed=gone,
            )
            for invoice, part in parts.items()
        ]
        facts = {
            "channel": "bni_va",
            "virtual_account": "9888031234567890",
            "bank_reference": name,
            "customer_id": self.id(customer) if customer else None,
            "amount_idr": amount,
            "paid_at": self.sessions.clock.now() - timedelta(minutes=5),
            "received_at": self.sessions.clock.now(),
            "status": "allocated" if parts else "posted",
            "verification": "unverified",
            "allocations": allocations,
            "unallocated_idr": 0
            if gone
            else amount - sum(parts.values()) - more.get("disposed_idr", 0),
        }
        return self._of(contract, f"pay {name}", more.pop("version", None), **(facts | more))


@pytest.fixture
def service_folder() -> Path:
    return FOLDER


class QuietPress(Press):
    """A press in this process; WeasyPrint leaves its colour profile's file to the collector."""

    def print(self, paper: dict[str, Any]) -> bytes:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            try:
                return super().print(paper)
            finally:
                gc.collect()


@pytest.fixture(scope="session")
def press() -> Press:
    return QuietPress()


class PressAtHand:
    """A printer without processes: what the API needs of one, quickly."""

    def __init__(self, press: Press) -> None:
        self._press = press

    async def print(self, paper: dict[str, Any]) -> bytes:
        return self._press.print(json.loads(json.dumps(paper)))


@pytest.fixture
def service(common_settings: dict[str, Any], outside: Outside, press: Press) -> Service:
    made = build(Settings(**common_settings, document_key="k" * 32), outside)
    office = made.app.state.office
    made.app.state.office = replace(office, printer=PressAtHand(press))
    return made


@pytest.fixture
def company(service: Service, sessions: Sessions) -> Company:
    """Tells the service what others publish."""
    return Company(service, sessions)


@pytest.fixture
async def printer() -> AsyncIterator[Printer]:
    made = Printer(Limits(processes=1))
    yield made
    await made.closed()
