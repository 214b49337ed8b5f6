"""Hashing passwords with argon2id (W2), a few at a time and beside the event loop."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from gateway.domain import passwords as rules
from shared.errors import Unavailable

MEMORY_KIB, TIME_COST, PARALLELISM = 19 * 1024, 2, 1
Answer = TypeVar("Answer")
_AT_ONCE, _WAITING_MAX = 4, 60


class Passwords:
    """Makes and checks hashes; an unknown user costs the same as a wrong password.

    Args:
        demo_password: the one short password that new users may have; None outside the demo.
    """

    def __init__(self, demo_password: str | None = None) -> None:
        hasher = Argon2Hasher(TIME_COST, MEMORY_KIB, PARALLELISM)
        self._hashes = PasswordHash((hasher,))
        self._dummy = self._hashes.hash(secrets.token_hex(16))
        self._demo_password = demo_password
        self._threads = ThreadPoolExecutor(2, "password")
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait in a bounded line, before any connection is held.

        Raises:
            Unavailable: the line is full (R8).
        """
        if self._waiting >= _WAITING_MAX:
            raise Unavailable
        self._waiting += 1
        try:
            async with self._turns:
                yield
        finally:
            self._waiting -= 1

    async def verify(self, password: str, known_hash: str | None) -> bool:
        """Check a password; with no hash to check against, take as long and say no."""
        right = await self._run(
            self._hashes.verify, rules.normalise(password), known_hash or self._dummy
        )
        return right and known_hash is not None

    async def hash_new(self, password: str, username: str) -> str:
        """Hash a password that somebody wants to have.

        Raises:
            PasswordNotAccepted: it breaks the rule.
        """
        if self._demo_password is None or password != self._demo_password:
            rules.check_new(password, username)
        async with self.turn():
            return await self._run(self._hashes.hash, rules.normalise(password))

    async def _run(self, work: Callable[..., Answer], *arguments: str) -> Answer:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, work, *arguments)

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=False)
