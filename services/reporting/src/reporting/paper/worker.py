"""A renderer's process: papers come in on stdin, PDFs leave on stdout, one at a time (B7).

Frames are a length of four bytes, then JSON in, and out one byte that tells what follows: a PDF,
or why there is none. The process limits itself: memory, files, sockets, and an alarm that ends
it should one paper take too long, even when nobody is left to kill it.
"""

from __future__ import annotations

import gc
import json
import signal
import struct
import sys
import tempfile
from pathlib import Path
from typing import BinaryIO

from reporting.paper.confinement import confine

LENGTH = struct.Struct(">I")
DONE, REFUSED, FAILED = b"+", b"-", b"!"
TOO_LARGE = b"memori habis"
PAGES_MAX = 200


def _read(stream: BinaryIO) -> bytes | None:
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    return stream.read(length)


def _write(stream: BinaryIO, kind: bytes, body: bytes) -> None:
    stream.write(LENGTH.pack(len(body) + 1) + kind + body)
    stream.flush()


def _tell_kind(kind: type[BaseException], *_: object) -> None:
    """Tell what ended the process; the text of an error may hold what people wrote."""
    _write(sys.stdout.buffer, FAILED, kind.__name__.encode())


def main() -> None:
    """Answer papers until stdin ends. Arguments: memory in bytes; seconds and pages per paper."""
    memory_bytes, seconds, pages = map(int, sys.argv[1:4])
    from reporting.paper.page import FOLDER, Press, TooManyPages

    press = Press(pages)
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.excepthook = _tell_kind
    guards = confine(memory_bytes, [FOLDER, Path(tempfile.gettempdir())])
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)  # a paper makes some hundred thousand objects at once
    _write(answers, DONE, " ".join(guards).encode())
    while (body := _read(requests)) is not None:
        signal.alarm(seconds)
        try:
            _write(answers, DONE, press.print(json.loads(body)))
        except TooManyPages:
            _write(answers, REFUSED, f"lebih dari {pages} halaman".encode())
        except MemoryError:
            _write(answers, REFUSED, TOO_LARGE)
            return
        signal.alarm(0)


if __name__ == "__main__":
    main()
