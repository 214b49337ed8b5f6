"""What happened to one object, in all services."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gateway.domain.routing import SERVICES
from gateway.handlers.upstreams import OWN, Upstreams
from shared import audit
from shared.database import Session
from shared.http import Unreachable

Row = dict[str, Any]


@dataclass(frozen=True)
class History:
    """Audit rows, newest first, and which services could not be asked."""

    rows: list[Row]
    unavailable: list[str]


async def history_of(object_id: UUID, upstreams: Upstreams, session: Session) -> History:
    """Gather the rows of one object from every service, in the caller's name."""
    own = [
        entry.model_dump(mode="json") | {"service": OWN}
        for entry in await audit.of_object(session, object_id)
    ]
    others = sorted(SERVICES - {OWN})
    parts = await asyncio.gather(*(_ask(each, object_id, upstreams, session) for each in others))
    rows = own + [row for part in parts if part is not None for row in part]
    rows.sort(key=lambda row: (row["at"], row["id"]), reverse=True)
    unavailable = [name for name, part in zip(others, parts, strict=True) if part is None]
    return History(rows, unavailable)


async def _ask(
    service: str, object_id: UUID, upstreams: Upstreams, session: Session
) -> list[Row] | None:
    path = f"/internal/audit?object_id={object_id}"
    try:
        answer = await upstreams.ask(service, path, session.principal, session.clock.now())
    except Unreachable:
        return None
    rows: list[Row] | None = answer.json() if answer.status_code == 200 else None
    return rows
