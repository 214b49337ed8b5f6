"""Money that came, and what it paid."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field

from reconciliation.domain import payment as rules
from reconciliation.domain.payment import PaymentStatus, Verification
from reconciliation.models.base import ReconciliationTable
from shared.contracts.bank_gateway import Channel
from shared.ids import new_id
from shared.money import Rupiah
from shared.tables import instant


class Payment(ReconciliationTable, table=True):
    """Money that came. ``allocated_idr`` is kept by triggers, never by code (M5).

    So are ``disposed_idr``, what was returned or written off, and the customer of money that came
    without one: a decision says whose it is.

    ``invoice_id`` is the invoice it was made for, ``plan_id`` the contract; neither need be known
    here yet.
    Which source saw it is told by its sightings.

    A split payment (ADR-0029) stays what the bank saw; ``split_idr``, kept by triggers, is all of
    it then. What it was split into are payments that name it (``part_of``) and the decision.
    """

    __tablename__ = "payments"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    customer_id: UUID | None
    invoice_id: UUID | None
    plan_id: UUID | None = None
    channel: str
    virtual_account: str
    trx_id: str
    bank_reference: str
    payer_name: str
    amount_idr: int = Field(sa_type=BigInteger)
    allocated_idr: int = Field(default=0, sa_type=BigInteger)
    disposed_idr: int = Field(default=0, sa_type=BigInteger)
    part_of: UUID | None = None
    split_by: UUID | None = None
    split_idr: int = Field(default=0, sa_type=BigInteger)
    paid_at: datetime = instant()
    received_at: datetime = instant()
    verification: str = Verification.UNVERIFIED
    trouble: str | None = None
    reversed_at: datetime | None = instant(default=None)
    version: int = 0

    @property
    def amount(self) -> Rupiah:
        return Rupiah(self.amount_idr)

    @property
    def made_for(self) -> UUID | None:
        """The invoice or the contract that it was made for, when one is known."""
        return self.invoice_id or self.plan_id

    @property
    def unallocated(self) -> Rupiah:
        """What is credit, or suspense; nothing once it is reversed, split, returned or so."""
        if self.reversed_at is not None:
            return Rupiah(0)
        gone = self.allocated_idr + self.disposed_idr + self.split_idr
        return Rupiah(self.amount_idr - gone)

    @property
    def status(self) -> PaymentStatus:
        """Where it stands for whoever looks at money: its parts count instead of a split one."""
        return rules.status_of(
            Rupiah(self.amount_idr),
            Rupiah(self.allocated_idr),
            reversed_=self.reversed_at is not None or self.split_idr > 0,
        )

    @property
    def money_channel(self) -> Channel:
        """How it came; the database knows no other words."""
        return cast(Channel, self.channel)


class Allocation(ReconciliationTable, table=True):
    """What one invoice got of one payment; insert-only, live until a reversal names it."""

    __tablename__ = "allocations"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    payment_id: UUID
    invoice_id: UUID
    customer_id: UUID
    amount_idr: int = Field(sa_type=BigInteger)
    allocated_at: datetime = instant()
    allocated_by: str
    resolution_id: UUID | None = None


class AllocationReversal(ReconciliationTable, table=True):
    """An allocation that counts no more; insert-only, at most one per allocation (M3)."""

    __tablename__ = "allocation_reversals"

    allocation_id: UUID = Field(primary_key=True)
    customer_id: UUID
    reason: str
    reversed_at: datetime = instant()
    reversed_by: str
