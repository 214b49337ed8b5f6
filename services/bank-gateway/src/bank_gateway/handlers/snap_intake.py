"""Taking the payments that SNAP BI tells of, those that wait in one transaction (C1, C2, C10).

As with eCollection only plain cases are decided in a batch: a payment of ours that nobody told of
before, under a number that was not used, with the total that its place needs.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from datetime import datetime
from typing import NamedTuple

import asyncpg

from bank_gateway.domain import conversation
from bank_gateway.domain import notice as rules
from bank_gateway.domain.account import PAID_ONCE, bank_name
from bank_gateway.domain.notice import Origin
from bank_gateway.domain.payment import NewPayment
from bank_gateway.domain.snap_notice import billed_idr, too_late
from bank_gateway.handlers.intake import count_batch, entry_of
from bank_gateway.handlers.snap_payment import SnapPayments, Told, notice_of
from bank_gateway.handlers.taking import Outcome
from bank_gateway.handlers.together import Together, Waiting
from bank_gateway.store import snap_intake as store
from bank_gateway.store.intake import Lane
from bank_gateway.store.snap_intake import Answered, Payable
from shared.contracts.bank_gateway import PaymentReceived
from shared.ids import new_id
from shared.principal import Principal
from snap_protocol import merchant, replies, signing
from snap_protocol.fields import SnapProblem
from snap_protocol.messages import PaymentRequest
from snap_protocol.receiving import Signed

_SYSTEM = Principal.system("bank-gateway")


class _Read(NamedTuple):
    """A message, and what it tells if its fields can be read."""

    signed: Signed
    told: PaymentRequest | None
    origin: Origin

    @property
    def subjects(self) -> frozenset[str]:
        """What it is about, under every name that it gives."""
        number = f"number {self.signed.day} {self.signed.external_id}"
        if self.told is None:
            return frozenset({number})
        names = {number, f"payment {self.told.request_id}", f"account {self.told.identity.number}"}
        return frozenset(names | ({f"billing {self.told.trx_id}"} if self.told.trx_id else set()))


_Waits = Waiting[_Read, Told]


class _Plain(NamedTuple):
    """A payment that agrees with itself and with us."""

    waiting: _Waits
    told: PaymentRequest
    payable: Payable
    payment: NewPayment


@dataclass
class SnapIntake:
    """One per process; ``payments`` takes what is nothing for a batch."""

    payments: SnapPayments
    lanes: InitVar[Sequence[Lane]]
    together: Together[_Read, Told] = field(init=False)

    def __post_init__(self, lanes: Sequence[Lane]) -> None:
        self.together = Together(lanes, self._store)

    async def take(self, signed: Signed, source: str) -> Told:
        """Store a payment that is proved to be the bank's, and answer after the commit (C1).

        Raises:
            SnapProblem: a field is not of its kind, or the number was used for another body.
            Malformed: no JSON object.
            Busy: too many wait already.
        """
        members = replies.parse_object(signed.body)
        read = _Read(signed, _told(members), Origin(self.payments.client_id, source))
        answer = await self.together.take(read, read.subjects)
        return await self.payments.take(signed, source) if answer is None else answer

    async def _store(
        self, connection: asyncpg.Connection, waiting: Sequence[_Waits]
    ) -> dict[_Waits, Told]:
        """Commit the plain cases of a batch, and answer them."""
        found = await _accounts(connection, waiting)
        now = self.payments.sessions.clock.now()
        plain = [each for each in (_plain(*both, now) for both in found.items()) if each]
        if not plain:
            return {}
        plain.sort(key=lambda each: each.payment.trx_id)
        answered = [self._answered(each) for each in plain]
        routing_key = PaymentReceived.routing_key()
        free = await store.insert(connection, answered, routing_key, _SYSTEM, now)
        taken = [both for both in zip(plain, answered, strict=True) if both[0].payment.id in free]
        count_batch((each.payment, each.payable.registered) for each, _ in taken)
        return {
            each.waiting: Told(Outcome.RECEIVED, given.code, given.answer) for each, given in taken
        }

    def _answered(self, plain: _Plain) -> Answered:
        read, vault = plain.waiting.item, self.payments.vault
        holder_name = bank_name(plain.payable.registered.holder_name)
        _, members = merchant.payment_answer(plain.told, merchant.DONE, holder_name)
        answer = replies.serialise(members)
        sealed = (vault.seal(answer), vault.seal(read.signed.body))
        return Answered(
            entry_of(plain.payment, plain.waiting.correlation_id, *sealed),
            self.payments.key(read.signed),
            signing.body_hash(read.signed.body),
            str(members["responseCode"]),
            answer,
            json.dumps(conversation.of_snap_payment(plain.told)),
        )


def _told(members: Mapping[str, object]) -> PaymentRequest | None:
    try:
        return PaymentRequest.parse(members)
    except SnapProblem:
        return None


async def _accounts(
    connection: asyncpg.Connection, waiting: Sequence[_Waits]
) -> dict[_Waits, Payable]:
    """Find the accounts that are meant by their billing, else by their number.

    Not those of a billing that we never named: what the bank calls by a name of its own is taken
    alone.
    """
    told = [(each, each.item.told) for each in waiting if each.item.told is not None]
    named = {told.trx_id: each for each, told in told if told.trx_id}
    numbered = {told.identity.number: each for each, told in told if not told.trx_id}
    by_trx_id = await store.by_trx_id(connection, list(named)) if named else {}
    by_number = await store.by_number(connection, list(numbered)) if numbered else {}
    return {named[trx_id]: payable for trx_id, payable in by_trx_id.items()} | {
        numbered[number]: payable for number, payable in by_number.items()
    }


def _plain(waiting: _Waits, payable: Payable, now: datetime) -> _Plain | None:
    """Make the payment, if nothing is unusual about it and its place is known (M8)."""
    read, registered = waiting.item, payable.registered
    told, kind = read.told, registered.billing_type
    if told is None or (told.cumulative_idr is None and kind not in PAID_ONCE):
        return None
    billed = billed_idr(kind, told.billed_idr, told.paid_idr, registered.amounts_idr)
    names = {"trx_id": payable.trx_id, "holder_name": bank_name(registered.holder_name)}
    notice = notice_of(read.signed, told, read.origin, billed=billed, **names)
    late = too_late(payable.status, payable.payable_until, notice.paid_at)
    if late is not None or rules.contradiction(notice, registered) is not None:
        return None
    payment = NewPayment.of(new_id(), notice, registered, now)
    return _Plain(waiting, told, payable, payment)
