"""A30: Admin hears that a change is asked for, the asker what became of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from shared.contracts.customer import (
    ChangeRequestDecided,
    ChangeRequestOpened,
    CustomerReassigned,
)
from shared.testing import ADMIN, SARI, WAWAN
from shared.testing.plugin import CallAs

PATH = "/api/v1/notifications"
ASKED = "Bapak Wawan minta perubahan pada Bapak Mahmud Sulaiman: pindah kota"
DECIDED = (
    "Permintaan perubahan pada tagihan INV/2026/12/000123 (Bapak Mahmud Sulaiman) "
    "ditolak oleh Ibu Ratna: belum ada bukti"
)
REFUSED = {
    "about": "invoice",
    "about_number": "INV/2026/12/000123",
    "outcome": "refused",
    "decided_by": "Ibu Ratna",
    "words": "belum ada bukti",
    "version": 2,
}

Hear = Callable[..., Awaitable[None]]

pytestmark = pytest.mark.usefixtures("staff")


async def texts(call_as: CallAs, *people: Any) -> list[list[str]]:
    bells = [(await call_as(who).get(PATH)).json() for who in people]
    return [[row["text"] for row in bell["items"]] for bell in bells]


async def test_a30_admin_is_told_once_however_often_it_comes(
    call_as: CallAs, hear: Hear, story: Any
) -> None:
    opened = story.request(ChangeRequestOpened, reason="pindah kota")

    await hear(story.customer(), opened, opened)

    assert await texts(call_as, ADMIN, WAWAN, SARI) == [[ASKED], [], []]
    [notice] = (await call_as(ADMIN).get(PATH)).json()["items"]
    assert notice["link"] == "/change-requests/00000000-0000-0000-0000-000000000600"


async def test_a30_the_asker_reads_the_outcome_and_the_words(
    call_as: CallAs, hear: Hear, story: Any
) -> None:
    await hear(story.customer(), story.request(ChangeRequestDecided, **REFUSED))

    assert await texts(call_as, WAWAN, SARI) == [[DECIDED], []]


async def test_a6_whose_customer_went_to_another_reads_it_no_more(
    call_as: CallAs, hear: Hear, story: Any
) -> None:
    moved = story.customer(
        CustomerReassigned,
        marketing_id=SARI.user_id,
        marketing_name=SARI.name,
        previous_marketing_id=WAWAN.user_id,
        reason="wilayah",
        version=2,
    )

    await hear(story.customer(), story.request(ChangeRequestDecided, **REFUSED), moved)

    assert DECIDED not in (await texts(call_as, WAWAN))[0]
