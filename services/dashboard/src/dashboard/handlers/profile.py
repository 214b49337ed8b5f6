"""One's own account: where one is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dashboard.domain import browsers
from dashboard.domain.answers.base import Answer
from dashboard.domain.answers.second_factor import FactorState
from dashboard.store.services import Reader


class Session(Answer):
    """A session of a browser or a token of a program."""

    kind: str
    agent: str = ""
    source: str = ""
    created_at: datetime
    seen_at: datetime
    present: bool = False


class Sessions(Answer):
    """The live ones."""

    items: tuple[Session, ...] = ()


class Ended(Answer):
    """How many ended."""

    ended: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A session as the page shows it."""

    words: str
    icon: str
    source: str
    seen_at: datetime
    present: bool


async def sessions(reader: Reader, credential: str) -> list[Shown]:
    """List where the reader is signed in; the credential says which one this is."""
    found = await reader.send("gateway", "GET", "/me/sessions", {}, Sessions, credential=credential)
    return [
        Shown(
            words="Program dengan token" if each.kind == "token" else browsers.spoken(each.agent),
            icon=_icon(each),
            source=each.source,
            seen_at=each.seen_at,
            present=each.present,
        )
        for each in found.items
    ]


def _icon(each: Session) -> str:
    if each.kind == "token":
        return "link"
    return "smartphone" if browsers.is_phone(each.agent) else "monitor"


async def factor(reader: Reader) -> FactorState:
    """Read how the second factor stands."""
    return await reader.get("gateway", "/me/second-factor", FactorState)


async def end_others(reader: Reader, credential: str) -> int:
    """Leave all other devices."""
    done = await reader.send("gateway", "DELETE", "/me/sessions", {}, Ended, credential=credential)
    return done.ended
