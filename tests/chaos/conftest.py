from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from town import Town, open_town
from town.agreement import Protocol

from shared.clock import FrozenClock
from shared.testing import Templates
from shared.testing.plugin import NOW

settings.register_profile("long", max_examples=300, stateful_step_count=40)
"""``--hypothesis-profile=long``: as many fates as there is time for."""

SERVICES = Path(__file__).parents[2] / "services"
FOLDERS = {
    "invoicing": SERVICES / "invoicing",
    "bank-gateway": SERVICES / "bank-gateway",
    "reconciliation": SERVICES / "reconciliation",
    "bni-sandbox": SERVICES / "bank-gateway" / "migrations" / "bni_sandbox",
    "reporting": SERVICES / "reporting",
}


@pytest.fixture(scope="session")
def town_templates(templates: Templates) -> Templates:
    """The templates of everybody who lives in the town."""
    for folder in FOLDERS.values():
        asyncio.run(templates.migrate(folder))
        templates.upgrade(folder)
    return templates


@pytest.fixture
def fresh_town(
    town_templates: Templates, keys: tuple[str, str]
) -> Callable[..., AbstractAsyncContextManager[Town]]:
    """``async with fresh_town() as town``: fresh databases, and the clock at its beginning.

    Reporting lives there only where it is wanted: everybody else is quicker without it.
    """

    @asynccontextmanager
    async def opened(
        *,
        reporting: bool = False,
        hands: int = 1,
        protocol: Protocol = "ecollection",
        **invoicing: Any,
    ) -> AsyncIterator[Town]:
        living = [name for name in FOLDERS if reporting or name != "reporting"]
        made = {name: await town_templates.clone(FOLDERS[name]) for name in living}
        try:
            clock = FrozenClock(NOW)
            async with open_town(made, clock, keys, hands, protocol, **invoicing) as town:
                yield town
        finally:
            for database in made.values():
                await town_templates.drop(database)

    return opened


@pytest.fixture
async def town(fresh_town: Callable[..., AbstractAsyncContextManager[Town]]) -> AsyncIterator[Town]:
    """One town."""
    async with fresh_town() as opened:
        yield opened
