"""The pool of renderer processes: warm, few, killed when a paper goes wrong (B7)."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reporting.paper.worker import DONE, FAILED, LENGTH, PAGES_MAX, TOO_LARGE
from shared.errors import Invalid, Unavailable
from shared.logs import logger

MIB = 1024 * 1024
ALL_GUARDS = DONE + b"landlock seccomp"
"""What a renderer answers first where the kernel can confine it."""

_SOURCES = Path(__file__).parents[2]


class PaperTooLarge(Invalid):
    """A paper that takes more pages, memory or time than one may."""

    detail = "Dokumen terlalu besar untuk dicetak ({reason}). Persempit periode atau saringannya."


class PrintingFailed(Exception):
    """A defect of ours while a paper was printed; the kind of error is its text."""


class PrinterBusy(Unavailable):
    """All renderers have work and the queue is full (R8)."""

    detail = "Pencetak dokumen sedang sibuk. Coba lagi sebentar lagi."


@dataclass(frozen=True)
class Limits:
    """What one paper may take, and how many may wait."""

    processes: int = 2
    seconds: int = 10
    memory_bytes: int = 512 * MIB
    pages: int = PAGES_MAX
    waiting: int = 64
    answer_bytes: int = 64 * MIB


class Printer:
    """Turns papers into PDFs; processes start with the first paper and stay."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._idle: list[Process] = []
        self._slots = asyncio.Semaphore(limits.processes)
        self._waiting = 0
        self._folder: TemporaryDirectory[str] | None = None

    async def print(self, paper: dict[str, Any]) -> bytes:
        """Print one paper.

        Raises:
            PaperTooLarge: it ran out of pages, memory or time; its process is gone.
            PrinterBusy: too many papers wait already.
        """
        if self._waiting >= self._limits.waiting:
            raise PrinterBusy
        self._waiting += 1
        try:
            async with self._slots:
                return await self._on_worker(json.dumps(paper).encode())
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """End all idle processes; a busy one ends with its paper, because stdin closes."""
        for process in self._idle:
            _kill(process)
        self._forget_files()

    async def closed(self) -> None:
        """End all idle processes and wait until they are gone."""
        while self._idle:
            await _end(self._idle.pop())
        self._forget_files()

    def _forget_files(self) -> None:
        """Delete the fonts that renderers unpacked; one that was killed could not."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    async def _on_worker(self, body: bytes) -> bytes:
        async with self._worker() as process:
            try:
                async with asyncio.timeout(self._limits.seconds):
                    answer = await self._exchange(process, body)
            except TimeoutError:
                raise PaperTooLarge(reason=f"lebih dari {self._limits.seconds} detik") from None
            except (asyncio.IncompleteReadError, ConnectionError):
                raise PaperTooLarge(reason=TOO_LARGE.decode()) from None
            kind, said = answer[:1], answer[1:]
            if kind == FAILED:
                raise PrintingFailed(said.decode())
            if said != TOO_LARGE:
                self._idle.append(process)
        if kind != DONE:
            raise PaperTooLarge(reason=said.decode())
        return said

    @asynccontextmanager
    async def _worker(self) -> AsyncIterator[Process]:
        """Lend a process; one that was not put back among the idle is killed."""
        process = self._idle.pop() if self._idle else await self._start()
        try:
            yield process
        finally:
            if process not in self._idle:
                await _end(process)

    async def _start(self) -> Process:
        self._folder = self._folder or TemporaryDirectory(prefix="lunas-papers-")
        limits = self._limits
        given = (limits.memory_bytes, limits.seconds + 1, limits.pages)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "reporting.paper.worker",
            *map(str, given),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env=_environment() | {"TMPDIR": self._folder.name},
            start_new_session=True,
        )
        try:
            guards = await self._answer(process)
        except (asyncio.IncompleteReadError, ConnectionError):
            await _end(process)
            raise PrinterBusy from None
        if guards != ALL_GUARDS:
            logger("printer").warning("renderer less confined", guards=guards[1:].decode())
        return process

    async def _exchange(self, process: Process, body: bytes) -> bytes:
        assert process.stdin is not None
        process.stdin.write(LENGTH.pack(len(body)) + body)
        await process.stdin.drain()
        return await self._answer(process)

    async def _answer(self, process: Process) -> bytes:
        """Read one frame; a renderer that announces too much is believed no more (B7)."""
        assert process.stdout is not None
        (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
        if length > self._limits.answer_bytes:
            raise ConnectionError(length)
        return await process.stdout.readexactly(length)


def _environment() -> dict[str, str]:
    """Give the process its code and its fonts, and none of our secrets."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    paths = [str(_SOURCES), *(path for path in sys.path if path)]
    return kept | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"}


def _kill(process: Process) -> None:
    if process.returncode is None:
        process.kill()


async def _end(process: Process) -> None:
    """Kill a process and read its pipes to their end, so that nothing of it stays open."""
    _kill(process)
    await process.communicate()
