"""The bell of a Marketing who is asked about money: told once, gone when it is not his any more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.contracts.reconciliation import ExceptionAsked, ExceptionClosed, ExceptionOpened
from shared.testing import ADMIN, SARI, WAWAN
from shared.testing.plugin import CallAs

PATH = "/api/v1/notifications"
NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)
QUESTION = "Apakah Anda mengenal pengirim ini?"

Hear = Callable[..., Awaitable[None]]

pytestmark = pytest.mark.usefixtures("staff")


class Matter:
    """One exception, as reconciliation tells of it."""

    def __init__(self) -> None:
        self.id = uuid4()

    def tells(self, contract: type[Any], version: int, owner: UUID | None, **more: Any) -> Any:
        facts = {
            "kind": "unknown_payer",
            "payment_id": uuid4(),
            "customer_id": None,
            "owner_id": owner,
            "amount_idr": 500_000,
            "evidence": "Rp500.000 belum membayar tagihan mana pun.",
        }
        return contract.of(version, NOW, self.id, **facts | more)

    def opened(self, version: int = 1, owner: UUID | None = None) -> Any:
        return self.tells(ExceptionOpened, version, owner)

    def asked(self, version: int = 2, owner: UUID = WAWAN.user_id, question: str = QUESTION) -> Any:
        told = {"question": question, "asked_by": "Ibu Ratna"}
        return self.tells(ExceptionAsked, version, owner, **told)

    def closed(self, version: int = 3) -> Any:
        return self.tells(ExceptionClosed, version, WAWAN.user_id, outcome="Dicocokkan.")


@pytest.fixture
def matter() -> Matter:
    return Matter()


async def bell(call_as: CallAs, who: Any) -> Any:
    return (await call_as(who).get(PATH)).json()


async def test_the_asked_is_told_who_asks_what_with_the_way_there_and_nobody_else_is(
    call_as: CallAs, hear: Hear, matter: Matter
) -> None:
    await hear(matter.opened(), matter.asked())

    (notice,) = (await bell(call_as, WAWAN))["items"]
    assert notice["text"] == f"Ibu Ratna bertanya tentang Rp500.000: {QUESTION}"
    assert (notice["kind"], notice["link"]) == ("exception.asked", f"/exceptions/{matter.id}")
    assert not notice["read"]
    assert (await bell(call_as, SARI))["items"] == []
    assert (await bell(call_as, ADMIN))["items"] == []


async def test_a_long_question_is_read_on_its_page(
    call_as: CallAs, hear: Hear, matter: Matter
) -> None:
    await hear(matter.asked(question="Siapa\n" + "ini " * 100))

    (notice,) = (await bell(call_as, WAWAN))["items"]
    assert notice["text"].endswith("ini…") or notice["text"].endswith("…")
    assert len(notice["text"]) < 170


async def test_it_is_read_once_the_matter_is_closed(
    call_as: CallAs, hear: Hear, matter: Matter
) -> None:
    await hear(matter.opened(), matter.asked())
    before = await bell(call_as, WAWAN)

    await hear(matter.closed())

    after = await bell(call_as, WAWAN)
    assert (before["unread"], after["unread"], after["items"][0]["read"]) == (1, 0, True)


async def test_a6_it_goes_with_the_matter_to_whoever_is_asked_instead(
    call_as: CallAs, hear: Hear, matter: Matter
) -> None:
    await hear(matter.asked(), matter.asked(3, SARI.user_id))

    assert (await bell(call_as, WAWAN))["items"] == []
    assert (await bell(call_as, SARI))["unread"] == 1

    await hear(matter.opened(4))
    assert (await bell(call_as, SARI))["items"] == []


async def test_asking_again_is_news(call_as: CallAs, hear: Hear, matter: Matter) -> None:
    await hear(matter.asked(), matter.asked(3, question="Sudah ingat?"))

    assert (await bell(call_as, WAWAN))["unread"] == 2


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
async def test_e1_e5_in_any_order_and_twice_a_closed_matter_leaves_nothing_to_read(
    call_as: CallAs, hear: Hear, matter: Matter, order: tuple[int, ...]
) -> None:
    told = [matter.opened(), matter.asked(), matter.closed()]

    await hear(*(told[at] for at in order), *told)

    assert (await bell(call_as, WAWAN))["unread"] == 0


async def test_e5_a_question_that_later_news_overtook_is_still_told(
    call_as: CallAs, hear: Hear, matter: Matter
) -> None:
    await hear(matter.opened(3, WAWAN.user_id), matter.asked())

    assert (await bell(call_as, WAWAN))["unread"] == 1
