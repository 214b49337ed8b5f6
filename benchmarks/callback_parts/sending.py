"""Sends notifications over connections that stay open, the next one when the last is answered.

    python -m callback_parts.sending PROTOCOL PORT CLIENTS FIRST COUNT

Prints JSON: how long it took, how long the middle answer and one in a hundred took, which codes
came, how much processor time the sender itself used. The requests are made before the clock starts.
"""

from __future__ import annotations

import asyncio
import gc
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import uvloop

from callback_parts import notices, snap_notices

PROTOCOLS = {"ecollection": notices.request, "snap": snap_notices.request}
_LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)
_CODE = re.compile(rb'"(?:status|responseCode)": *"([0-9]+)"')
_END = b"\r\n\r\n"


@dataclass
class Tally:
    """What all connections share: what is left to send, and what came back."""

    requests: Iterator[bytes]
    left: int
    done: asyncio.Future[None]
    answers: Counter[bytes] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)


class Sender(asyncio.Protocol):
    """One connection."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._received = b""
        self._sent_at = 0.0

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def send(self) -> None:
        """Send the next notification, if one is left."""
        request = next(self._tally.requests, None)
        if request is not None:
            self._sent_at = time.perf_counter()
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(_END)
        length = _LENGTH.search(head) if end else None
        if length is None or len(body) < int(length[1]):
            return
        self._received = b""
        tally = self._tally
        tally.seconds.append(time.perf_counter() - self._sent_at)
        code = _CODE.search(body)
        tally.answers[head[9:12] + b" " + (code[1] if code else body)] += 1
        tally.left -= 1
        if tally.left == 0:
            tally.done.set_result(None)
        self.send()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self._tally.done.done():
            self._tally.done.set_exception(ConnectionError("the server hung up"))


async def send_all(
    protocol: str, port: int, clients: int, first: int, count: int
) -> dict[str, object]:
    """Send ``count`` notifications from ``clients`` connections and tell how it went."""
    loop = asyncio.get_running_loop()
    now = datetime.now(UTC)
    requests = [PROTOCOLS[protocol](no, now) for no in range(first, first + count)]
    tally = Tally(iter(requests), count, loop.create_future())
    senders = [
        (await loop.create_connection(lambda: Sender(tally), "127.0.0.1", port))[1]
        for _ in range(clients)
    ]
    gc.disable()
    begun, cpu = time.perf_counter(), time.process_time()
    for sender in senders:
        sender.send()
    await tally.done
    return {
        "wall_seconds": time.perf_counter() - begun,
        "cpu_seconds": time.process_time() - cpu,
        "answers": {answer.decode(): times for answer, times in tally.answers.items()},
        "middle_seconds": statistics.median(tally.seconds),
        "slow_seconds": sorted(tally.seconds)[int(count * 0.99)],
    }


if __name__ == "__main__":
    print(json.dumps(uvloop.run(send_all(sys.argv[1], *map(int, sys.argv[2:])))))
