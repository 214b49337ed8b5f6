"""The envelope of every event (E4) and the register of event types."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared import context
from shared.errors import Invalid
from shared.ids import new_id

REGISTER: dict[str, type[Event]] = {}
"""Every event class by its routing key; filled when ``shared.contracts`` is imported."""


class UnknownEvent(Invalid):
    """A routing key that no contract declares; an unknown major version is one (E4)."""

    detail = "Peristiwa {routing_key!r} tidak dikenal."


class Event(BaseModel):
    """A fact, in full: frozen, ignores fields it does not know, carries the envelope."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    TYPE: ClassVar[str]
    VERSION: ClassVar[int] = 1

    event_id: UUID = Field(default_factory=new_id)
    occurred_at: AwareDatetime
    aggregate_id: UUID
    aggregate_version: int = Field(ge=1)
    correlation_id: str = Field(default_factory=context.correlation_id)
    causation_id: UUID | None = Field(default_factory=context.causation_id)

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if "TYPE" in cls.__dict__:
            REGISTER[cls.routing_key()] = cls

    @classmethod
    def routing_key(cls) -> str:
        """Give ``payment.reconciled.v1`` and the like."""
        return f"{cls.TYPE}.v{cls.VERSION}"

    @classmethod
    def of(cls, version: int, at: datetime, aggregate_id: UUID, /, **payload: Any) -> Self:
        """Build an event from the envelope's three facts and the payload."""
        return cls(aggregate_id=aggregate_id, aggregate_version=version, occurred_at=at, **payload)


def parse(routing_key: str, body: bytes | str) -> Event:
    """Read an event from the wire.

    Raises:
        UnknownEvent: no contract has this routing key.
        ValueError: the body does not fit the contract.
    """
    try:
        contract = REGISTER[routing_key]
    except KeyError:
        raise UnknownEvent(routing_key=routing_key) from None
    return contract.model_validate_json(body)
