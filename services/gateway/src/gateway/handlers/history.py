"""What happened, in all services, in one order; and whether their chains hold."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from gateway.domain.routing import SERVICES
from gateway.handlers.upstreams import OWN, Upstreams
from shared import audit, inspection
from shared.database import Session
from shared.http import Unreachable
from shared.paging import encode_instant
from shared.web.app import AUDIT_PATH, CHAIN_PATH

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
    merged = heapq.merge(mine, *(part["rows"] for part in answered), key=_key, reverse=True)
    rows = list(islice(merged, wanted.limit + 1))
    total = await audit.count(session, wanted) + sum(part["count"] for part in answered)
    page = rows[: wanted.limit]
    following = encode_instant(*_key(page[-1])) if len(rows) > wanted.limit else None
    return History(page, total, following, _silent(parts))


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


def _key(row: Row) -> tuple[datetime, UUID]:
    return datetime.fromisoformat(row["at"]), UUID(row["id"])


def _silent(parts: Sequence[Row | None]) -> list[str]:
    return [name for name, part in zip(OTHERS, parts, strict=True) if part is None]


async def _from_all(path: str, upstreams: Upstreams, session: Session) -> list[Row | None]:
    return await asyncio.gather(*(_ask(name, path, upstreams, session) for name in OTHERS))


async def _ask(service: str, path: str, upstreams: Upstreams, session: Session) -> Row | None:
    try:
        answer = await upstreams.ask(service, path, session.principal, session.clock.now())
    except Unreachable:
        return None
    found: Row | None = answer.json() if answer.status_code == 200 else None
    return found
