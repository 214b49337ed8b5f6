"""Does the work for the bank: lease, call, settle. No transaction is open during a call."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from bank_gateway.domain import conversation
from bank_gateway.domain.bank import Bank, Outcome
from bank_gateway.domain.limits import Limits
from bank_gateway.handlers import admission, bank_work
from bank_gateway.handlers.attempt import Desk, Task
from bank_gateway.metrics import BANK_CALLS, GIVEN_UP, QUARANTINED
from bank_gateway.models import Call, Exchange, Work
from bank_gateway.store import limits as shared_limits
from bank_gateway.store import payment as payments
from bank_gateway.store import snap
from bank_gateway.store import work as works
from bank_gateway.vault import Vault
from bni_protocol.codes import Answer
from shared import context
from shared.database import Session, Sessions
from shared.principal import Principal

LEASE = timedelta(seconds=60)
"""From when the call leaves; longer than it may take, so nobody else makes it meanwhile (K3)."""
CALL_SECONDS = 50.0
CLEAN_EVERY = timedelta(minutes=5)
_PACES_KEPT = timedelta(hours=1)
KEPT_FOR = timedelta(days=30)
ANSWERS_KEPT_FOR = timedelta(days=90)  # I1
_BATCH = 1000

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True)
class BankWorker:
    """One of several workers on the same queue.

    When the bank answers again after failures, everything that waited for it is due at once;
    until then an open breaker lets one piece of work through every thirty seconds. Breaker and
    limits are in the database: they hold for the workers of all processes.
    """

    sessions: Sessions
    bank: Bank
    desk: Desk
    vault: Vault
    limits: Limits
    sleep: Sleep
    call_seconds: float = CALL_SECONDS

    @property
    def principal(self) -> Principal:
        return Principal.system("bank-gateway")

    async def step(self) -> timedelta | None:
        """Do one piece of work; tell when to come again."""
        async with self.sessions.begin(self.principal) as session:
            now = session.clock.now()
            probe_at = (await shared_limits.breaker(session)).waits_until(now)
            if probe_at is not None:
                return probe_at - now
            work = await works.lease(session, LEASE)
            next_at = await works.next_due_at(session) if work is None else None
        if work is not None:
            with context.bound(work.correlation_id):
                await self._do(work)
            return timedelta()
        return None if next_at is None else next_at - now

    async def _do(self, work: Work) -> None:
        async with self.sessions.begin(self.principal) as session:
            task = await bank_work.prepare(work, session)
            start = await admission.admit(self.limits, work, task, session) if task else None
            if start is not None:
                await works.renew(session, work, start + LEASE)
        if task is None or start is None:
            return
        await self.sleep((start - self.sessions.clock.now()).total_seconds())
        begun = time.monotonic()
        outcome = await self._call(task)
        milliseconds = round((time.monotonic() - begun) * 1000)
        BANK_CALLS.labels(task.call, outcome.answer).inc()
        async with self.sessions.begin(self.principal) as session:
            session.add(self._exchange(task, outcome, milliseconds, session))
            await bank_work.settle(work, task, outcome, self.desk, session)
            ended = await admission.learn(self.limits, task, outcome, session)
        if ended is not None:
            async with self.sessions.begin(self.principal) as session:
                await works.wake_failed(session, everything=ended.is_open)

    async def _call(self, task: Task) -> Outcome:
        """Make the call; one that takes too long has an unknown outcome, like any without answer.

        In SNAP a question may take several calls, each with a token that has to be renewed.
        """
        try:
            async with asyncio.timeout(self.call_seconds):
                return await self._ask(task)
        except TimeoutError:
            return Outcome(Answer.LATER)

    async def _ask(self, task: Task) -> Outcome:
        if task.call == Call.INQUIRE:
            return await self.bank.inquire(task.inquiry)
        if task.call == Call.DEACTIVATE:
            return await self.bank.deactivate(task.trx_id, task.virtual_account)
        assert task.billing is not None  # create and update carry their terms
        if task.call == Call.CREATE:
            return await self.bank.create(task.billing)
        return await self.bank.update(task.billing)

    def _exchange(
        self, task: Task, outcome: Outcome, milliseconds: int, session: Session
    ) -> Exchange:
        return Exchange(
            at=session.clock.now(),
            operation=task.call,
            trx_id=task.trx_id,
            status=outcome.status,
            facts=conversation.of_call(task.billing, outcome.state),
            milliseconds=milliseconds,
            sealed_sent=self.vault.seal(outcome.sent),
            sealed_received=self.vault.seal(outcome.received),
        )

    async def clean_step(self) -> timedelta | None:
        """Delete sealed messages (C9) and kept answers (I1) when their time has come.

        Shows what waits for a person.
        """
        async with self.sessions.begin(self.principal) as session:
            before = session.clock.now() - KEPT_FOR
            deleted = await payments.delete_exchanges_before(session, before, _BATCH)
            forgotten = await snap.forget_before(
                session, session.clock.now() - ANSWERS_KEPT_FOR, _BATCH
            )
            await shared_limits.forget_paces(session, session.clock.now() - _PACES_KEPT)
            QUARANTINED.set(await payments.count_quarantined(session))
            GIVEN_UP.set(await works.count_given_up(session))
        return timedelta() if _BATCH in {deleted, forgotten} else CLEAN_EVERY
