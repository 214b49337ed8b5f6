"""A payment as it is stored first, whoever told of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from bank_gateway.domain.gaps import Covered
from bank_gateway.domain.notice import Notice, Registered


class PaymentStatus(StrEnum):
    """``unmatched`` is money on a billing we never registered; nobody is told of it yet (C5)."""

    RECEIVED = "received"
    UNMATCHED = "unmatched"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPayment:
    """The columns of a payment that nobody has verified yet."""

    id: UUID
    client_id: str
    trx_id: str
    virtual_account: str
    virtual_account_id: UUID | None
    invoice_id: UUID | None
    plan_id: UUID | None
    customer_id: UUID | None
    billed_idr: int
    amount_idr: int
    cumulative_idr: int
    payment_ntb: str
    payer_name: str
    paid_at: datetime
    request_id: str | None = None
    received_at: datetime
    source: str = "callback"
    status: str = PaymentStatus.RECEIVED
    verification: str = "unverified"
    version: int = 1

    @classmethod
    def of(
        cls, payment_id: UUID, notice: Notice, registered: Registered | None, now: datetime
    ) -> "NewPayment":
        """Make the payment that a notice tells of; nobody's when the billing is unknown."""
        return cls(
            id=payment_id,
            client_id=notice.origin.client_id,
            trx_id=notice.trx_id,
            virtual_account=notice.virtual_account,
            virtual_account_id=registered.account_id if registered else None,
            invoice_id=registered.invoice_id if registered else None,
            plan_id=registered.plan_id if registered else None,
            customer_id=registered.customer_id if registered else None,
            billed_idr=notice.billed_idr,
            amount_idr=notice.amount_idr,
            cumulative_idr=notice.total_idr,
            payment_ntb=notice.payment_ntb,
            payer_name=notice.payer_name,
            paid_at=notice.paid_at,
            request_id=notice.request_id,
            received_at=now,
            status=PaymentStatus.RECEIVED if registered else PaymentStatus.UNMATCHED,
        )

    @property
    def interval(self) -> Covered:
        """The rupiah of its billing that it stands for."""
        lower = self.cumulative_idr - self.amount_idr
        return Covered(lower, self.cumulative_idr, self.paid_at)
