"""What the simulated bank remembers; it survives a restart."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from bni_protocol import moments
from bni_protocol.fields import BillingType, Notification
from bni_sandbox.domain.billing import BillingStatus, is_settled
from shared.ids import new_id
from shared.tables import instant


class SandboxTable(SQLModel, registry=registry()):
    """Tables of the sandbox, apart from those of services in the same process."""


class Billing(SandboxTable, table=True):
    """One billing. The account number names a slot; ``trx_id`` names the billing, for ever."""

    __tablename__ = "billing"

    trx_id: str = Field(primary_key=True)
    virtual_account: str
    billing_type: str
    status: str = BillingStatus.ACTIVE
    trx_amount_idr: int = Field(sa_type=BigInteger)
    paid_idr: int = Field(default=0, sa_type=BigInteger)
    customer_name: str
    customer_email: str = ""
    customer_phone: str = ""
    description: str = ""
    expires_at: datetime = instant()
    created_at: datetime = instant()
    updated_at: datetime = instant()
    payment_ntb: str | None = None
    paid_at: datetime | None = instant(default=None)

    @property
    def kind(self) -> BillingType:
        return BillingType(self.billing_type)

    @property
    def rest_idr(self) -> int:
        return max(self.trx_amount_idr - self.paid_idr, 0)

    def touch(self, now: datetime) -> BillingStatus:
        """Let the billing expire if its time has come; whoever reads it calls this first."""
        if self.status == BillingStatus.ACTIVE and self.expires_at <= now:
            self.status = BillingStatus.EXPIRED
        return BillingStatus(self.status)

    def take(self, payment: "Payment") -> None:
        self.paid_idr = payment.cumulative_idr
        self.payment_ntb = payment.ntb
        self.paid_at = payment.paid_at
        if is_settled(self.kind, self.trx_amount_idr, self.paid_idr):
            self.status = BillingStatus.SETTLED

    def inquiry(self, client_id: str) -> dict[str, str | None]:
        """Give the twenty fields of an inquiry's answer."""
        facts: dict[str, str | None] = {
            "client_id": client_id,
            "trx_id": self.trx_id,
            "trx_amount": str(self.trx_amount_idr),
            "virtual_account": self.virtual_account,
            "customer_name": self.customer_name,
            "customer_phone": self.customer_phone,
            "customer_email": self.customer_email,
            "payment_ntb": self.payment_ntb,
            "payment_amount": str(self.paid_idr),
            "va_status": "1" if self.status == BillingStatus.ACTIVE else "2",
            "description": self.description,
            "billing_type": self.billing_type,
        }
        times = {
            "datetime_created": self.created_at,
            "datetime_expired": self.expires_at,
            "datetime_payment": self.paid_at,
            "datetime_last_updated": self.updated_at,
        }
        for name, moment in times.items():
            facts[name] = moments.plain(moment) if moment else None
            facts[f"{name}_iso8601"] = moments.iso(moment) if moment else None
        return facts


class Payment(SandboxTable, table=True):
    """Money the simulated bank took for a billing."""

    __tablename__ = "payment"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    trx_id: str = Field(foreign_key="billing.trx_id")
    ntb: str
    customer_name: str
    amount_idr: int = Field(sa_type=BigInteger)
    cumulative_idr: int = Field(sa_type=BigInteger)
    paid_at: datetime = instant()
    made_at: datetime = instant()

    def notification(self, billing: Billing) -> Notification:
        return Notification(
            trx_id=self.trx_id,
            virtual_account=billing.virtual_account,
            customer_name=self.customer_name,
            trx_amount_idr=billing.trx_amount_idr,
            payment_amount_idr=self.amount_idr,
            cumulative_idr=self.cumulative_idr,
            payment_ntb=self.ntb,
            paid_at=self.paid_at.replace(microsecond=0),
        )


class Delivery(SandboxTable, table=True):
    """A notification on its way: pending -> delivered | failed; withheld was never sent.

    Attributes:
        held: waits until another one has overtaken it.
        answer: what came back last; empty when nothing did.
        repeated: the client was told of this payment before; SNAP says so.
    """

    __tablename__ = "delivery"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    payment_id: UUID = Field(foreign_key="payment.id")
    members: dict[str, Any] = Field(sa_type=JSONB)
    state: str
    attempts: int = 0
    due_at: datetime | None = instant(default=None)
    leased_until: datetime | None = instant(default=None)
    ended_at: datetime | None = instant(default=None)
    held: bool = False
    repeated: bool = False
    answer: str = ""


class Request(SandboxTable, table=True):
    """One request a client made: what it asked, what it was told, and which fault struck it."""

    __tablename__ = "request"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    at: datetime = instant()
    operation: str
    trx_id: str
    status: str
    fault: str = ""


class ExternalId(SandboxTable, table=True):
    """A number that a SNAP request was known by; a client gives each once a day."""

    __tablename__ = "external_id"

    partner_id: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    number: str = Field(primary_key=True)


class Transfer(SandboxTable, table=True):
    """A line of the account that no virtual account explains: money in, money out, a fee."""

    __tablename__ = "transfer"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: str
    amount_idr: int = Field(sa_type=BigInteger)
    party: str
    remark: str
    journal_no: str
    booked_at: datetime = instant()
    made_at: datetime = instant()


class FaultSettings(SandboxTable, table=True):
    """The faults in force; one row."""

    __tablename__ = "fault_settings"

    id: int = Field(default=1, primary_key=True)
    faults: dict[str, Any] = Field(sa_type=JSONB)
