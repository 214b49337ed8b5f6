"""What we hand to the handlers besides a session: how accounts are numbered and how long."""

from dataclasses import dataclass
from datetime import datetime

from bank_gateway.domain.account import Terms, account_number, expiry
from bank_gateway.models import Invoice


@dataclass(frozen=True, slots=True)
class Contract:
    """Our agreement with the bank, and our own rule for overdue bills."""

    client_id: str
    prefix: str
    grace_days: int

    def number(self, sequence: int) -> str:
        return account_number(self.prefix, self.client_id, sequence)

    def terms(self, invoice: Invoice, now: datetime) -> Terms:
        """Ask for all that is open, payable through the grace after the due day."""
        return Terms(invoice.outstanding_idr, expiry(invoice.due_on, self.grace_days, now))
