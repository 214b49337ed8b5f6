"""Virtual accounts, and our copies of the customers and bills that they serve."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field

from bank_gateway.domain.account import UNCONFIRMED, Terms, VaMode, VaStatus, bank_name
from bank_gateway.models.base import BankTable
from bni_protocol.fields import Billing, BillingType
from bni_protocol.text import DESCRIPTION_MAX, printable_ascii
from shared.ids import new_id
from shared.tables import computed_id, instant


class Customer(BankTable, table=True):
    """What we need of a customer: his name for the bank, his Marketing for the scope, and whether
    he is still one."""

    __tablename__ = "customers"

    id: UUID = Field(primary_key=True)
    name: str
    marketing_id: UUID
    marketing_name: str
    status: str = "active"
    version: int = Field(sa_type=BigInteger)


class Invoice(BankTable, table=True):
    """What we need of a bill: how much is open, until when."""

    __tablename__ = "invoices"
    __mapper_args__: ClassVar[dict[str, Any]] = {"eager_defaults": True}  # va_owner_id

    id: UUID = Field(primary_key=True)
    customer_id: UUID = Field(foreign_key="customers.id")
    number: str
    title: str
    status: str
    due_on: date
    total_idr: int = Field(sa_type=BigInteger)
    paid_idr: int = Field(sa_type=BigInteger)
    plan_id: UUID | None = None
    va_mode: str = VaMode.INVOICE
    va_owner_id: UUID | None = computed_id(
        "CASE va_mode WHEN 'customer' THEN customer_id"
        " WHEN 'contract' THEN coalesce(plan_id, id) ELSE id END"
    )
    version: int = Field(sa_type=BigInteger)

    @property
    def mode(self) -> VaMode:
        """Say whose account it is paid to; a bill without a contract has at most its own."""
        mode = VaMode(self.va_mode)
        return VaMode.INVOICE if mode is VaMode.CONTRACT and self.plan_id is None else mode

    @property
    def outstanding_idr(self) -> int:
        """Give what a payer may still pay; nothing for a draft or a cancelled bill."""
        open_bill = self.status in {"issued", "partially_paid"}
        return self.total_idr - self.paid_idr if open_bill else 0


class VirtualAccount(BankTable, table=True):
    """One billing at the bank. Amount and expiry are those the bank has confirmed last.

    Attributes:
        mode: whose bills it serves: that of ``invoice_id``, those of ``plan_id``, or all that the
            customer pays to his own account; ``va_owner_id`` is the one that it names.
        account_number: ours to propose before the call, the bank's once it has answered.
        wanted_closed: the bill needs no money any more; close as soon as the bank lets us.
        extended_at: when the bank last agreed to a later end than before.
        bank_status, bank_paid_idr, asked_at: what the last inquiry said, and when.
    """

    __tablename__ = "virtual_accounts"
    __mapper_args__: ClassVar[dict[str, Any]] = {"eager_defaults": True}  # va_owner_id

    id: UUID = Field(default_factory=new_id, primary_key=True)
    mode: str = VaMode.INVOICE
    invoice_id: UUID | None = Field(default=None, foreign_key="invoices.id")
    plan_id: UUID | None = None
    customer_id: UUID = Field(foreign_key="customers.id")
    va_owner_id: UUID | None = computed_id("coalesce(invoice_id, plan_id, customer_id)")
    trx_id: str
    account_number: str
    billing_type: str = BillingType.FIXED
    holder_name: str
    amount_idr: int = Field(sa_type=BigInteger)
    expires_at: datetime = instant()
    status: str = VaStatus.REQUESTED
    extended_at: datetime | None = instant(default=None)
    trouble: str | None = None
    wanted_closed: bool = False
    bank_status: str | None = None
    bank_paid_idr: int | None = Field(default=None, sa_type=BigInteger)
    asked_at: datetime | None = instant(default=None)
    version: int = Field(default=1, sa_type=BigInteger)
    created_at: datetime = instant()
    updated_at: datetime = instant()

    @property
    def kind(self) -> BillingType:
        return BillingType(self.billing_type)

    @property
    def number(self) -> str | None:
        """Give the account number once the bank has confirmed it."""
        return None if self.status in UNCONFIRMED else self.account_number

    @property
    def bank_name(self) -> str:
        """Spell its holder as the bank shows him to a payer."""
        return bank_name(self.holder_name)

    def billing(self, terms: Terms, description: str) -> Billing:
        """Spell the account for the bank, in printable ASCII of bounded length."""
        return Billing(
            trx_id=self.trx_id,
            trx_amount_idr=terms.amount_idr,
            billing_type=self.kind,
            customer_name=self.bank_name,
            virtual_account=self.account_number,
            expires_at=terms.expires_at,
            description=printable_ascii(description, DESCRIPTION_MAX),
        )


class BillingVersion(BankTable, table=True):
    """Terms we asked the bank for; a notification must agree with one of them (C4)."""

    __tablename__ = "billing_versions"

    virtual_account_id: UUID = Field(primary_key=True, foreign_key="virtual_accounts.id")
    no: int = Field(primary_key=True)
    amount_idr: int = Field(sa_type=BigInteger)
    expires_at: datetime = instant()
    registered_at: datetime = instant()

    @property
    def terms(self) -> Terms:
        return Terms(self.amount_idr, self.expires_at)
