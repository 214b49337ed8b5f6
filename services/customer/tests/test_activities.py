"""The story of a customer and his bookings, for whoever may see him (A2, A30, A43)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.clock import FrozenClock
from shared.testing import ADMIN, SARI, WAWAN
from shared.testing.plugin import CallAs

PATH = "/internal/activities"
MINUTE = timedelta(minutes=1)

Made = dict[str, Any]
Make = Callable[..., Awaitable[Made]]


@pytest.fixture
async def mahmud(
    call_as: CallAs, clock: FrozenClock, register: Make, offer: Make, book: Make
) -> Made:
    """A customer of Wawan's: registered, booked for, corrected, asked about."""
    customer = await register()
    clock.advance(MINUTE)
    booking = await book(customer, await offer())
    clock.advance(MINUTE)
    path = f"/api/v1/customers/{customer['id']}"
    seen = {"If-Match": '"1"'}
    await call_as(WAWAN).call("PATCH", path, json={"phone": "081234567890"}, headers=seen)
    clock.advance(MINUTE)
    about = {"kind": "booking", "id": booking["id"]}
    asked = {"customer_id": customer["id"], "about": about, "reason": "tenor menjadi 12"}
    await call_as(WAWAN).post("/api/v1/change-requests", asked)
    clock.advance(MINUTE)
    return customer | {"booking_id": booking["id"]}


async def actions(call_as: CallAs, who: Any, **query: str) -> list[str]:
    answer = await call_as(who).get(PATH, params=query)
    assert answer.status_code == 200, answer.text
    return [row["action"] for row in answer.json()]


class TestTheStory:
    async def test_p4_all_that_happened_newest_first(self, call_as: CallAs, mahmud: Made) -> None:
        assert await actions(call_as, WAWAN, customer_id=mahmud["id"]) == [
            "change_request.opened",
            "customer.changed",
            "booking.drafted",
            "customer.registered",
        ]

    async def test_p4_a_booking_has_its_part_of_it(self, call_as: CallAs, mahmud: Made) -> None:
        told = await actions(call_as, WAWAN, booking_id=mahmud["booking_id"])

        assert told == ["change_request.opened", "booking.drafted"]

    async def test_a2_nobody_reads_the_story_of_anothers_customer(
        self, call_as: CallAs, mahmud: Made
    ) -> None:
        for subject in ({"customer_id": mahmud["id"]}, {"booking_id": mahmud["booking_id"]}):
            assert await actions(call_as, SARI, **subject) == []

    async def test_a43_the_story_moves_with_the_customer(
        self, call_as: CallAs, mahmud: Made
    ) -> None:
        body = {"marketing_id": str(SARI.user_id), "reason": "wilayah"}
        await call_as(ADMIN).post(f"/api/v1/customers/{mahmud['id']}/reassign", body)

        told = await actions(call_as, SARI, customer_id=mahmud["id"])
        assert (told[0], len(told)) == ("customer.reassigned", 5)
        assert await actions(call_as, WAWAN, customer_id=mahmud["id"]) == []

    async def test_p4_it_is_read_by_kind(self, call_as: CallAs, mahmud: Made) -> None:
        told = await actions(call_as, WAWAN, customer_id=mahmud["id"], kind="booking")

        assert told == ["booking.drafted"]

    async def test_a2_rows_carry_no_ids_of_people_or_things(
        self, call_as: CallAs, mahmud: Made
    ) -> None:
        rows = (await call_as(WAWAN).get(PATH, params={"customer_id": mahmud["id"]})).json()

        assert rows[1]["before"] == {"phone": "+628561101133"}
        assert rows[1]["after"] == {"phone": "+6281234567890"}
        assert all("correlation_id" not in row for row in rows)
        assert not [name for row in rows for name in row["after"] if name.endswith("_id")]

    @pytest.mark.parametrize(
        "query", [{}, {"customer_id": str(uuid4()), "booking_id": str(uuid4())}, {"kind": "x"}]
    )
    async def test_b3_one_subject_and_a_known_kind(self, call_as: CallAs, query: Made) -> None:
        assert (await call_as(WAWAN).get(PATH, params=query)).status_code == 422
