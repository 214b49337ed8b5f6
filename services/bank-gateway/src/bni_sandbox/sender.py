"""Sends notifications to the client: success is HTTP 200 with status 000, nothing less."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from uuid import UUID

from bni_protocol import envelope
from bni_protocol.cipher import Key, encrypt_members
from bni_sandbox import store
from bni_sandbox.domain.faults import Faults, corrupted, strikes
from bni_sandbox.handlers import LEASE
from bni_sandbox.models import Delivery
from shared.database import Sessions
from shared.http import HttpClient, Unreachable
from shared.principal import Principal

TIMEOUT_SECONDS = 30.0
_WRONG_SECRET = "0" * 32


class Sender:
    """Tries a notification until it is acknowledged, or six times; survives a restart."""

    def __init__(
        self,
        sessions: Sessions,
        client: HttpClient,
        key: Key,
        *,
        path: str,
        retry_delays: Sequence[float],
        chance: Random,
    ) -> None:
        self._sessions = sessions
        self._client = client
        self._key = key
        self._path = path
        self._delays = [timedelta(seconds=seconds) for seconds in retry_delays]
        self._chance = chance
        self._principal = Principal.system("bni-sandbox")

    async def step(self) -> timedelta | None:
        """Send one notification whose time has come; tell when to come again."""
        async with self._sessions.begin(self._principal) as session:
            delivery = await store.lease_delivery(session, LEASE)
            next_at = await store.next_delivery_at(session)
        if delivery is not None:
            await self.send(delivery)
            return timedelta()
        if next_at is None:
            return None
        return max(next_at - self._sessions.clock.now(), timedelta(seconds=0.05))

    async def send(self, delivery: Delivery) -> str:
        """Make one try of a leased notification and record how it went."""
        async with self._sessions.begin(self._principal) as session:
            faults = await store.read_faults(session)
        status, answer = await self._post(delivery, faults)
        taken = envelope.acknowledged(status, answer)
        if taken and strikes(faults.duplicate, self._chance):
            await self._post(delivery, faults)
        return await self._record(delivery.id, taken, f"{status} {answer[:200]!r}")

    async def _post(self, delivery: Delivery, faults: Faults) -> tuple[int, bytes]:
        now = self._sessions.clock.now() + timedelta(seconds=faults.clock_skew_s)
        wrong = strikes(faults.wrong_key, self._chance)
        key = Key(self._key.client_id, _WRONG_SECRET) if wrong else self._key
        ciphertext = encrypt_members(delivery.members, key, int(now.timestamp()))
        if strikes(faults.corrupt, self._chance):
            ciphertext = corrupted(ciphertext, self._chance)
        body = {"client_id": self._key.client_id, "data": ciphertext}
        try:
            response = await self._client.request("POST", self._path, json=body)
        except Unreachable:
            return 0, b""
        return response.status_code, response.content

    async def _record(self, delivery_id: UUID, taken: bool, answer: str) -> str:
        async with self._sessions.begin(self._principal) as session:
            delivery = await session.get_one(Delivery, delivery_id, with_for_update=True)
            now = session.clock.now()
            delivery.answer, delivery.leased_until = answer, None
            if taken:
                delivery.state, delivery.due_at, delivery.ended_at = store.DELIVERED, None, now
            elif delivery.attempts > len(self._delays):
                delivery.state, delivery.due_at, delivery.ended_at = store.FAILED, None, now
            else:
                delivery.due_at = now + self._delays[delivery.attempts - 1]
            return delivery.state
