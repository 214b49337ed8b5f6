"""P10: when many customers move, each Marketing hears of it once, not once per customer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from shared.contracts.customer import CustomerReassigned, CustomersHandedOver
from shared.testing import ADMIN, SARI, WAWAN
from shared.testing.plugin import NOW, CallAs

PATH = "/api/v1/notifications"
HANDOVER = UUID(int=0x700)

Hear = Callable[..., Awaitable[None]]

pytestmark = pytest.mark.usefixtures("staff")


def finished(version: int, customer_id: UUID, *, undone: bool) -> CustomersHandedOver:
    part = {"from_id": WAWAN.user_id, "from_name": WAWAN.name, "customers": 42}
    return CustomersHandedOver.of(
        version,
        NOW,
        HANDOVER,
        to_id=SARI.user_id,
        to_name=SARI.name,
        parts=[part | {"customer_id": customer_id}],
        undone=undone,
        reason="wilayah",
    )


async def texts(call_as: CallAs, *people: Any) -> list[list[str]]:
    bells = [(await call_as(who).get(PATH)).json() for who in people]
    return [[row["text"] for row in bell["items"]] for bell in bells]


async def test_p10_both_marketing_and_admin_hear_once(
    call_as: CallAs, hear: Hear, story: Any
) -> None:
    moved = story.customer(
        CustomerReassigned,
        marketing_id=SARI.user_id,
        marketing_name=SARI.name,
        previous_marketing_id=WAWAN.user_id,
        reason="wilayah",
        handover_id=HANDOVER,
        version=2,
    )
    told = finished(5, story.customer_id, undone=False)

    await hear(story.customer(), moved, told, told)

    assert await texts(call_as, WAWAN, SARI, ADMIN) == [
        ["42 pelanggan dipindahkan dari Anda kepada Ibu Sari"],
        ["42 pelanggan dipindahkan dari Bapak Wawan kepada Anda"],
        ["42 pelanggan dipindahkan dari Bapak Wawan kepada Ibu Sari"],
    ]


async def test_p10_taking_back_is_told_the_other_way_round(
    call_as: CallAs, hear: Hear, story: Any
) -> None:
    await hear(story.customer(), finished(7, story.customer_id, undone=True))

    assert await texts(call_as, WAWAN, SARI) == [
        ["42 pelanggan dipindahkan dari Ibu Sari kepada Anda"],
        ["42 pelanggan dipindahkan dari Anda kepada Bapak Wawan"],
    ]
