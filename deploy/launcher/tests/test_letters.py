"""Dead letters can be listed, tried again and given up, and each act is audited (R5)."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from launcher import letters
from launcher.house import ROOT
from shared import audit, failures
from shared.bus import Message
from shared.database import Sessions
from shared.errors import NotFound
from shared.ids import new_id
from shared.principal import Principal
from shared.testing import Database

SYSTEM = Principal.system("invoicing")


@pytest.fixture
def service_folder() -> Path:
    """Invoicing's tables; dead letters lie in every service alike."""
    return ROOT / "services" / "invoicing"


@pytest.fixture
def urls(database: Database) -> dict[str, str]:
    return {"invoicing": database.url}


@pytest.fixture
async def delivery_id(sessions: Sessions) -> UUID:
    message = Message("booking.confirmed.v1", b'{"number": "BKG-000001"}', new_id())
    async with sessions.begin(SYSTEM) as session:
        await failures.record(session, message, "rusak", permanent=True)
    async with sessions.begin(SYSTEM) as session:
        return (await failures.dead(session))[0].id


class TestDeadLetters:
    async def test_r5_they_are_listed_with_service_and_reason(
        self, urls: dict[str, str], delivery_id: UUID
    ) -> None:
        [letter] = await letters.dead_letters(urls)

        assert (letter.service, letter.delivery.reason) == ("invoicing", "rusak")

    async def test_r5_a_replayed_one_waits_for_nobody(
        self, urls: dict[str, str], delivery_id: UUID, sessions: Sessions
    ) -> None:
        service = await letters.replay(urls, delivery_id)

        assert service == "invoicing"
        assert await letters.dead_letters(urls) == []
        assert await acts(sessions, delivery_id) == [("dead_letter.replayed", None)]

    async def test_r5_a_discarded_one_keeps_its_reason(
        self, urls: dict[str, str], delivery_id: UUID, sessions: Sessions
    ) -> None:
        await letters.discard(urls, delivery_id, "uji coba")

        assert await letters.dead_letters(urls) == []
        assert await acts(sessions, delivery_id) == [("dead_letter.discarded", "uji coba")]

    async def test_an_unknown_one_is_not_found(self, urls: dict[str, str]) -> None:
        with pytest.raises(NotFound):
            await letters.replay(urls, new_id())


async def acts(sessions: Sessions, delivery_id: UUID) -> list[tuple[str, str | None]]:
    async with sessions.begin(SYSTEM) as session:
        return [(e.action, e.reason) for e in await audit.of_object(session, delivery_id)]
