"""Knowing when nothing moves any more inside the one process that loads the demo."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from sqlalchemy import func
from sqlmodel import select

from launcher.errors import Refusal
from shared import failures, outbox
from shared.database import Session
from shared.service import Service
from shared.tables import FailedDelivery

WAIT_SECONDS = 60.0
_PAUSE_SECONDS = 0.02


class Rest:
    """Waits until no service has an event to send or a delivery to try again.

    ``memory://`` confirms a publish only when every listener is done with it, so an empty
    outbox everywhere means that every consequence has happened too.
    """

    def __init__(self, services: Sequence[Service]) -> None:
        self._services = services

    async def __call__(self) -> None:
        """Wait.

        Raises:
            Refusal: a delivery is dead, or it took too long.
        """
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            if not any(await asyncio.gather(*map(_busy, self._services))):
                return
            await asyncio.sleep(_PAUSE_SECONDS)
        raise Refusal("Data contoh: sistem tidak kunjung tenang; lihat log.")


async def _busy(service: Service) -> bool:
    async with service.sessions.begin(service.principal) as session:
        if await failures.count_dead(session):
            raise Refusal(f"Data contoh: kiriman ke {service.name} gagal; lihat log.")
        return bool(await outbox.pending(session) or await _waiting(session))


async def _waiting(session: Session) -> int:
    query = select(func.count()).where(FailedDelivery.state == failures.WAITING)
    return (await session.exec(query)).one()
