"""Carries one notification to the client once, damaged where a fault strikes; over eCollection."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Protocol
from uuid import UUID

from bni_protocol import envelope
from bni_protocol.cipher import Key, encrypt
from bni_sandbox.domain import damage
from bni_sandbox.domain.chance import Chance
from bni_sandbox.domain.faults import Faults
from shared.http import HttpClient, Response, Unreachable

OLD = timedelta(minutes=15)  # outside every window a receiver may have
_ANSWER_KEPT = 200
_WRONG_SECRET = "0" * 32


@dataclass(frozen=True, slots=True)
class Try:
    """One try of a notification.

    Attributes:
        repeated: the client may have been told before.
        now: the true time; the bank's clock may be wrong on purpose.
    """

    payment_id: UUID
    members: Mapping[str, str]
    repeated: bool
    faults: Faults
    chance: Chance
    now: datetime

    @property
    def occasion(self) -> str:
        return f"{self.members['trx_id']}/{self.members['cumulative_payment_amount']}"

    @property
    def at(self) -> datetime:
        """Give the time that the bank writes into it."""
        at = self.now + timedelta(seconds=self.faults.clock_skew_s)
        return at - OLD if self.strikes("old_timestamp") else at

    def strikes(self, fault: str) -> bool:
        rate: float = getattr(self.faults, fault)
        return self.chance.strikes(rate, fault, self.occasion)

    def dice(self, name: str) -> Random:
        return self.chance.source(name, self.occasion)


@dataclass(frozen=True, slots=True)
class Carried:
    """How a try went; ``answer`` is what came back, empty when nothing did."""

    taken: bool
    answer: str = ""


class Courier(Protocol):
    """Speaks one protocol to the client."""

    async def carry(self, tried: Try) -> Carried: ...


@dataclass(frozen=True, slots=True)
class ECollectionCourier:
    """Success is HTTP 200 with status 000, nothing less; ``path`` is on the client's host."""

    client: HttpClient
    key: Key
    path: str

    async def carry(self, tried: Try) -> Carried:
        body = {"client_id": self.key.client_id, "data": self._sealed(tried)}
        try:
            response = await self.client.request("POST", self.path, json=body)
        except Unreachable:
            return Carried(False)
        taken = envelope.acknowledged(response.status_code, response.content)
        return Carried(taken, shown(response))

    def _sealed(self, tried: Try) -> str:
        """Encrypt anew, as the bank does for each try."""
        at_unix = int(tried.at.timestamp())
        wrong = tried.strikes("wrong_key")
        key = Key(self.key.client_id, _WRONG_SECRET) if wrong else self.key
        text = json.dumps(tried.members, ensure_ascii=True, separators=(",", ":"))
        ciphertext = encrypt(text, key, at_unix)
        if tried.strikes("tamper") or tried.strikes("other_amount"):  # the same: no integrity
            ciphertext = damage.tampered(ciphertext, text, tried.dice("digit"))
        if tried.strikes("corrupt"):
            ciphertext = damage.corrupted(ciphertext, text, tried.dice("bit"))
        return damage.undecodable(ciphertext) if tried.strikes("undecodable") else ciphertext


def shown(response: Response) -> str:
    """Give the beginning of an answer, for people to read."""
    said = response.content[:_ANSWER_KEPT].decode("utf-8", "replace")
    printable = "".join(sign for sign in said if sign.isprintable())
    return f"HTTP {response.status_code} {printable}".strip()
