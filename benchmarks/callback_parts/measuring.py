"""One measurement: so many notifications by so many clients, to one who is measured."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from callback_parts import usage
from callback_parts.databases import Books
from callback_parts.programs import Server, insert, send
from shared.testing import Database

ACCEPTED = {"ecollection": "200 000", "snap": "200 2002500"}


@dataclass(frozen=True)
class Figure:
    """What one measurement gave; processor time is per notification, None where unknown.

    Attributes:
        middle_ms, slow_ms: how long an answer takes, in the middle and for one in a hundred.
        server_us: of the process that answers, without PostgreSQL.
        postgres_us: of all processes of PostgreSQL.
        sender_us: of the one who sends.
    """

    per_second: float
    middle_ms: float
    slow_ms: float | None
    server_us: float | None
    postgres_us: float | None
    sender_us: float | None


@dataclass
class Subject:
    """One who is measured, on a database of his own.

    Attributes:
        wrong: every answer that was not a plain acceptance.
        sent: how many notifications so far; the next one is of billing ``sent + 1``.
    """

    database: Database
    books: Books
    server: Server | None = None
    protocol: str = "ecollection"
    texts: Mapping[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    sent: int = 0
    figures: dict[int, list[Figure]] = field(default_factory=dict)

    def measure(self, clients: int, count: int, *, keep: bool = True) -> None:
        """Send, or insert, the next ``count`` notifications."""
        self.books.checkpoint(self.database)
        postmaster = self.books.server_pid(self.database)
        before = usage.server_seconds(postmaster) if postmaster else 0.0
        run = self._insert if self.server is None else self._send
        figure = run(clients, count, lambda: self._since(postmaster, before, count))
        self.sent += count
        if keep:
            self.figures.setdefault(clients, []).append(figure)

    def _since(self, postmaster: int | None, before: float, count: int) -> float | None:
        return (usage.server_seconds(postmaster) - before) / count * 1e6 if postmaster else None

    def _send(self, clients: int, count: int, postgres_us: Callable[[], float | None]) -> Figure:
        assert self.server is not None
        before = usage.seconds(self.server.pid)
        told = send(self.protocol, self.server.port, clients, self.sent + 1, count)
        server_us = (usage.seconds(self.server.pid) - before) / count * 1e6
        answers: dict[str, int] = told["answers"]
        self.wrong += [answer for answer in answers if answer != ACCEPTED[self.protocol]]
        return Figure(
            count / told["wall_seconds"],
            told["middle_seconds"] * 1000,
            told["slow_seconds"] * 1000,
            server_us,
            postgres_us(),
            told["cpu_seconds"] / count * 1e6,
        )

    def _insert(self, clients: int, count: int, postgres_us: Callable[[], float | None]) -> Figure:
        done = insert(self.database.url, clients, self.sent + 1, count, self.texts)
        if done.count != count:
            self.wrong.append(f"pgbench inserted {done.count} of {count}")
        return Figure(done.per_second, done.latency_ms, None, None, postgres_us(), None)


def middle(values: list[float | None]) -> float | None:
    """Give the median of what is known."""
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def middle_of(figures: list[Figure], name: str) -> float:
    """Give the median of one of their fields, zero where it is unknown."""
    return middle([getattr(figure, name) for figure in figures]) or 0.0
