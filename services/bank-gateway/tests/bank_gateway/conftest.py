"""A bank-gateway on a fresh database, a bank that answers what the test says."""

import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlmodel import select

from bank_gateway.api import callback
from bank_gateway.api.callback import CallbackClerk
from bank_gateway.api.door import Door
from bank_gateway.domain.account import Terms
from bank_gateway.domain.bank import Inquiry, Outcome
from bank_gateway.domain.limits import Limits, Pace, questions_of_one
from bank_gateway.ecollection import outcome_of
from bank_gateway.handlers.accounts import ask_bank
from bank_gateway.handlers.attempt import Desk
from bank_gateway.handlers.invoices import follow_invoice, keep_customer
from bank_gateway.handlers.terms import Contract
from bank_gateway.main import build, build_door
from bank_gateway.models import BillingVersion, Invoice, Payment, VirtualAccount, Work
from bank_gateway.settings import Settings
from bank_gateway.vault import Vault
from bank_gateway.worker import BankWorker
from bni_protocol import envelope
from bni_protocol.cipher import Key
from bni_protocol.codes import Answer
from bni_protocol.fields import Billing, BillingState, Notification
from shared.clock import FrozenClock
from shared.contracts.customer import CustomerRegistered
from shared.contracts.invoicing import InvoiceIssued, InvoiceState
from shared.database import Sessions
from shared.events import parse
from shared.principal import Principal
from shared.service import Outside, Service
from shared.tables import OutboxEntry
from shared.testing import WAWAN

CLIENT_ID, SECRET, PREFIX = "001", "ea0c88921fb033387e66ef7d1e82ab83", "8"
KEY = Key(CLIENT_ID, SECRET)
SYSTEM = Principal.system("bank-gateway")
CONTRACT = Contract(CLIENT_ID, PREFIX, 90)
LIMITS = Limits(Pace.per_second(1000), Pace.per_hour(3600), questions_of_one(timedelta(minutes=15)))
CUSTOMER_ID = UUID(int=0xC0)


@dataclass
class ScriptedBank:
    """A bank that keeps billings in memory and fails as the test says."""

    clock: FrozenClock
    calls: list[str] = field(default_factory=list)
    script: list[Outcome] = field(default_factory=list)
    billings: dict[str, Billing] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    payments: dict[str, Notification] = field(default_factory=dict)

    async def create(self, billing: Billing) -> Outcome:
        self.calls.append("create")
        if (planned := self._planned()) is not None:
            return planned
        if billing.trx_id in self.billings:
            return outcome_of("105")
        self.billings[billing.trx_id] = billing
        return Outcome(Answer.DONE, "000", virtual_account=billing.virtual_account)

    async def update(self, billing: Billing) -> Outcome:
        self.calls.append("update")
        if (planned := self._planned()) is not None:
            return planned
        if self._over(self.billings[billing.trx_id]):
            return outcome_of("103")
        self.billings[billing.trx_id] = billing
        return Outcome(Answer.DONE, "000", virtual_account=billing.virtual_account)

    async def deactivate(self, trx_id: str, virtual_account: str) -> Outcome:
        self.calls.append("deactivate")
        if (planned := self._planned()) is not None:
            return planned
        self.closed.add(trx_id)
        return Outcome(Answer.DONE, "000", virtual_account=virtual_account)

    async def inquire(self, inquiry: Inquiry) -> Outcome:
        self.calls.append("inquire")
        if (planned := self._planned()) is not None:
            return planned
        billing = self.billings.get(inquiry.trx_id)
        if billing is None:
            return outcome_of("101")
        return Outcome(Answer.DONE, "000", state=self._state(billing))

    def _planned(self) -> Outcome | None:
        return self.script.pop(0) if self.script else None

    def _state(self, billing: Billing) -> BillingState:
        payment = self.payments.get(billing.trx_id)
        return BillingState(
            trx_id=billing.trx_id,
            virtual_account=billing.virtual_account,
            trx_amount_idr=billing.trx_amount_idr,
            paid_idr=payment.cumulative_idr if payment else 0,
            active=payment is None and not self._over(billing),
            payment_ntb=payment.payment_ntb if payment else None,
            paid_at=payment.paid_at if payment else None,
            expires_at=billing.expires_at,
        )

    def _over(self, billing: Billing) -> bool:
        return billing.trx_id in self.closed or billing.expires_at <= self.clock.now()


def patient(door: Door) -> Door:
    """Let a door take its time: how busy this machine is, is not what is tested."""
    door.answer_seconds = 60
    return door


class Bench:
    """The words the tests are told in."""

    def __init__(
        self, sessions: Sessions, clock: FrozenClock, worker: BankWorker, door: Door
    ) -> None:
        self.sessions, self.clock, self.worker = sessions, clock, worker
        self.door = patient(door)
        transport = httpx.ASGITransport(door, client=("127.0.0.1", 40000))
        self.http = httpx.AsyncClient(transport=transport, base_url="http://callback")

    @property
    def bank(self) -> ScriptedBank:
        assert isinstance(self.worker.bank, ScriptedBank)
        return self.worker.bank

    @asynccontextmanager
    async def served_by(self, door: Door) -> AsyncIterator[None]:
        """For a while, another door stands where the bank knocks."""
        transport = self.http._transport
        assert isinstance(transport, httpx.ASGITransport)
        transport.app = patient(door)
        yield
        transport.app = self.door
        await door.close()

    @property
    def clerk(self) -> CallbackClerk:
        """Who takes eCollection's callbacks."""
        found = self.door.clerks[callback.PATH]
        assert isinstance(found, CallbackClerk)
        return found

    async def handle(self, handler: Callable[..., Awaitable[None]], *arguments: Any) -> None:
        async with self.sessions.begin(SYSTEM) as session:
            await handler(*arguments, session)

    def customer_facts(self) -> dict[str, Any]:
        return {
            "number": "PLG-000001",
            "name": "Mahmud Sulaiman",
            "phone": "+6285611011330",
            "address": "Bogor",
            "email": None,
            "marketing_id": WAWAN.user_id,
            "marketing_name": "Bapak Wawan",
            "status": "active",
            "registered_at": self.clock.now(),
        }

    async def customer(self, customer_id: UUID = CUSTOMER_ID, **changes: Any) -> None:
        facts = self.customer_facts() | changes
        event = CustomerRegistered.of(1, self.clock.now(), customer_id, **facts)
        await self.handle(keep_customer, event)

    def invoice(self, kind: type[InvoiceState] = InvoiceIssued, **changes: Any) -> InvoiceState:
        facts = {
            "number": "INV/2026/11/000001",
            "customer_id": CUSTOMER_ID,
            "booking_id": None,
            "plan_id": None,
            "plan_line_no": None,
            "plan_kind": None,
            "title": "Angsuran 1",
            "status": "issued",
            "issued_at": self.clock.now(),
            "due_on": date(2026, 12, 12),
            "total_idr": 1_250_000,
            "paid_idr": 0,
            "lines": [],
            **changes,
        }
        version, invoice_id = facts.pop("version", 1), facts.pop("id", None) or uuid4()
        return kind.of(version, self.clock.now(), invoice_id, **facts)

    async def follow(self, event: InvoiceState) -> None:
        await self.handle(follow_invoice, CONTRACT, event)

    async def issue(self, **changes: Any) -> VirtualAccount:
        """A known customer's bill is issued; its account is requested, nobody called yet."""
        await self.customer()
        event = self.invoice(**changes)
        await self.follow(event)
        return await self.account(event.aggregate_id)

    async def register(self, kinds: str) -> list[VirtualAccount]:
        """Billings of these types that the bank has opened, as the worker would leave them."""
        await self.customer()
        now, expires_at = self.clock.now(), self.clock.now() + timedelta(days=30)
        accounts: list[VirtualAccount] = []
        async with self.sessions.begin(SYSTEM) as session:
            for kind in kinds:
                invoice = Invoice(
                    id=uuid4(), customer_id=CUSTOMER_ID, number="INV/1", title="Angsuran",
                    status="issued", due_on=date(2026, 12, 12), total_idr=1000, paid_idr=0,
                    version=1,
                )  # fmt: skip
                account = VirtualAccount(
                    invoice_id=invoice.id, customer_id=CUSTOMER_ID, trx_id=f"T{uuid4().hex[:20]}",
                    account_number=f"8001{uuid4().int % 10**12:012}", billing_type=kind,
                    holder_name="Mahmud Sulaiman", amount_idr=0 if kind == "o" else 1000,
                    expires_at=expires_at, status="active", created_at=now, updated_at=now,
                )  # fmt: skip
                version = BillingVersion(
                    virtual_account_id=account.id, no=1, amount_idr=account.amount_idr,
                    expires_at=expires_at, registered_at=now,
                )  # fmt: skip
                for row in (invoice, account, version):
                    session.add(row)
                    await session.flush()
                accounts.append(account)
        return accounts

    async def ask_for(self, account: VirtualAccount, amount_idr: int) -> None:
        """A billing that the bank has opened asks for another amount, and the bank knows."""
        async with self.sessions.begin(SYSTEM) as session:
            held = await session.get(VirtualAccount, account.id)
            assert held is not None
            held.amount_idr = amount_idr
            version = BillingVersion(
                virtual_account_id=account.id, no=2, amount_idr=amount_idr,
                expires_at=account.expires_at, registered_at=self.clock.now(),
            )  # fmt: skip
            session.add(version)

    async def open(self, **changes: Any) -> VirtualAccount:
        """The same, and the bank has opened the account."""
        account = await self.issue(**changes)
        await self.work()
        return await self.account(account.invoice_id)

    async def work(self, steps: int = 30) -> None:
        """Let the worker do everything that is due now."""
        for _ in range(steps):
            if await self.worker.step() != timedelta():
                return

    async def heal(self, **amounts: float) -> None:
        self.clock.advance(timedelta(**amounts))
        await self.work()

    async def ask(self, account: VirtualAccount) -> None:
        """A person wants to know what the bank says of an account."""
        await self.handle(ask_bank, account.id)

    async def account(self, invoice_id: UUID) -> VirtualAccount:
        async with self.sessions.begin(SYSTEM) as session:
            query = select(VirtualAccount).where(VirtualAccount.invoice_id == invoice_id)
            return sorted((await session.exec(query)).all(), key=lambda a: a.id)[-1]

    async def rows(self, model: Any) -> list[Any]:
        async with self.sessions.begin(SYSTEM) as session:
            return list((await session.exec(select(model))).all())

    async def events(self, *prefixes: str) -> list[Any]:
        """Everything published, in order; only the given types when some are named."""
        entries = sorted(await self.rows(OutboxEntry), key=lambda entry: entry.position)
        events = [parse(entry.routing_key, entry.body) for entry in entries]
        return [e for e in events if not prefixes or e.TYPE.startswith(prefixes)]

    def bank_has(self, account: VirtualAccount) -> None:
        """The billing exists at the bank, whatever we know of it."""
        terms = Terms(account.amount_idr, account.expires_at)
        self.bank.billings[account.trx_id] = account.billing(terms, "INV")

    def pay(self, account: VirtualAccount, **changes: Any) -> dict[str, str]:
        """The bank takes a payment; give the members of its notification."""
        notice = Notification(
            trx_id=account.trx_id,
            virtual_account=account.account_number,
            customer_name=account.holder_name.upper(),
            trx_amount_idr=account.amount_idr,
            payment_amount_idr=account.amount_idr,
            cumulative_idr=account.amount_idr,
            payment_ntb="012345",
            paid_at=datetime.fromisoformat("2026-11-23T09:00:00+07:00"),
        )
        self.bank.payments[account.trx_id] = notice
        return notice.members() | changes

    async def call_back(self, members: dict[str, Any], **envelope_changes: Any) -> httpx.Response:
        sealed = envelope.seal(members, KEY, int(self.clock.now().timestamp()))
        body = json.loads(sealed) | envelope_changes
        return await self.http.post("/bni/ecollection/callback", json=body)

    async def told(self, members: dict[str, Any]) -> str:
        return str((await self.call_back(members)).json()["status"])

    async def payments(self) -> list[Payment]:
        return sorted(await self.rows(Payment), key=lambda payment: payment.id)

    async def work_left(self) -> set[str]:
        return {work.kind for work in await self.rows(Work)}


@pytest.fixture(scope="session")
def service_folder() -> Path:
    return Path(__file__).parents[2]


@pytest.fixture
def settings_of(common_settings: dict[str, Any]) -> Callable[..., Settings]:
    """Settings of the agreement that the tests share, and whatever is named besides."""
    agreement = {
        "vault_keys": base64.b64encode(b"k" * 32).decode(),
        "base_url": "http://127.0.0.1:1",
        "client_id": CLIENT_ID,
        "secret_key": SECRET,
        "prefix": PREFIX,
        "allowed_networks": "127.0.0.0/8",
    }
    return lambda **more: Settings(**(common_settings | agreement | more))


@pytest.fixture
def settings(settings_of: Callable[..., Settings]) -> Settings:
    return settings_of()


@pytest.fixture
def service(settings: Settings, outside: Outside) -> Service:
    return build(settings, outside)


@pytest.fixture
async def bench(
    settings: Settings, service: Service, sessions: Sessions, clock: FrozenClock
) -> AsyncIterator[Bench]:
    async def no_sleep(_: float) -> None:
        return None

    worker = BankWorker(
        sessions,
        ScriptedBank(clock),
        Desk(CONTRACT, Random(7)),
        Vault.parse(settings.vault_keys.get_secret_value()),
        LIMITS,
        no_sleep,
    )
    made = Bench(sessions, clock, worker, build_door(settings, sessions))
    yield made
    await made.http.aclose()
    await made.door.close()
    await service.engine.dispose()
