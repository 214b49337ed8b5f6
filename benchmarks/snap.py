"""SNAP payments answered after their commit, against eCollection's callbacks at the same door.

    ./lunas bench snap --rounds 3

The bank-gateway's real door takes signed payments at 1, 8 and 32 clients; in the same run and in
turn it takes as many callbacks of eCollection. Ends with code 1 unless every payment was accepted
and every row is there; speed decides nothing.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack

from callback_parts import snap_notices
from callback_parts.databases import Books
from callback_parts.measuring import Subject, middle, middle_of
from callback_parts.programs import Server

_COUNTS = {1: 200, 8: 800, 32: 3_200}
_WARM_UP = 320


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    books = Books(rounds * sum(_COUNTS.values()) + _WARM_UP)
    books.prepare()
    try:
        return measure(rounds, books)
    finally:
        books.drop_all()


def measure(rounds: int, books: Books) -> int:
    snap, callbacks = Subject(books.make(), books, protocol="snap"), Subject(books.make(), books)
    with ExitStack() as running:
        for subject in (snap, callbacks):
            url = subject.database.url
            subject.server = Server(
                "callback_parts.door", url, more_settings=snap_notices.settings()
            )
            subject.server.start()
            running.callback(subject.server.stop)
            subject.measure(32, _WARM_UP, keep=False)
        for number in range(rounds):
            for clients, count in _COUNTS.items():
                for subject in (snap, callbacks) if number % 2 else (callbacks, snap):
                    subject.measure(clients, count)
    _tell(snap, callbacks)
    return _judge(books, snap, callbacks)


def _tell(snap: Subject, callbacks: Subject) -> None:
    print(
        "clients  SNAP/s  callbacks/s  ratio (least, most)  answer ms, p99  server us, PostgreSQL"
    )
    for clients, ours in snap.figures.items():
        theirs = callbacks.figures[clients]
        ratios = [o.per_second / t.per_second for o, t in zip(ours, theirs, strict=True)]
        print(
            f"{clients:>7} {middle_of(ours, 'per_second'):>7.0f}"
            f" {middle_of(theirs, 'per_second'):>12.0f}"
            f" {middle([*ratios]):>6.2f} ({min(ratios):.2f}, {max(ratios):.2f})"
            f" {middle_of(ours, 'middle_ms'):>13.1f} {middle_of(ours, 'slow_ms'):>6.1f}"
            f" {middle_of(ours, 'server_us'):>9.0f} {middle_of(ours, 'postgres_us'):>9.0f}"
        )


def _judge(books: Books, *subjects: Subject) -> int:
    wrong = [each for subject in subjects for each in subject.wrong]
    for subject in subjects:
        rows = books.written(subject.database)["payments"][0]
        if rows != subject.sent:
            wrong.append(f"{subject.protocol}: {rows} payments for {subject.sent} messages")
    print("\n".join(wrong) or "every payment accepted, every row there")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
