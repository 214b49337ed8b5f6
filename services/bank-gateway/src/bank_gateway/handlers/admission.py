"""Whether a call may leave now: pauses, breaker and pace, shared by all workers (R1, R2, K1).

Rows are locked in one order: the work's own rows, the breaker, the paces. What one worker learns
of the bank's limits holds for all of them, and for those that start later.
"""

from datetime import datetime, timedelta

from bank_gateway.domain import schedule
from bank_gateway.domain.bank import Outcome
from bank_gateway.domain.breaker import Breaker
from bank_gateway.domain.limits import Limits, Pace
from bank_gateway.handlers.attempt import Task
from bank_gateway.models import Call, Work
from bank_gateway.store import limits as store
from bank_gateway.store import work as works
from bni_protocol.codes import Answer
from shared.database import Session
from shared.logs import logger

LONGEST_WAIT = timedelta(seconds=30)
"""A worker that has leased its work waits no longer for its turn; the work does."""

_CALLS, _QUESTIONS = "calls", "questions"


async def admit(limits: Limits, work: Work, task: Task, session: Session) -> datetime | None:
    """Give the moment at which the call may leave; None when the work was put off instead."""
    now = session.clock.now()
    breaker = await store.lock_open_breaker(session)
    if breaker is not None and breaker.waits_until(now):
        await works.put_off(session, work.id, task.call)
        return None
    free_at = await store.lock_pace(session, _CALLS)
    start = limits.calls.start(free_at, now)
    late = start if start > now + LONGEST_WAIT else await _rests_until(limits, task, session)
    if late is not None:
        await works.put_off(session, work.id, task.call, late)
        return None
    await store.set_pace(session, _CALLS, limits.calls.after(start, free_at, now))
    if breaker is not None:
        await store.set_breaker(session, breaker.probing(start))
    return start


async def learn(limits: Limits, task: Task, outcome: Outcome, session: Session) -> Breaker | None:
    """Keep what an answer says of the bank's health and limits; give the trouble it ended."""
    now = session.clock.now()
    well = outcome.answer is not Answer.LATER or outcome.over_limit
    ended: Breaker | None = None
    if well:
        ended = await store.close_breaker(session)
    else:
        breaker = await store.lock_breaker(session)
        await store.set_breaker(session, breaker.failed(now))
        log = logger("bank-gateway")
        log.warning("no usable answer", call=task.call, status=outcome.status or "none")
    if outcome.over_inquiry_limit:
        await store.pause(session, Call.INQUIRE, now + schedule.INQUIRY_LIMIT_PAUSE)
    elif outcome.over_limit:
        await store.pause(session, task.call, schedule.next_day(now))
    if task.call == Call.INQUIRE and not well:
        await _give_back(limits.questions_of_one, task, session)
    return ended


async def _rests_until(limits: Limits, task: Task, session: Session) -> datetime | None:
    """Say from when on such a call may be made; None: now, and a question has taken its turn."""
    if task.call != Call.INQUIRE:
        return await store.paused_until(session, task.call)
    now = session.clock.now()
    all_free_at = await store.lock_pace(session, _QUESTIONS)
    own_free_at = await store.lock_pace(session, _question_about(task))
    all_start = limits.questions.start(all_free_at, now)
    if all_start > now:
        await store.pause(session, Call.INQUIRE, all_start)
    paused_until = await store.paused_until(session, Call.INQUIRE)
    start = max(paused_until or now, limits.questions_of_one.start(own_free_at, now))
    if start > now:
        return start
    after = limits.questions.after(now, all_free_at, now)
    own_after = limits.questions_of_one.after(now, own_free_at, now)
    await store.set_pace(session, _QUESTIONS, after)
    await store.set_pace(session, _question_about(task), own_after)
    return None


async def _give_back(pace: Pace, task: Task, session: Session) -> None:
    """A question without an answer told us nothing; R1 spaces its repeats."""
    subject = _question_about(task)
    free_at = await store.lock_pace(session, subject)
    await store.set_pace(session, subject, free_at - pace.gap)


def _question_about(task: Task) -> str:
    return f"{_QUESTIONS}:{task.trx_id}"
