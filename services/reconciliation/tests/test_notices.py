"""Messages that are not believed reach a person, and leave him once they are settled (C5, C6)."""

from __future__ import annotations

from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from reconciliation.models import LedgerEntry, MoneyException
from shared.clock import FrozenClock
from shared.contracts.bank_gateway import NoticeQuarantined, NoticeSettled
from shared.contracts.reconciliation import ExceptionClosed, ExceptionOpened
from shared.testing import ADMIN, SARI, WAWAN

NOTICE = UUID(int=0xE1)


@pytest.fixture
def notice(clock: FrozenClock) -> Any:
    """``notice()`` doubts the message, ``notice("genuine_came")`` settles it."""

    def state(outcome: str = "", **changes: Any) -> Any:
        facts = {
            "trx_id": "LTRX1",
            "virtual_account": "8001000000000001",
            "customer_id": None,
            "invoice_id": None,
            "amount_idr": 1_250_000,
            "contradiction": "other_billed_amount",
            "trouble": "Nominal tagihannya tidak pernah kita minta.",
            "first_seen_at": clock.now(),
            **changes,
        }
        if outcome:
            return NoticeSettled.of(2, clock.now(), NOTICE, **facts, outcome=outcome)
        return NoticeQuarantined.of(1, clock.now(), NOTICE, **facts)

    return state


async def test_c6_a_doubted_message_is_for_a_person_and_moves_no_money(
    arrive: Any, rows: Any, told: Any, notice: Any
) -> None:
    await arrive(notice())

    (found,) = await rows(MoneyException)
    assert (found.kind, found.notice_id, found.amount_idr) == ("quarantined", NOTICE, 1_250_000)
    assert found.evidence.startswith(
        "Pemberitahuan bank tentang pembayaran Rp1.250.000 ke VA 8001000000000001, transaksi LTRX1,"
    )
    assert found.supports == ["Nominal tagihannya tidak pernah kita minta."]
    assert len(found.contradicts) == 1
    assert [event.notice_id for event in await told(ExceptionOpened)] == [NOTICE]
    assert await rows(LedgerEntry) == []


async def test_a_message_that_cannot_be_read_is_described_without_what_is_missing(
    arrive: Any, rows: Any, notice: Any
) -> None:
    await arrive(notice(amount_idr=0, virtual_account="", trx_id=""))

    (found,) = await rows(MoneyException)
    assert found.evidence.startswith("Pemberitahuan bank tentang pembayaran tidak dipercaya.")


@pytest.mark.parametrize(
    ("outcome", "words"),
    [("genuine_came", "yang benar sudah datang"), ("bank_agrees_with_us", "cocok dengan buku")],
)
async def test_c6_what_settles_it_closes_it_in_words(
    arrive: Any, rows: Any, told: Any, notice: Any, outcome: str, words: str
) -> None:
    await arrive(notice(), notice(outcome))

    (found,) = await rows(MoneyException)
    assert found.closed_at is not None
    assert words in found.outcome
    assert len(await told(ExceptionClosed)) == 1


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_e5_whatever_order_its_states_come_in_nothing_stays_open(
    arrive: Any, rows: Any, notice: Any, order: tuple[int, ...]
) -> None:
    again = notice()
    states = [notice(), again, notice("genuine_came")]

    await arrive(*(states[each] for each in order))

    assert [found for found in await rows(MoneyException) if found.closed_at is None] == []


async def test_a2_it_follows_the_customer_it_is_about(
    arrive: Any, call_as: Any, story: Any, notice: Any
) -> None:
    customer = story.customer(WAWAN)
    await arrive(customer, notice(customer_id=customer.aggregate_id))

    seen = {}
    for person in (WAWAN, SARI, ADMIN):
        page = (await call_as(person).get("/api/v1/exceptions?kind=quarantined")).json()
        seen[person.name] = page["total"]
    assert seen == {"Bapak Wawan": 1, "Ibu Sari": 0, "Ibu Ratna": 1}
