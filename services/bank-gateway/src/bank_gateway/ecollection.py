"""The bank port over BNI eCollection."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bank_gateway.domain.bank import Finding, Inquiry, Outcome
from bank_gateway.domain.clocks import Clocks
from bni_protocol import envelope, fields
from bni_protocol.cipher import Key
from bni_protocol.codes import Answer, classify
from bni_protocol.envelope import Malformed, Reply
from bni_protocol.fields import Billing, BillingState, FieldProblem
from shared.clock import Clock
from shared.http import HttpClient, NotConnected, Unreachable

_HEADERS = {"Content-Type": "application/json"}
_ANSWER_BYTES_MAX = 64 * 1024
_NO_ANSWER = Outcome(Answer.LATER)
_WHOLE_SECONDS = timedelta(seconds=1)  # the cipher knows no parts of a second
_UNREADABLE = frozenset({"009", "999"})
"""What the bank says of a request that it cannot open, among other things (protocol, section 7)."""

_FINDINGS = {
    "101": Finding.NOT_FOUND,
    "102": Finding.NUMBER_IN_USE,
    "110": Finding.OVER_LIMIT,
    "996": Finding.INQUIRY_LIMIT,
}


@dataclass(slots=True)
class ECollection:
    """Seals each request anew, right before it leaves; a ciphertext ages in minutes.

    Attributes:
        keys: the one to use, and while it is being changed the previous one (P4). Nobody says
            when the bank changes: after an answer that may mean "unreadable" the next request
            takes the other one, and an answer is opened with whichever fits.
    """

    client: HttpClient
    keys: Sequence[Key]
    prefix: str
    clock: Clock
    clocks: Clocks = field(default_factory=Clocks)
    _turn: int = field(default=0, init=False)

    async def create(self, billing: Billing) -> Outcome:
        return await self._ask(billing.create(self._key.client_id))

    async def update(self, billing: Billing) -> Outcome:
        return await self._ask(billing.update(self._key.client_id))

    async def deactivate(self, trx_id: str, virtual_account: str) -> Outcome:
        return await self._ask(fields.deactivate(self._key.client_id, trx_id, virtual_account))

    async def inquire(self, inquiry: Inquiry) -> Outcome:
        """Ask for the bank's own record; an answer about another billing is no answer."""
        outcome, reply = await self._exchange(fields.inquire(self._key.client_id, inquiry.trx_id))
        if reply is None or outcome.answer is not Answer.DONE:
            return outcome
        try:
            state = BillingState.parse(reply.members)
        except FieldProblem:
            return replace(outcome, answer=Answer.LATER, status="")
        if state.trx_id != inquiry.trx_id:
            return replace(outcome, answer=Answer.LATER, status="")
        return replace(outcome, state=state)

    async def _ask(self, members: dict[str, str]) -> Outcome:
        outcome, reply = await self._exchange(members)
        if reply is None or outcome.answer is not Answer.DONE:
            return outcome
        number, trx_id = reply.members.get("virtual_account"), reply.members.get("trx_id")
        if trx_id != members["trx_id"] or not fields.is_account(number):
            return replace(outcome, answer=Answer.LATER, status="")
        return replace(outcome, virtual_account=str(number))

    async def _exchange(self, members: dict[str, str]) -> tuple[Outcome, Reply | None]:
        key, begun = self._key, self.clock.now()
        sent = envelope.seal(members, key, self._now_unix(), self.prefix)
        try:
            response = await self.client.request("POST", "", content=sent, headers=_HEADERS)
        except NotConnected:
            return replace(_NO_ANSWER, no_effect=True, sent=sent), None
        except Unreachable:
            return replace(_NO_ANSWER, sent=sent), None
        received = response.content[:_ANSWER_BYTES_MAX]
        outcome = replace(_NO_ANSWER, sent=sent, received=received)
        reply = self._open(received)
        self._compare_clocks(received, begun)
        if reply is None or reply.status in _UNREADABLE:
            self._turn = (self.keys.index(key) + 1) % len(self.keys)
        if reply is None:
            return outcome, None
        return replace(outcome_of(reply.status), sent=sent, received=received), reply

    def _open(self, received: bytes) -> Reply | None:
        for key in self.keys:
            try:
                return envelope.parse_reply(received, key, self._now_unix())
            except Malformed:
                continue
        return None

    def _compare_clocks(self, received: bytes, begun: datetime) -> None:
        for key in self.keys:
            told = envelope.replied_at(received, key)
            if told is not None:
                self.clocks.learn(told, begun - _WHOLE_SECONDS, self.clock.now())
                return

    @property
    def _key(self) -> Key:
        return self.keys[self._turn]

    def _now_unix(self) -> int:
        return int(self.clock.now().timestamp())


def outcome_of(status: str) -> Outcome:
    """Sort an answer by the bank's code alone."""
    return Outcome(classify(status), status, _FINDINGS.get(status))
