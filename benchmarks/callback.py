"""Callbacks answered after their commit, against ``pgbench`` inserting the same rows (C1, C2).

    ./lunas bench callback --rounds 5

The bank-gateway's real door takes prepared notifications at 1, 8 and 32 clients; in the same run
and in turn ``pgbench`` inserts the same rows, and a plain FastAPI + SQLModel twin does the same
work; at 32 clients so does the whole service, whose relay and workers take their part of the same
process (the bank does not answer them). Says what each costs and where the door's time goes. Ends
with code 1 unless every notification was accepted and every row is there; speed decides nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from contextlib import ExitStack
from dataclasses import dataclass

from callback_parts import broker
from callback_parts.databases import WRITTEN, Books
from callback_parts.measuring import Figure, Subject, middle, middle_of
from callback_parts.programs import Server, free_port

RATIO_GOAL, TWIN_GOAL = 0.8, 15
_MANY = 32
_COUNTS = {1: 1_000, 8: 4_000, _MANY: 12_800}
_TWIN_COUNT, _WARM_UP_COUNT = 640, 960
_SAME_WIDTH = 0.02


@dataclass(frozen=True)
class Plan:
    """How many notifications by how many clients, how often; ``scale`` makes it smaller."""

    rounds: int
    scale: float

    @property
    def counts(self) -> dict[int, int]:
        return {clients: self.whole(count, clients) for clients, count in _COUNTS.items()}

    @property
    def bills(self) -> int:
        """How many billings the busiest needs."""
        return (self.rounds + 1) * sum(self.counts.values()) + self.whole(_WARM_UP_COUNT)

    def whole(self, count: int, clients: int = _MANY) -> int:
        """Give about so many, the same number for each client."""
        return max(1, round(count * self.scale / clients)) * clients


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scale", type=float, default=1.0, help="of the numbers of notifications")
    arguments = parser.parse_args()
    plan = Plan(arguments.rounds, arguments.scale)
    broker.address()  # missing it is said before anything is made
    books = Books(plan.bills)
    books.prepare()
    try:
        return measure(plan, books)
    finally:
        books.drop_all()


def measure(plan: Plan, books: Books) -> int:
    door, bare, twin, whole = (Subject(books.make(), books) for _ in range(4))
    books.without_waking(bare.database)
    namespace = broker.new_namespace()
    inner = broker.settings(namespace, f"127.0.0.1:{free_port()}")
    door.server = Server("callback_parts.door", door.database.url)
    twin.server = Server("callback_parts.twin", twin.database.url)
    whole.server = Server("bank_gateway.main", whole.database.url, more_settings=inner)
    with ExitStack() as running:
        running.callback(broker.delete, namespace)
        for server in (door.server, twin.server, whole.server):
            server.start()
            running.callback(server.stop)
        _warm_up(plan, door, bare, twin, whole)
        for number in range(plan.rounds):
            _round(plan, [door, bare] if number % 2 else [bare, door], twin, whole)
    _tell_server(books, door)
    _tell(door, bare, twin, whole)
    for clients in (1, _MANY):
        _watch(door, clients, plan.counts[clients])
    named = {"door": door, "pgbench": bare, "twin": twin, "whole service": whole}
    return _judge(books, named)


def _warm_up(plan: Plan, door: Subject, bare: Subject, *others: Subject) -> None:
    door.measure(_MANY, plan.whole(_WARM_UP_COUNT), keep=False)
    bare.texts = door.books.texts(door.database, 1)
    bare.measure(_MANY, plan.whole(_WARM_UP_COUNT), keep=False)
    for subject in others:
        subject.measure(_MANY, _MANY, keep=False)


def _round(plan: Plan, pair: list[Subject], twin: Subject, whole: Subject) -> None:
    for clients, count in plan.counts.items():
        for subject in pair:
            subject.measure(clients, count)
    whole.measure(_MANY, plan.counts[_MANY])
    twin.measure(_MANY, plan.whole(_TWIN_COUNT))


def _watch(door: Subject, clients: int, count: int) -> None:
    """Once more, with a door that says where its time goes."""
    door.server = Server("callback_parts.door", door.database.url, ("--watch",))
    door.server.start()
    before = len(door.figures[clients])
    door.measure(clients, count)
    figure = door.figures[clients].pop(before)
    door.server.stop()
    told = json.loads(door.server.last_words)
    samples = sum(told["parts"].values())
    print(f"\nwhere the door's {figure.server_us:.0f} us of processor go, {clients} clients")
    for part, times in sorted(told["parts"].items(), key=lambda each: -each[1]):
        share = times / samples
        print(f"  {part:<20} {share * figure.server_us:6.0f} us {share:6.1%}")
    waits = ", ".join(f"{name} {ms:.2f}" for name, ms in told["statements_ms"].items())
    print(f"  a transaction waits for (ms): {waits}")


def _tell_server(books: Books, door: Subject) -> None:
    about = books.server(door.database)
    settings = ", ".join(
        f"{name} {value}" for name, value in about.items() if "version" not in name
    )
    print(f"PostgreSQL {about['server_version']}, {settings}")
    print(f"{os.cpu_count()} processors, Python {platform.python_version()}")
    print(f"rows of a callback: one each in {', '.join(WRITTEN)}")
    print("pgbench: prepared, one statement a transaction, without the triggers that wake\n")


def _tell(door: Subject, bare: Subject, twin: Subject, whole: Subject) -> None:
    print("clients  callbacks/s   pgbench/s   ratio (least, most)   answer ms, p99   pgbench ms")
    for clients, ours in door.figures.items():
        _tell_rate(f"{clients:>7}", ours, bare.figures[clients])
    _tell_rate(f"{_MANY:>7}", whole.figures[_MANY], bare.figures[_MANY])
    print("        (the last line: the whole service, with its relay and its workers)")
    print(f"goal at {_MANY} clients: a ratio of {RATIO_GOAL}\n")
    print(f"{'processor us per callback':<27} server  PostgreSQL  sender")
    named = {"door": door, "pgbench": bare, "whole service": whole, "twin": twin}
    for name, subject in named.items():
        for clients, figures in subject.figures.items():
            _tell_cost(f"{name}, {clients} clients", figures)
    plain = twin.figures[_MANY]
    times = middle_of(plain, "server_us") / middle_of(door.figures[_MANY], "server_us")
    print(f"twin: {middle_of(plain, 'per_second'):.0f} callbacks/s")
    print(f"the twin's server needs {times:.1f} times the door's; goal: {TWIN_GOAL} times")


def _tell_rate(label: str, ours: list[Figure], theirs: list[Figure]) -> None:
    ratios = [o.per_second / t.per_second for o, t in zip(ours, theirs, strict=True)]
    print(
        f"{label} {middle_of(ours, 'per_second'):>12.0f} {middle_of(theirs, 'per_second'):>11.0f}"
        f" {middle([*ratios]):>7.2f} ({min(ratios):.2f}, {max(ratios):.2f})"
        f" {middle_of(ours, 'middle_ms'):>13.2f} {middle_of(ours, 'slow_ms'):>6.2f}"
        f" {middle_of(theirs, 'middle_ms'):>11.2f}"
    )


def _tell_cost(name: str, figures: list[Figure]) -> None:
    parts = [middle_of(figures, part) for part in ("server_us", "postgres_us", "sender_us")]
    server, postgres, sender = (f"{us:.0f}" if us else "-" for us in parts)
    print(f"{name:<26} {server:>7} {postgres:>11} {sender:>7}")


def _judge(books: Books, subjects: dict[str, Subject]) -> int:
    """Every notification was accepted, every row is there, and they are the same rows."""
    wrong = [f"{name}: {each}" for name, subject in subjects.items() for each in subject.wrong]
    widths: dict[str, float] = {}
    for name, subject in subjects.items():
        for table, (count, width) in books.written(subject.database).items():
            if count != subject.sent:
                wrong.append(f"{name}: {count} rows in {table} for {subject.sent} notifications")
            if abs(width / widths.setdefault(table, width) - 1) > _SAME_WIDTH:
                wrong.append(f"{name}: rows of {width:.0f} bytes in {table}")
    print("\n" + ("\n".join(wrong) or "every callback accepted, every row there"))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
