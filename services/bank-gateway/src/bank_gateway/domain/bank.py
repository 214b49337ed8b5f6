"""The port to the bank: what we ask of it, and how its answers sort."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bni_protocol.codes import Answer
from bni_protocol.fields import Billing, BillingState


class Finding(StrEnum):
    """What the bank says beside "no" or "not now", whatever the code it says it with."""

    NOT_FOUND = "not_found"
    NUMBER_IN_USE = "number_in_use"
    OVER_LIMIT = "over_limit"
    INQUIRY_LIMIT = "inquiry_limit"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A billing to ask about.

    Attributes:
        virtual_account: its number as we know it.
        since: when we registered it, so that no payment of it is older; None when we never did.
        billed_idr: what the bank confirmed last that it asks for; 0 when we never registered it.
        paid_at: when a payment of it was made that we were told of, if that is why we ask.
    """

    trx_id: str
    virtual_account: str
    since: datetime | None = None
    paid_at: datetime | None = None
    billed_idr: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """One exchange with the bank, sorted by what to do next.

    Attributes:
        status: the bank's code, empty when it gave none; for people and records, not to decide by.
        finding: what the code says that something depends on.
        no_effect: the request certainly changed nothing, as if it had never been made.
        state: what the bank knows of the billing, after an inquiry that succeeded.
        virtual_account: the number the bank answered with, after create and update.
        sent, received: the raw bodies, to be stored encrypted (C9).
    """

    answer: Answer
    status: str = ""
    finding: Finding | None = None
    no_effect: bool = False
    state: BillingState | None = None
    virtual_account: str = ""
    sent: bytes = b""
    received: bytes = b""

    @property
    def not_found(self) -> bool:
        """The bank knows no such billing."""
        return self.finding is Finding.NOT_FOUND

    @property
    def number_in_use(self) -> bool:
        """Another live billing holds the account number; ours was not created."""
        return self.finding is Finding.NUMBER_IN_USE

    @property
    def over_limit(self) -> bool:
        """The bank is well, it only wants less of us."""
        return self.finding in {Finding.OVER_LIMIT, Finding.INQUIRY_LIMIT}

    @property
    def over_inquiry_limit(self) -> bool:
        """It answers no more inquiries for a while; anything else may go on."""
        return self.finding is Finding.INQUIRY_LIMIT


class Bank(Protocol):
    """A bank that keeps virtual accounts. Nobody behind the port can tell which protocol it is.

    No method raises for anything the network or the bank does: the outcome says it.
    """

    async def create(self, billing: Billing) -> Outcome: ...

    async def update(self, billing: Billing) -> Outcome: ...

    async def inquire(self, inquiry: Inquiry) -> Outcome: ...

    async def deactivate(self, trx_id: str, virtual_account: str) -> Outcome: ...
