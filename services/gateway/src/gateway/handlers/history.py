"""What happened, in all services, in one order; and whether their chains hold."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from gateway.domain.routing import SERVICES
from gateway.handlers.upstreams import OWN, Upstreams
from shared import activities, audit, inspection
from shared.activities import key_of
from shared.database import Session
from shared.http import Unreachable
from shared.paging import encode_instant
from shared.web.app import ACTIVITIES_PATH, AUDIT_PATH, CHAIN_PATH

Row = dict[str, Any]
OTHERS = sorted(SERVICES - {OWN})


@dataclass(frozen=True)
class History:
    """Audit rows, newest first, and which services could not be asked."""

    rows: list[Row]
    total: int
    next_cursor: str | None
    unavailable: list[str]


async def history(wanted: audit.Wanted, upstreams: Upstreams, session: Session) -> History:
    """Gather one page from every service, in the caller's name.

    Each gives as many rows as the page has, so whatever mixture is the newest, it is here; the
    next page begins after the last row in each service alike.
    """
    asked = wanted.model_copy(update={"limit": wanted.limit + 1})
    own = await audit.find(session, asked)
    mine = [entry.model_dump(mode="json") | {"service": OWN} for entry in own]
    query = urlencode(asked.model_dump(mode="json", exclude_none=True))
    parts = await _from_all(f"{AUDIT_PATH}?{query}", upstreams, session)
    answered = [part for part in parts if part is not None]
    total = await audit.count(session, wanted) + sum(part["count"] for part in answered)
    page, following = _page([mine, *(part["rows"] for part in answered)], wanted.limit)
    return History(page, total, following, _silent(parts))


async def happenings(wanted: activities.Wanted, upstreams: Upstreams, session: Session) -> History:
    """Gather what happened around one thing; ``total`` counts this page only."""
    asked = wanted.model_copy(update={"limit": wanted.limit + 1})
    query = urlencode(asked.model_dump(mode="json", exclude_none=True))
    parts = await _from_all(f"{ACTIVITIES_PATH}?{query}", upstreams, session)
    page, following = _page([part for part in parts if part is not None], wanted.limit)
    return History(page, len(page), following, _silent(parts))


def _page(sorted_rows: Sequence[list[Row]], limit: int) -> tuple[list[Row], str | None]:
    rows = list(islice(heapq.merge(*sorted_rows, key=key_of, reverse=True), limit + 1))
    page = rows[:limit]
    return page, encode_instant(*key_of(page[-1])) if len(rows) > limit else None


@dataclass(frozen=True)
class Chains:
    """How each service's chain was last found, and which could not be asked."""

    items: list[Row]
    unavailable: list[str]


async def chains(upstreams: Upstreams, session: Session) -> Chains:
    """Ask every service how its chain was last found."""
    own = asdict(await inspection.chain(session)) | {"service": OWN}
    parts = await _from_all(CHAIN_PATH, upstreams, session)
    items = [own, *(part for part in parts if part is not None)]
    return Chains(items, _silent(parts))


def _silent(parts: Sequence[object | None]) -> list[str]:
    return [name for name, part in zip(OTHERS, parts, strict=True) if part is None]


async def _from_all(path: str, upstreams: Upstreams, session: Session) -> list[Any]:
    return await asyncio.gather(*(_ask(name, path, upstreams, session) for name in OTHERS))


async def _ask(service: str, path: str, upstreams: Upstreams, session: Session) -> Any:
    try:
        answer = await upstreams.ask(service, path, session.principal, session.clock.now())
    except Unreachable:
        return None
    return answer.json() if answer.status_code == 200 else None
