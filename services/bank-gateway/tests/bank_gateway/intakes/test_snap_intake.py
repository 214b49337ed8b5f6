"""SNAP payments that wait share one transaction; the rules of one hold for each (C1, C2, C10)."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import text

from bank_gateway.handlers.snap_intake import SnapIntake
from bank_gateway.handlers.snap_payment import Told
from bank_gateway.handlers.together import Busy
from bank_gateway.models import SnapAnswer, VirtualAccount
from bank_gateway.store import account as accounts
from shared.database import Sessions
from snap_protocol.fields import NumberUsed, amount
from snap_protocol.receiving import Signed

WRITERS = text("SELECT count(DISTINCT xmin::text) FROM payments")
WAITS = text(
    "SELECT EXISTS (SELECT FROM pg_locks AS wanted JOIN pg_locks AS other USING (pid)"
    " JOIN pg_database ON pg_database.oid = other.database"
    " WHERE NOT wanted.granted AND datname = current_database())"
)
ANSWER = text(
    "INSERT INTO snap_answers (partner_id, day, external_id, body_hash, code, answer, answered_at)"
    " VALUES ('FAST', :day, '77', repeat('0', 64), '2002500', '', now())"
)


async def take(intake: SnapIntake, told: list[Signed]) -> list[Told]:
    return list(await asyncio.gather(*(intake.take(each, "127.0.0.1") for each in told)))


async def until_somebody_waits(bench: Any) -> None:
    """Return once a statement of the service waits for a lock that a test holds."""
    async with asyncio.timeout(30):
        while True:
            async with bench.sessions.begin(bench.worker.principal) as session:
                if (await session.execute(WAITS)).scalar_one():
                    return


@pytest.fixture
async def opened(bench: Any) -> list[VirtualAccount]:
    found: list[VirtualAccount] = await bench.register("c" * 6)
    return found


async def test_c2_concurrent_payments_share_one_transaction(
    bench: Any, snap_intake: SnapIntake, told_by_bank: Any
) -> None:
    opened = await bench.register("c" * 20)

    told = await take(snap_intake, [told_by_bank(each, str(no)) for no, each in enumerate(opened)])

    assert {(each.outcome, each.code) for each in told} == {("received", "2002500")}
    async with bench.sessions.begin(bench.worker.principal) as session:
        assert (await session.execute(WRITERS)).scalar_one() <= 2
    assert len(await bench.events("payment.received")) == len(await bench.rows(SnapAnswer)) == 20


async def test_c10_the_unusual_do_not_spoil_the_rest(
    bench: Any, snap_intake: SnapIntake, opened: list[VirtualAccount], told_by_bank: Any
) -> None:
    """Too little, without its total, under the bank's own name, told twice; two are plain."""
    unusual = [
        told_by_bank(opened[0], "1", paidAmount=amount(7)),
        told_by_bank(opened[1], "2", trxId="ASING-1"),
        *[told_by_bank(opened[2], "3")] * 2,
    ]
    plain = [told_by_bank(each, f"4{no}") for no, each in enumerate(opened[3:5])]

    told = await take(snap_intake, [*unusual, *plain])

    assert Counter(each.outcome for each in told) == {
        "quarantined": 1, "received": 4, "replayed": 1
    }  # fmt: skip
    assert [each.outcome for each in told[-2:]] == ["received"] * 2
    assert len(await bench.payments()) == 4


async def test_c1_nobody_is_answered_before_the_commit(
    bench: Any,
    owner_sessions: Sessions,
    snap_intake: SnapIntake,
    opened: list[VirtualAccount],
    told_by_bank: Any,
) -> None:
    told = [told_by_bank(each, str(no)) for no, each in enumerate(opened)]
    async with owner_sessions.begin(bench.worker.principal) as session:
        await session.execute(text("LOCK TABLE audit_log"))
        taking = asyncio.create_task(take(snap_intake, told))
        await until_somebody_waits(bench)
        assert not taking.done()
        assert await bench.payments() == []

    assert {each.code for each in await taking} == {"2002500"}
    assert len(await bench.payments()) == len(told)


async def test_k2_an_account_that_is_held_holds_up_no_other(
    bench: Any, snap_intake: SnapIntake, opened: list[VirtualAccount], told_by_bank: Any
) -> None:
    async with bench.sessions.begin(bench.worker.principal) as session:
        await accounts.lock_account(session, opened[0].id)
        waiting = asyncio.create_task(take(snap_intake, [told_by_bank(opened[0], "1")]))
        async with asyncio.timeout(30):
            (other,) = await take(snap_intake, [told_by_bank(opened[1], "2")])
        assert other.code == "2002500"
        await until_somebody_waits(bench)
        assert not waiting.done()

    assert [each.code for each in await waiting] == ["2002500"]


async def test_c10_a_number_that_another_process_answers_meanwhile_is_a_conflict_for_one_only(
    bench: Any, snap_intake: SnapIntake, opened: list[VirtualAccount], told_by_bank: Any
) -> None:
    taken, other = told_by_bank(opened[0], "77"), told_by_bank(opened[1], "78")
    async with bench.sessions.begin(bench.worker.principal) as session:
        await session.execute(ANSWER, {"day": taken.day})
        both = [asyncio.create_task(take(snap_intake, [each])) for each in (taken, other)]
        await until_somebody_waits(bench)

    with pytest.raises(NumberUsed):
        await both[0]
    assert [each.code for each in await both[1]] == ["2002500"]
    assert [payment.trx_id for payment in await bench.payments()] == [opened[1].trx_id]


async def test_r8_more_than_can_be_taken_are_refused_at_once(
    bench: Any,
    owner_sessions: Sessions,
    snap_intake: SnapIntake,
    opened: list[VirtualAccount],
    told_by_bank: Any,
) -> None:
    together = snap_intake.together
    together.lanes, together.waiting_max = together.lanes[:1], 1
    first, second, third = (told_by_bank(each, str(no)) for no, each in enumerate(opened[:3]))
    async with owner_sessions.begin(bench.worker.principal) as session:
        await session.execute(text("LOCK TABLE audit_log"))
        running = asyncio.create_task(take(snap_intake, [first]))
        await until_somebody_waits(bench)
        waiting = asyncio.create_task(take(snap_intake, [second]))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await snap_intake.take(third, "127.0.0.1")

    assert [each.code for each in [*await running, *await waiting]] == ["2002500"] * 2
