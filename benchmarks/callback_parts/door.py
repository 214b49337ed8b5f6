"""The bank-gateway's real door as a process, without the service's other work.

    BANK_GATEWAY_DATABASE_URL=... python -m callback_parts.door [--watch]

The settings are the service's own. What else the whole service does at the same time (relay,
questions to the bank) is not in this process. Watched, it prints at the end where its time went.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict

import uvloop

from bank_gateway.api.callback import CallbackClerk
from bank_gateway.api.door import Door
from bank_gateway.main import build_door
from bank_gateway.settings import Settings
from callback_parts.notices import PATH
from callback_parts.serving import serve
from callback_parts.watching import Sampler, Seconds, WatchedLane, medians_ms
from shared.clock import SystemClock
from shared.database import Sessions, make_engine, plain_url
from shared.logs import configure


async def main(settings: Settings, watch: bool) -> None:
    engine = make_engine(settings.database_url.get_secret_value())
    door = build_door(settings, Sessions(engine, SystemClock()))
    serving = _serve_watched if watch else _serve
    await serving(door, settings)
    await engine.dispose()


async def _serve(door: Door, settings: Settings) -> None:
    await serve(door, settings.public_listen, door.close)


async def _serve_watched(door: Door, settings: Settings) -> None:
    clerk = door.clerks[PATH]
    assert isinstance(clerk, CallbackClerk)
    url = plain_url(settings.database_url.get_secret_value())
    seconds: Seconds = defaultdict(list)
    together = clerk.intake.together
    together.lanes = [WatchedLane(url, seconds) for _ in together.lanes]
    sampler = Sampler()
    sampler.start()
    await _serve(door, settings)
    sampler.stop()
    print(json.dumps({"parts": sampler.parts, "statements_ms": medians_ms(seconds)}))


if __name__ == "__main__":
    configure("warning")
    uvloop.run(main(Settings(), "--watch" in sys.argv))
