"""What goes wrong on purpose. A rate is 0 to 1 and is drawn anew for each occasion."""

from random import Random
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Rate = Annotated[float, Field(ge=0, le=1)]


class Faults(BaseModel):
    """The knobs of ``PUT /simulate/faults``; everything is off by default.

    Attributes:
        duplicate: a delivered notification is sent once more.
        delay_ms: a notification waits this long before its first try.
        reorder: a notification waits until a later one has overtaken it.
        drop: a notification is never sent.
        corrupt: one sign of the ciphertext is changed in this try.
        wrong_key: this try is encrypted with another secret.
        clock_skew_s: the bank's clock is ahead by this much (behind when negative).
        error_code: every request is answered with this status and has no effect.
        refuse_connections: every request ends without an answer of the protocol.
        answer_lost: the request takes effect, but its answer never arrives.
        answer_delay_ms: the bank is slow.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    duplicate: Rate = 0
    delay_ms: Annotated[int, Field(ge=0, le=600_000)] = 0
    reorder: Rate = 0
    drop: Rate = 0
    corrupt: Rate = 0
    wrong_key: Rate = 0
    clock_skew_s: Annotated[int, Field(ge=-86_400, le=86_400)] = 0
    error_code: Annotated[str, Field(pattern=r"^([0-9]{3})?$")] = ""
    refuse_connections: bool = False
    answer_lost: Rate = 0
    answer_delay_ms: Annotated[int, Field(ge=0, le=60_000)] = 0


def strikes(rate: float, chance: Random) -> bool:
    """Draw whether a fault happens this time."""
    return rate > 0 and chance.random() < rate


def corrupted(ciphertext: str, chance: Random) -> str:
    """Change one sign in the second half, where the fields are, not the time."""
    place = chance.randrange(len(ciphertext) // 2, len(ciphertext))
    other = "A" if ciphertext[place] != "A" else "B"
    return ciphertext[:place] + other + ciphertext[place + 1 :]
