"""Payments as the bank told them, and messages that are not believed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from bank_gateway.domain.gaps import Covered
from bank_gateway.domain.payment import PaymentStatus
from bank_gateway.models.base import BankTable
from shared.ids import new_id
from shared.tables import instant

INQUIRY = "inquiry"
"""The source of a payment that no callback told of; it may stand for several (M8)."""


class Payment(BankTable, table=True):
    """One payment as the bank told it. Its interval of the billing is unique (M8).

    ``request_id`` is the bank's own name for it in SNAP BI; only signed messages have one.
    ``left_to_person`` while a person is asked about the billing, which we never registered.
    """

    __tablename__ = "payments"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    client_id: str
    trx_id: str
    virtual_account: str
    virtual_account_id: UUID | None = Field(default=None, foreign_key="virtual_accounts.id")
    invoice_id: UUID | None = Field(default=None, foreign_key="invoices.id")
    plan_id: UUID | None = None
    customer_id: UUID | None = Field(default=None, foreign_key="customers.id")
    billed_idr: int = Field(sa_type=BigInteger)
    amount_idr: int = Field(sa_type=BigInteger)
    cumulative_idr: int = Field(sa_type=BigInteger)
    payment_ntb: str
    payer_name: str
    paid_at: datetime = instant()
    request_id: str | None = None
    received_at: datetime = instant()
    source: str = "callback"
    status: str = PaymentStatus.RECEIVED
    verification: str = "unverified"
    left_to_person: bool = False
    version: int = Field(default=1, sa_type=BigInteger)

    @property
    def interval(self) -> Covered:
        """The rupiah of its billing that it stands for."""
        lower = self.cumulative_idr - self.amount_idr
        return Covered(lower, self.cumulative_idr, self.paid_at)


class QuarantinedNotice(BankTable, table=True):
    """A message that decodes but contradicts itself or us (C6); the decoded fields are kept.

    ``trx_id``, ``virtual_account``, ``amount_idr`` and ``paid_at`` are what it claims, empty where
    that cannot be read; ``virtual_account_id`` is the account of ours that a name leads to.
    """

    __tablename__ = "quarantined_notices"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    fingerprint: str
    trx_id: str
    contradiction: str
    virtual_account: str = ""
    virtual_account_id: UUID | None = Field(default=None, foreign_key="virtual_accounts.id")
    amount_idr: int = Field(default=0, sa_type=BigInteger)
    paid_at: datetime | None = instant(default=None)
    members: dict[str, Any] = Field(sa_type=JSONB)
    source: str
    times_seen: int = 1
    first_seen_at: datetime = instant()
    last_seen_at: datetime = instant()
    state: str = "quarantined"
