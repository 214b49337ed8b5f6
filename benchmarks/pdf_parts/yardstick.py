"""The yardstick as a process of its own."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

PROGRAM = Path(__file__).parent / "plain.py"


@dataclass(frozen=True)
class Answer:
    """What one round took in seconds, and its first PDFs."""

    wall: float
    cpu: float
    pdfs: list[bytes]


class Plain:
    """``plain.py``, running for the length of a ``with``."""

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments

    def __enter__(self) -> Self:
        command = [sys.executable, str(PROGRAM), *self._arguments]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def print(self, filled: Sequence[tuple[str, str]], keep: int = 0) -> Answer:
        """Print filled templates, each with its number."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"papers": filled, "keep": keep}) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        pdfs = [base64.b64decode(pdf) for pdf in told["pdfs"]]
        return Answer(told["seconds"]["wall"], told["seconds"]["cpu"], pdfs)
