"""The list of bookings: its tabs, its sum, its orders."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from shared.testing import WAWAN
from shared.testing.plugin import CallAs

PATH = "/api/v1/bookings"
Made = dict[str, Any]
Make = Callable[..., Awaitable[Made]]


@pytest.fixture
async def three(call_as: CallAs, register: Make, offer: Make, book: Make) -> list[Made]:
    """A draft, a confirmed one, and one that was called off; the newest last."""
    who, what = await register(), await offer("KAV-1")
    made = [await book(who, what) for _ in range(3)]
    await call_as(WAWAN).post(f"{PATH}/{made[1]['id']}/confirm", {})
    await call_as(WAWAN).post(f"{PATH}/{made[2]['id']}/cancel", {"reason": "x"})
    return made


class TestTheList:
    async def test_counts_its_tabs_and_sums_what_was_not_called_off(
        self, call_as: CallAs, three: list[Made]
    ) -> None:
        each = three[0]["total_idr"]

        every = (await call_as(WAWAN).get(PATH)).json()
        drafts = (await call_as(WAWAN).get(PATH, params={"status": "draft"})).json()

        counts = {"all": 3, "draft": 1, "confirmed": 1, "completed": 0, "cancelled": 1}
        assert every["views"] == drafts["views"] == counts
        assert (every["total"], every["totals"]["total_idr"]) == (3, 2 * each)
        assert (drafts["total"], drafts["totals"]["total_idr"]) == (1, each)

    async def test_finds_a_product_and_an_exact_total(
        self, call_as: CallAs, three: list[Made]
    ) -> None:
        words = three[0]["items"][0]["product_name"][-6:]
        amount = f"{three[0]['total_idr']:,}".replace(",", ".")

        totals = [
            (await call_as(WAWAN).get(PATH, params={"search": text})).json()["total"]
            for text in (words, amount, f"{amount[:-1]}1")
        ]

        assert totals == [3, 3, 0]

    async def test_pages_by_keyset_from_the_oldest_too(
        self, call_as: CallAs, three: list[Made]
    ) -> None:
        seen, cursor = [], None
        for _ in three:
            params = {"limit": 1, "sort": "id"} | ({"cursor": cursor} if cursor else {})
            page = (await call_as(WAWAN).get(PATH, params=params)).json()
            seen += [item["id"] for item in page["items"]]
            cursor = page["next_cursor"]

        assert seen == [booking["id"] for booking in three]
        assert cursor is None
