"""What many notifications at once bring about is what one after another does (C3, C6, M8)."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bank_gateway.domain.notice import Origin
from bank_gateway.handlers.intake import Intake, Message
from bank_gateway.models import VirtualAccount
from bank_gateway.store.intake import Lane
from shared.database import Sessions

WHOLE = {"payment_amount": "1000", "cumulative_payment_amount": "1000"}
CHANGES: tuple[dict[str, Any], ...] = (
    {},
    {},
    {},
    {"payment_amount": "400", "cumulative_payment_amount": "400"},
    {"payment_amount": "600", "payment_ntb": "000002"},
    {"payment_amount": "500", "cumulative_payment_amount": "900", "payment_ntb": "000003"},
    {"payment_ntb": "999999"},
    {"virtual_account": "8001999999999999"},
    {"trx_amount": "999"},
    {"payment_amount": "0"},
    {"payment_ntb": ""},
    {"customer_name": "ORANG LAIN"},
    {"datetime_payment": "2026-11-23 09:00:01"},
)
BATCHES = st.lists(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, len(CHANGES) - 1)), max_size=8),
    min_size=1,
    max_size=2,
)


@pytest.fixture
async def intake(bench: Any, one_by_one: Sessions, database: Any) -> AsyncIterator[Intake]:
    intake = Intake(one_by_one, bench.worker.vault, [Lane(database.url), Lane(database.url)])
    intake.together.batch_seconds = 60
    yield intake
    await intake.together.close()


@examples(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(kinds=st.text("cio", min_size=3, max_size=3), batches=BATCHES)
async def test_c3_c6_m8_a_batch_gives_what_its_slow_twin_gives(
    bench: Any, intake: Intake, brought_about: Any, kinds: str, batches: list[list[tuple[int, int]]]
) -> None:
    fast, slow = await bench.register(kinds), await bench.register(kinds)

    for batch in batches:
        answers = await asyncio.gather(
            *(intake.take(message(bench, fast[which], change)) for which, change in batch)
        )
        expected = [
            await intake.alone(message(bench, slow[which], change)) for which, change in batch
        ]
        assert answers == expected

    for one, other in zip(fast, slow, strict=True):
        assert await brought_about(one) == await brought_about(other)


async def test_the_comparison_sees_every_row(
    bench: Any, intake: Intake, brought_about: Any
) -> None:
    (account,) = await bench.register("c")
    await intake.take(message(bench, account, 10))
    await intake.take(message(bench, account, 0))

    found = await brought_about(account)

    assert {what: len(rows) for what, rows in found.items()} == {
        "payments": 1, "notices": 1, "events": 2, "audit": 2, "work": 2, "exchanges": 2
    }  # fmt: skip
    assert '"state": "quarantined"' in found["notices"][0]
    assert '"amount_idr": 1000' in found["payments"][0]


def message(bench: Any, account: VirtualAccount, change: int) -> Message:
    members = bench.pay(account) | WHOLE | CHANGES[change]
    return Message(members, Origin("001", "127.0.0.1"), json.dumps(members).encode())
