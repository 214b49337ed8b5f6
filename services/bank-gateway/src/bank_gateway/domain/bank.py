"""The port to the bank: what we ask of it, and how its answers sort."""

from dataclasses import dataclass
from typing import Protocol

from bni_protocol.codes import Answer
from bni_protocol.fields import Billing, BillingState


@dataclass(frozen=True, slots=True)
class Outcome:
    """One exchange with the bank, sorted by what to do next.

    Attributes:
        status: the bank's code, empty when it gave none.
        reached: False when the request certainly never arrived.
        state: what the bank knows of the billing, after an inquiry that succeeded.
        virtual_account: the number the bank answered with, after create and update.
        sent, received: the raw bodies, to be stored encrypted (C9).
    """

    answer: Answer
    status: str = ""
    reached: bool = True
    state: BillingState | None = None
    virtual_account: str = ""
    sent: bytes = b""
    received: bytes = b""


class Bank(Protocol):
    """A bank that keeps virtual accounts; eCollection is one, SNAP will be another.

    No method raises for anything the network or the bank does: the outcome says it.
    """

    async def create(self, billing: Billing) -> Outcome: ...

    async def update(self, billing: Billing) -> Outcome: ...

    async def inquire(self, trx_id: str) -> Outcome: ...

    async def deactivate(self, trx_id: str, virtual_account: str) -> Outcome: ...
