"""The parent of all answers and the page of a list."""

from __future__ import annotations

from typing import Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """Frozen; fields that a service adds later are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Named(Answer):
    """Somebody or something with an id and a name."""

    id: UUID
    name: str


Item = TypeVar("Item", bound=Answer)


class Page(Answer, Generic[Item]):
    """One page of a list; ``next_cursor`` asks for the following one."""

    items: tuple[Item, ...] = ()
    next_cursor: str | None = None
    total: int = 0
