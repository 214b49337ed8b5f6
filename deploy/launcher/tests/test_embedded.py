"""All services in one process."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence

from launcher import embedded
from shared.clock import SystemClock
from shared.service import Service


async def test_what_one_run_sets_does_not_reach_the_next() -> None:
    """The demo is loaded in a hurry, by settings that the run after it must not have."""
    name, seen, stopping = "RECONCILIATION_CLOSE_DAYS", [], asyncio.Event()

    async def look(_: Sequence[Service]) -> None:
        seen.append(os.environ.get(name))
        stopping.set()

    await embedded.run_together((), {name: "false"}, SystemClock(), look, stopping)

    assert seen == ["false"]
    assert name not in os.environ
