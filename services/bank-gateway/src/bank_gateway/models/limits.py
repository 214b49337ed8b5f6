"""What all workers of all processes share: how fast, what is paused, whether the bank is well."""

from datetime import datetime

from sqlmodel import Field

from bank_gateway.domain.breaker import Breaker
from bank_gateway.models.base import BankTable
from shared.tables import instant


class PaceState(BankTable, table=True):
    """How far ahead the calls of one kind are taken, by all workers together."""

    __tablename__ = "paces"

    subject: str = Field(primary_key=True)
    free_at: datetime = instant()


class CallPause(BankTable, table=True):
    """An operation that the bank wants no more of for now; the others go on."""

    __tablename__ = "call_pauses"

    call: str = Field(primary_key=True)
    until: datetime = instant()


class BreakerState(BankTable, table=True):
    """The one circuit breaker towards the bank (R1)."""

    __tablename__ = "breaker"

    id: bool = Field(default=True, primary_key=True)
    failures: int = 0
    probe_at: datetime | None = instant(default=None)

    @property
    def breaker(self) -> Breaker:
        return Breaker(self.failures, self.probe_at)
