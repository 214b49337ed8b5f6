"""Taking eCollection's notifications, those that wait in one transaction (C1, C2).

Only plain cases are decided in a batch, with the same rules as everywhere; whatever is unusual is
taken one by one.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from datetime import datetime
from typing import NamedTuple

import asyncpg

from bank_gateway.domain import conversation
from bank_gateway.domain import notice as rules
from bank_gateway.domain.notice import Notice, Origin, Registered
from bank_gateway.domain.payment import NewPayment
from bank_gateway.handlers import callback
from bank_gateway.handlers.events import payment_event, payment_facts
from bank_gateway.handlers.taking import Outcome
from bank_gateway.handlers.together import Together, Waiting
from bank_gateway.metrics import CALLBACK_BATCH, CUSTOMER_NAME_DIFFERS
from bank_gateway.models import Exchange
from bank_gateway.store import intake as store
from bank_gateway.store.intake import Entry, Lane
from bank_gateway.vault import Vault
from bni_protocol.fields import FieldProblem, Notification
from shared.contracts.bank_gateway import PaymentReceived
from shared.database import Sessions
from shared.ids import new_id
from shared.principal import Principal

_SYSTEM = Principal.system("bank-gateway")


@dataclass(frozen=True, slots=True)
class Message:
    """A notification that decodes, as it came."""

    members: Mapping[str, object]
    origin: Origin
    body: bytes


class _Read(NamedTuple):
    """A message, and the notice that it is if its fields can be read."""

    message: Message
    notice: Notice | None


_Waits = Waiting[_Read, Outcome]


@dataclass
class Intake:
    """One per process. ``take`` returns after the commit that holds the notification (C1)."""

    sessions: Sessions
    vault: Vault
    lanes: InitVar[Sequence[Lane]]
    together: Together[_Read, Outcome] = field(init=False)

    def __post_init__(self, lanes: Sequence[Lane]) -> None:
        self.together = Together(lanes, self._store)

    async def take(self, message: Message) -> Outcome:
        """Store a notification and tell what became of it.

        Raises:
            Busy: too many wait already.
        """
        about = frozenset({str(message.members.get("trx_id"))})
        outcome = await self.together.take(_Read(message, _read(message)), about)
        return await self.alone(message) if outcome is None else outcome

    async def _store(
        self, connection: asyncpg.Connection, waiting: Sequence[_Waits]
    ) -> dict[_Waits, Outcome]:
        """Commit the plain cases of a batch, and answer them."""
        notices = {each.item.notice.trx_id: each for each in waiting if each.item.notice}
        known = await store.registered(connection, list(notices))
        now = self.sessions.clock.now()
        plain = _plain(notices, known, now)
        if not plain:
            return {}
        sealed_nothing = self.vault.seal(b"")
        entries = [
            entry_of(payment, each.correlation_id, sealed_nothing, self._sealed(each))
            for each, payment in plain
        ]
        routing_key = PaymentReceived.routing_key()
        free = await store.insert(connection, entries, routing_key, _SYSTEM, now)
        taken = [each for each in plain if each[1].id in free]
        count_batch((payment, known[payment.trx_id]) for _, payment in taken)
        return {each: Outcome.RECEIVED for each, _ in taken}

    def _sealed(self, waiting: _Waits) -> bytes:
        return self.vault.seal(waiting.item.message.body)

    async def alone(self, message: Message) -> Outcome:
        """Take one notification in a transaction of its own."""
        async with self.sessions.begin(_SYSTEM) as session:
            outcome = await callback.take(message.members, message.origin, session)
            if outcome is not Outcome.REPEATED:
                session.add(self._exchange(message, outcome, session.clock.now()))
        return outcome

    def _exchange(self, message: Message, outcome: Outcome, now: datetime) -> Exchange:
        return Exchange(
            at=now,
            operation=conversation.CALLBACK,
            trx_id=str(message.members.get("trx_id", ""))[:30].replace("\x00", ""),
            status=outcome.status,
            facts=conversation.of_callback(message.members),
            sealed_sent=self.vault.seal(b""),
            sealed_received=self.vault.seal(message.body),
        )


def entry_of(
    payment: NewPayment, correlation_id: str, sealed_sent: bytes, sealed_received: bytes
) -> Entry:
    """Spell everything that a genuine notification becomes."""
    event = payment_event(
        payment,
        PaymentReceived,
        payment.received_at,
        correlation_id=correlation_id,
        causation_id=None,
    )
    return Entry(
        payment,
        event.event_id,
        event.model_dump_json(),
        json.dumps(payment_facts(payment)),
        correlation_id,
        sealed_sent,
        sealed_received,
    )


def _read(message: Message) -> Notice | None:
    try:
        return callback.notice_of(Notification.parse(message.members), message.origin)
    except FieldProblem:
        return None


def _plain(
    waiting: Mapping[str, _Waits], known: Mapping[str, Registered], now: datetime
) -> list[tuple[_Waits, NewPayment]]:
    """Make the payments of those who agree with themselves and with us, in order of billing."""
    plain = []
    for trx_id, registered in sorted(known.items()):
        notice = waiting[trx_id].item.notice
        if notice is not None and rules.contradiction(notice, registered) is None:
            plain.append((waiting[trx_id], NewPayment.of(new_id(), notice, registered, now)))
    return plain


def count_batch(taken: Iterable[tuple[NewPayment, Registered]]) -> None:
    """Count what one transaction took; another name is a warning, not a refusal (C4)."""
    payments = list(taken)
    CALLBACK_BATCH.observe(len(payments))
    for payment, registered in payments:
        if not rules.same_payer(payment.payer_name, registered):
            CUSTOMER_NAME_DIFFERS.inc()
