"""Whether an account may be paid when the bank asks before it takes money (SNAP BI, 5.4)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bank_gateway.domain.account import VaStatus, closes_by_itself
from bni_protocol.fields import BillingType

_NEVER_OR_NO_MORE = frozenset({VaStatus.CANCELLED, VaStatus.FAILED})


class Hindrance(StrEnum):
    """Why a payer is turned away."""

    UNKNOWN = "unknown"
    CLOSED = "closed"
    PAID = "paid"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An account as it stands.

    Attributes:
        asked_idr: what we asked for last, paid parts included; 0 when the payer decides.
        paid_idr: what was paid on it so far.
        owed_idr: what is open of the bills that it serves.
    """

    status: VaStatus
    kind: BillingType
    wanted_closed: bool
    asked_idr: int
    paid_idr: int
    owed_idr: int
    expires_at: datetime

    @property
    def open_idr(self) -> int:
        """Give what a payer is asked for; where he decides himself, what he owes."""
        if self.kind is BillingType.OPEN:
            return self.owed_idr
        part = self.paid_idr if self.kind is BillingType.INSTALLMENT else 0
        return max(self.asked_idr - part, 0)

    def hindrance(self, now: datetime) -> Hindrance | None:
        """Find why it cannot be paid now; paid before all else, as that is what a payer asks."""
        if self.status is VaStatus.PAID or closes_by_itself(
            self.kind, self.asked_idr, self.paid_idr
        ):
            return Hindrance.PAID
        if self.status in _NEVER_OR_NO_MORE or self.wanted_closed:
            return Hindrance.CLOSED
        if self.status is VaStatus.EXPIRED or now > self.expires_at:
            return Hindrance.EXPIRED
        return None
