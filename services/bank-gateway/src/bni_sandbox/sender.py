"""Sends notifications to the client: success is HTTP 200 with status 000, nothing less."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bni_protocol import envelope
from bni_protocol.cipher import Key, encrypt
from bni_sandbox.domain import damage
from bni_sandbox.domain.faults import Faults
from bni_sandbox.handlers.payment import LEASE
from bni_sandbox.knobs import PRINCIPAL, Knobs
from bni_sandbox.models import Delivery
from bni_sandbox.store import delivery as store
from shared.database import Session, Sessions
from shared.http import HttpClient, Unreachable

TIMEOUT_SECONDS = 30.0
OLD = timedelta(minutes=15)  # outside every window a receiver may have
_SOONEST = timedelta(seconds=0.05)
_ANSWER_KEPT = 200
_WRONG_SECRET = "0" * 32


@dataclass(frozen=True, slots=True)
class Policy:
    """How notifications are sent.

    Attributes:
        path: where on the client's host.
        pauses: before each repeat; after the last the bank gives up.
        at_once: how many are on their way at the same time.
    """

    path: str
    pauses: Sequence[timedelta]
    at_once: int


class Sender:
    """Tries a notification until it is acknowledged, or six times; survives a restart."""

    def __init__(
        self, sessions: Sessions, client: HttpClient, key: Key, knobs: Knobs, policy: Policy
    ) -> None:
        self._sessions = sessions
        self._client = client
        self._key = key
        self._knobs = knobs
        self._policy = policy

    async def step(self) -> timedelta | None:
        """Send the notifications whose time has come; tell when to come again."""
        async with self._sessions.begin(PRINCIPAL) as session:
            deliveries = await store.lease(session, LEASE, self._policy.at_once)
            next_at = None if deliveries else await store.next_at(session)
        if deliveries:
            await self.send(deliveries)
            return timedelta()
        if next_at is None:
            return None
        return max(next_at - self._sessions.clock.now(), _SOONEST)

    async def send(self, deliveries: Sequence[Delivery]) -> None:
        """Make one try of each of these leased notifications and record how it went."""
        faults = await self._knobs.read()
        taken = await asyncio.gather(*(self._try(delivery, faults) for delivery in deliveries))
        async with self._sessions.begin(PRINCIPAL) as session:
            for delivery, success in zip(deliveries, taken, strict=True):
                self._record(delivery, success, session)
            if faults.reorder and any(taken):
                await session.flush()
                await store.release_held(session)

    async def _try(self, delivery: Delivery, faults: Faults) -> bool:
        taken = await self._post(delivery, faults)
        again = self._knobs.chance.strikes(faults.duplicate, "duplicate", _occasion(delivery))
        if taken and again:
            await self._post(delivery, faults)
        return taken

    async def _post(self, delivery: Delivery, faults: Faults) -> bool:
        body = {"client_id": self._key.client_id, "data": self._sealed(delivery, faults)}
        try:
            response = await self._client.request("POST", self._policy.path, json=body)
        except Unreachable:
            delivery.answer = ""
            return False
        said = response.content[:_ANSWER_KEPT].decode("utf-8", "replace")
        printable = "".join(sign for sign in said if sign.isprintable())
        delivery.answer = f"HTTP {response.status_code} {printable}".strip()
        return envelope.acknowledged(response.status_code, response.content)

    def _sealed(self, delivery: Delivery, faults: Faults) -> str:
        """Encrypt anew, as the bank does for each try, and damage it where a fault strikes."""

        def strikes(fault: str) -> bool:
            rate: float = getattr(faults, fault)
            return chance.strikes(rate, fault, occasion)

        chance, occasion = self._knobs.chance, _occasion(delivery)
        moment = self._sessions.clock.now() + timedelta(seconds=faults.clock_skew_s)
        if strikes("old_timestamp"):
            moment -= OLD
        key = Key(self._key.client_id, _WRONG_SECRET) if strikes("wrong_key") else self._key
        text = json.dumps(delivery.members, ensure_ascii=True, separators=(",", ":"))
        ciphertext = encrypt(text, key, int(moment.timestamp()))
        if strikes("tamper"):
            ciphertext = damage.tampered(ciphertext, text, chance.source("digit", occasion))
        if strikes("corrupt"):
            ciphertext = damage.corrupted(ciphertext, chance.source("bit", occasion))
        return damage.undecodable(ciphertext) if strikes("undecodable") else ciphertext

    def _record(self, delivery: Delivery, taken: bool, session: Session) -> None:
        """Write down how a try went; the lease makes sure that nobody else does."""
        session.add(delivery)
        now = session.clock.now()
        delivery.leased_until = None
        if taken:
            delivery.state, delivery.due_at, delivery.ended_at = store.DELIVERED, None, now
        elif delivery.attempts > len(self._policy.pauses):
            delivery.state, delivery.due_at, delivery.ended_at = store.FAILED, None, now
        else:
            delivery.due_at = now + self._policy.pauses[delivery.attempts - 1]


def _occasion(delivery: Delivery) -> str:
    told = delivery.members
    return f"{told['trx_id']}/{told['cumulative_payment_amount']}"
