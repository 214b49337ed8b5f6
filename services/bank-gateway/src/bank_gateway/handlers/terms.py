"""What we hand to the handlers besides a session: how accounts are numbered and how long."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bank_gateway.domain.account import account_number, expiry
from bank_gateway.domain.renewal import Renewal

MONTH_BEFORE_FOR_A_YEAR = Renewal(before=timedelta(days=30), by=timedelta(days=365))


@dataclass(frozen=True, slots=True)
class Contract:
    """Our agreement with the bank, and our own rules for overdue bills and lasting accounts."""

    client_id: str
    prefix: str
    grace_days: int
    permanent_days: int = 3650
    renewal: Renewal = MONTH_BEFORE_FOR_A_YEAR

    def number(self, sequence: int) -> str:
        return account_number(self.prefix, self.client_id, sequence)

    def expiry(self, due_on: date, now: datetime) -> datetime:
        """Keep a bill payable through the grace after its due day."""
        return expiry(due_on, self.grace_days, now)

    def permanent_until(self, now: datetime) -> datetime:
        """Give the expiry of a customer's own account; the bank wants one."""
        return now.replace(microsecond=0) + timedelta(days=self.permanent_days)
