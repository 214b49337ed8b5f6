"""When to try again: R1 for calls that failed, R2 for questions without the hoped-for answer."""

from datetime import datetime, timedelta
from random import Random

from shared.clock import business_day, start_of_day

BACKOFF_CAP_SECONDS = 60.0
TRIES_MAX = 5
INQUIRY_LIMIT_PAUSE = timedelta(minutes=15)
QUESTION_PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=4),
    timedelta(minutes=10),
    timedelta(minutes=45),
    *[timedelta(days=1)] * 7,
)
"""So the questions fall at 0, 1, 5, 15 and 60 minutes, then daily for a week."""

WATCH_EVERY = timedelta(days=1)
AFTER_EXPIRY = timedelta(minutes=1)
STILL_ACTIVE_PAUSE = timedelta(minutes=15)


def backoff(failures: int, chance: Random) -> timedelta:
    """Give the pause after the n-th failure in a row: 1 s x 2, cap 60 s, full jitter (R1)."""
    ceiling = min(BACKOFF_CAP_SECONDS, 2.0 ** min(failures - 1, 16))
    return timedelta(seconds=chance.uniform(0, ceiling))


def next_try(failures: int, chance: Random) -> timedelta | None:
    """Give the pause after the n-th failure in a row: R1 five times, then R2; None: a person."""
    if failures <= TRIES_MAX:
        return backoff(failures, chance)
    return next_question(failures - TRIES_MAX)


def next_day(now: datetime) -> datetime:
    """Say when a limit per day is over: at the next midnight in Jakarta."""
    return start_of_day(business_day(now) + timedelta(days=1))


def next_question(answers: int) -> timedelta | None:
    """Give the pause after the n-th answer that settled nothing (R2); None: tell a person."""
    if answers > len(QUESTION_PAUSES):
        return None
    return QUESTION_PAUSES[answers - 1]


def next_watch(expires_at: datetime, now: datetime) -> datetime:
    """Say when to look at an active account again: daily, and right after its expiry."""
    due = min(expires_at + AFTER_EXPIRY, now + WATCH_EVERY)
    return max(due, now + STILL_ACTIVE_PAUSE)
