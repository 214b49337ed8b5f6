"""A renderer's process: papers come in on stdin, PDFs leave on stdout, one at a time (B7).

Frames are a length of four bytes, then JSON in, and out one byte that tells what follows: a PDF,
or why there is none. The process limits itself: memory, files, sockets, and an alarm that ends
it should one paper take too long, even when nobody is left to kill it.
"""

from __future__ import annotations

import json
import resource
import signal
import struct
import sys
from typing import Any, BinaryIO

LENGTH = struct.Struct(">I")
DONE, REFUSED = b"+", b"-"
_BLOCKED = {"socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen", "os.system"}


class Forbidden(Exception):
    """Something in the renderer tried to leave its process."""


def confine(memory_bytes: int) -> None:
    """Take from this process what a renderer never needs."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.addaudithook(_refuse)


def _refuse(event: str, _: tuple[Any, ...]) -> None:
    if event in _BLOCKED:
        raise Forbidden(event)


def _read(stream: BinaryIO) -> bytes | None:
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    return stream.read(length)


def _write(stream: BinaryIO, kind: bytes, body: bytes) -> None:
    stream.write(LENGTH.pack(len(body) + 1) + kind + body)
    stream.flush()


def main() -> None:
    """Answer papers until stdin ends. Arguments: memory in bytes, seconds per paper."""
    memory_bytes, seconds = int(sys.argv[1]), int(sys.argv[2])
    from reporting.paper.page import Press, TooManyPages

    press = Press()
    confine(memory_bytes)
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    _write(answers, DONE, b"")
    while (body := _read(requests)) is not None:
        signal.alarm(seconds)
        try:
            _write(answers, DONE, press.print(json.loads(body)))
        except TooManyPages as error:
            _write(answers, REFUSED, str(error).encode())
        signal.alarm(0)


if __name__ == "__main__":
    main()
