"""Where the processor time of the door goes, and how long it waits for PostgreSQL.

The kernel interrupts the process after each so many milliseconds of processor time; whatever part
of the program is on the stack then, innermost first, gets them. The parts of PostgreSQL's time are
the statements' own, as the client waits for them.
"""

from __future__ import annotations

import signal
import statistics
from collections import Counter, defaultdict
from types import FrameType
from typing import Any

import asyncpg

from bank_gateway.store.intake import Lane

EVERY_SECONDS = 0.002
_PARTS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("envelope, cipher", "bni_protocol/envelope.py", frozenset()),
    ("envelope, cipher", "bni_protocol/cipher.py", frozenset()),
    ("fields, checks", "bni_protocol/", frozenset()),
    ("fields, checks", "bank_gateway/domain/", frozenset()),
    ("fields, checks", "handlers/callback.py", frozenset()),
    ("sealing", "bank_gateway/vault.py", frozenset()),
    ("event, rows", "handlers/events.py", frozenset()),
    ("event, rows", "handlers/intake.py", frozenset({"entry_of"})),
    ("event, rows", "shared/ids.py", frozenset()),
    ("PostgreSQL client", "asyncpg/", frozenset()),
    ("PostgreSQL client", "store/intake.py", frozenset()),
    ("batches", "handlers/intake.py", frozenset()),
    ("batches", "handlers/together.py", frozenset()),
    ("counters", "prometheus_client/", frozenset()),
    ("the door", "bank_gateway/api/", frozenset()),
    ("the door", "shared/context.py", frozenset()),
    ("HTTP", "uvicorn/", frozenset()),
)
_REST = "event loop, rest"
_STATEMENTS = {"SELECT": "look up", "WITH": "insert and commit"}


class Sampler:
    """Counts by part of the program; only in the main thread."""

    def __init__(self) -> None:
        self.parts: Counter[str] = Counter()
        self._known: dict[Any, str | None] = {}

    def start(self) -> None:
        signal.signal(signal.SIGPROF, self._look)
        signal.siginterrupt(signal.SIGPROF, False)
        signal.setitimer(signal.ITIMER_PROF, EVERY_SECONDS, EVERY_SECONDS)

    def stop(self) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)

    def _look(self, _number: int, frame: FrameType | None) -> None:
        while frame is not None:
            code = frame.f_code
            if code not in self._known:
                self._known[code] = _part(code.co_filename, code.co_name)
            part = self._known[code]
            if part is not None:
                self.parts[part] += 1
                return
            frame = frame.f_back
        self.parts[_REST] += 1


def _part(filename: str, name: str) -> str | None:
    for part, path, names in _PARTS:
        if path in filename and (not names or name in names):
            return part
    return None


Seconds = defaultdict[str, list[float]]
"""How long each statement took, by what it does."""


class WatchedLane(Lane):
    """A lane of the door's that notes how long its connection waits for each statement."""

    def __init__(self, dsn: str, seconds: Seconds) -> None:
        super().__init__(dsn)
        self._seconds = seconds

    async def _open(self) -> asyncpg.Connection:
        connection = await super()._open()
        connection.add_query_logger(self._note)  # kept in a set: once is enough
        return connection

    def _note(self, query: Any) -> None:
        first = query.query.split(None, 1)[0]
        self._seconds[_STATEMENTS.get(first, first)].append(query.elapsed)


def medians_ms(seconds: Seconds) -> dict[str, float]:
    return {name: statistics.median(each) * 1000 for name, each in seconds.items()}
