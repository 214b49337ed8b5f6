"""When to try again: R1 for calls that failed, R2 for questions without the hoped-for answer."""

from datetime import timedelta
from random import Random

BACKOFF_CAP_SECONDS = 60.0
QUESTIONS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, *([24 * 60] * 7)))


def backoff(failures: int, chance: Random) -> timedelta:
    """Give the pause after the n-th failure in a row: 1 s x 2, cap 60 s, full jitter (R1)."""
    ceiling = min(BACKOFF_CAP_SECONDS, 2.0 ** min(failures - 1, 16))
    return timedelta(seconds=chance.uniform(0, ceiling))


def next_question(asked: int) -> timedelta | None:
    """Give the age of the matter at which to ask again (R2); None: tell a person.

    Args:
        asked: how many times the bank has answered so far.
    """
    if asked > len(QUESTIONS):
        return None
    return QUESTIONS[max(asked, 1) - 1]
