"""What the routes and the door work with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from gateway.handlers.description import Description
from gateway.handlers.passwords import Passwords
from gateway.handlers.sign_in import Keys
from gateway.handlers.throttle import Place
from gateway.handlers.upstreams import Upstreams
from gateway.settings import Settings
from shared.database import Session
from shared.errors import Unavailable
from shared.principal import Principal
from shared.service import Service

SOURCE: ContextVar[str] = ContextVar("source", default="?")
"""The address that the present request came from; the door sets it (P1)."""

AGENT: ContextVar[str] = ContextVar("agent", default="")
"""What the present request's browser calls itself; the door sets it."""

CREDENTIAL = "X-Lunas-Credential"
"""Names the credential that a request to the gateway's own app came with."""


def place_of(browser: str = "") -> Place:
    """Give where the present request comes from."""
    return Place(SOURCE.get(), browser, AGENT.get())


@dataclass(frozen=True)
class House:
    """The parts that ``main`` builds once."""

    service: Service
    settings: Settings
    keys: Keys
    upstreams: Upstreams
    description: Description

    @property
    def passwords(self) -> Passwords:
        """Where passwords are hashed and checked."""
        return self.keys.passwords

    def requires_second_factor(self, principal: Principal) -> bool:
        """Tell whether somebody may work only with a second factor."""
        return principal.role == "admin" and self.settings.admin_second_factor

    @asynccontextmanager
    async def transaction(self, principal: Principal) -> AsyncIterator[Session]:
        """One transaction of the door itself; it commits at the end.

        Raises:
            Unavailable: the database cannot be asked now (R7, R8).
        """
        try:
            async with self.service.sessions.begin(principal) as session:
                yield session
        except (OperationalError, InterfaceError, PoolExhausted, OSError) as error:
            raise Unavailable from error


def _house(request: Request) -> House:
    house: House = request.app.state.house
    return house


TheHouse = Annotated[House, Depends(_house)]
