"""Letting those who keep failing wait (W3), so that guessing is slow and the owner is not shut out.

A try is charged before the password is looked at, in a transaction of its own: many tries at once
are many failures, and none is forgotten by a restart. The right password takes the charge back.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from gateway.domain.credentials import secret_hash
from gateway.domain.throttle import (
    FAMILIAR_FOR,
    Subject,
    counted,
    seconds_until,
    wait_after,
)
from gateway.models import SignInTries, User
from gateway.store import tries
from gateway.store.tries import Bucket
from shared.database import Session
from shared.errors import TooOften

KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Place:
    """Where a try comes from: its address, the secret its browser was once given, and its name."""

    source: str
    browser: str = ""
    agent: str = ""


@dataclass(frozen=True)
class Charge:
    """What was charged, and how long the next try waits if this one fails."""

    buckets: tuple[Bucket, ...]
    wait_seconds: int


class Throttle:
    """Counts failures under keyed hashes: a typed name may well be a password (P2)."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    async def charge(
        self, username: str, user: User | None, place: Place, session: Session
    ) -> Charge:
        """Count a try before it is looked at.

        Raises:
            TooOften: it comes too early; it is neither counted nor looked at.
        """
        return await self._charge(await self._buckets(username, user, place, session), session)

    async def charge_code(self, user: User, session: Session) -> Charge:
        """Count a try at a code of the second factor.

        Raises:
            TooOften: it comes too early.
        """
        return await self._charge((self._code_of(user),), session)

    async def _charge(self, buckets: tuple[Bucket, ...], session: Session) -> Charge:
        rows = await tries.lock_tries(session, buckets)
        now = session.clock.now()  # after the wait for the rows, and never before they were made
        if wait := max(seconds_until(row.blocked_until, now) for row in rows):
            raise TooOften(seconds=wait)
        for row in rows:
            _count(row, now)
        return Charge(buckets, max(seconds_until(row.blocked_until, now) for row in rows))

    async def forgive(self, charge: Charge, session: Session) -> None:
        """Take the charge of a right password back."""
        own = [each for each in charge.buckets if each[0] is not Subject.SOURCE]
        await tries.forget_tries(session, own)
        await tries.give_back(session, [each for each in charge.buckets if each not in own])
        await tries.purge_tries(session, session.clock.now() - KEPT, FAMILIAR_FOR)

    async def know(self, user: User, place: Place, session: Session) -> None:
        """Know the place of somebody who came in."""
        await tries.remember_places(session, user.id, self._marks(place))

    async def forgive_code(self, user: User, session: Session) -> None:
        """Forget the failures before a right code."""
        await tries.forget_tries(session, [self._code_of(user)])

    async def welcome(self, user: User, place: Place, session: Session) -> None:
        """Forget the failures of strangers at an account, and know this place of its owner."""
        await tries.forget_tries(session, [self._account(user.username)])
        await self.know(user, place, session)

    async def _buckets(
        self, username: str, user: User | None, place: Place, session: Session
    ) -> tuple[Bucket, ...]:
        """A person at a place he is known by is counted there alone, others by name and source."""
        marks, since = self._marks(place), session.clock.now() - FAMILIAR_FOR
        asked = UUID(int=0) if user is None else user.id  # the query runs for nobody as well
        known = await tries.familiar_mark(session, asked, marks, since)
        if known is not None:
            return ((Subject.FAMILIAR, self._key(f"familiar {asked}", known)),)
        source = (Subject.SOURCE, self._key("source", place.source.encode()))
        return (self._account(username), source)

    def _account(self, username: str) -> Bucket:
        return (Subject.ACCOUNT, self._key("account", username.strip().lower().encode()))

    def _code_of(self, user: User) -> Bucket:
        return (Subject.CODE, self._key("code", user.id.bytes))

    def _marks(self, place: Place) -> list[bytes]:
        address = self._key("address", place.source.encode())
        return [secret_hash(place.browser), address] if place.browser else [address]

    def _key(self, kind: str, value: bytes) -> bytes:
        return hmac.digest(self._secret, kind.encode() + b"\n" + value, "sha256")


def _count(row: SignInTries, now: datetime) -> None:
    row.failures = counted(row.failures, row.last_at, now) + 1
    row.last_at = now
    row.blocked_until = now + wait_after(Subject(row.subject), row.failures)
