"""Many notifications at once: one transaction, no answer before its commit (C1, C2, C3)."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from bank_gateway.domain.notice import Origin
from bank_gateway.handlers.intake import Intake, Message
from bank_gateway.handlers.taking import Outcome
from bank_gateway.handlers.together import Busy
from bank_gateway.models import VirtualAccount
from bank_gateway.store.intake import REGISTERED
from shared.testing.databases import admin_url

ORIGIN = Origin("001", "127.0.0.1")
SAME_MONEY = """
INSERT INTO payments (
    id, client_id, trx_id, virtual_account, virtual_account_id, customer_id, billed_idr, amount_idr,
    cumulative_idr, payment_ntb, payer_name, paid_at, received_at, source, status, verification,
    version
)
SELECT gen_random_uuid(), '001', trx_id, account_number, id, customer_id, 1000, 1000, 1000, '9', '',
    now(), now(), 'callback', 'received', 'unverified', 1
FROM virtual_accounts WHERE trx_id = $1
"""


@pytest.fixture
def intake(bench: Any) -> Intake:
    found: Intake = bench.clerk.intake
    found.together.batch_seconds = 60
    return found


@pytest.fixture
async def owner(database: Any) -> AsyncIterator[asyncpg.Connection]:
    """The administrator's connection: it can hold the service up."""
    parts = urlsplit(admin_url())
    connection = await asyncpg.connect(urlunsplit(parts._replace(path=f"/{database.name}")))
    yield connection
    await connection.close()


async def until_somebody_waits(owner: asyncpg.Connection) -> None:
    """Return once a statement of the service waits for the lock that the owner holds."""
    waiting = (
        "SELECT EXISTS (SELECT FROM pg_locks AS wanted JOIN pg_locks AS other USING (pid)"
        " JOIN pg_database ON pg_database.oid = other.database"
        " WHERE NOT wanted.granted AND datname = current_database())"
    )
    async with asyncio.timeout(30):
        while not await owner.fetchval(waiting):
            pass


def told(bench: Any, account: VirtualAccount, **changes: Any) -> dict[str, Any]:
    members: dict[str, Any] = bench.pay(account) | changes
    return members


def message(members: dict[str, Any]) -> Message:
    return Message(members, ORIGIN, json.dumps(members).encode())


async def take_all(intake: Intake, all_members: Sequence[dict[str, Any]]) -> list[Outcome]:
    return list(await asyncio.gather(*(intake.take(message(each)) for each in all_members)))


async def transactions(bench: Any) -> int:
    """How many different transactions have written the payments that there are."""
    async with bench.sessions.begin(bench.worker.principal) as session:
        connection = await session.connection()
        found = await connection.exec_driver_sql("SELECT count(DISTINCT xmin::text) FROM payments")
        return int(found.scalar_one())


class TestTogether:
    async def test_c2_concurrent_callbacks_share_one_transaction(self, bench: Any) -> None:
        accounts = await bench.register("c" * 20)

        answers = await asyncio.gather(*(bench.told(bench.pay(each)) for each in accounts))

        assert answers == ["000"] * 20
        assert len(await bench.events("payment.received")) == 20
        assert await transactions(bench) <= 2

    async def test_c6_the_unusual_do_not_spoil_the_rest(self, bench: Any, intake: Intake) -> None:
        accounts = await bench.register("c" * 6)
        odd = {
            0: {"payment_amount": "7", "cumulative_payment_amount": "7"},
            1: {"payment_ntb": ""},
            2: {"trx_id": "NOBODY-1", "virtual_account": "8001999999999999"},
        }
        all_members = [told(bench, each, **odd.get(no, {})) for no, each in enumerate(accounts)]

        outcomes = await take_all(intake, all_members)

        assert Counter(outcomes) == {
            Outcome.RECEIVED: 3, Outcome.QUARANTINED: 2, Outcome.UNMATCHED: 1
        }  # fmt: skip
        assert outcomes[3:] == [Outcome.RECEIVED] * 3

    async def test_c3_a_repeat_in_the_same_batch_is_one_payment(
        self, bench: Any, intake: Intake
    ) -> None:
        (account,) = await bench.register("c")
        members = told(bench, account)

        outcomes = await take_all(intake, [members] * 5)

        assert Counter(outcomes) == {Outcome.RECEIVED: 1, Outcome.REPEATED: 4}
        assert len(await bench.payments()) == 1


class TestNothingIsAnsweredBeforeItsCommit:
    async def test_c1_not_while_the_transaction_waits(
        self, bench: Any, intake: Intake, owner: asyncpg.Connection
    ) -> None:
        accounts = await bench.register("c" * 3)
        async with owner.transaction():
            await owner.execute("LOCK TABLE audit_log")
            taking = asyncio.create_task(take_all(intake, [told(bench, each) for each in accounts]))
            await until_somebody_waits(owner)
            assert not taking.done()
            assert await bench.payments() == []

        assert await taking == [Outcome.RECEIVED] * 3
        assert len(await bench.payments()) == 3

    async def test_c1_not_when_only_the_commit_fails(
        self, bench: Any, intake: Intake, owner: asyncpg.Connection
    ) -> None:
        (account,) = await bench.register("c")
        await owner.execute(
            """
            CREATE FUNCTION no_commits() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE 'no commits today'; END $$;
            CREATE CONSTRAINT TRIGGER no_commits AFTER INSERT ON exchanges
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION no_commits();
            """
        )
        try:
            refused = await bench.call_back(bench.pay(account))
        finally:
            await owner.execute("DROP TRIGGER no_commits ON exchanges; DROP FUNCTION no_commits")

        assert (refused.status_code, refused.json()["status"]) == (503, "999")
        assert await bench.payments() == []

    async def test_c2_c3_too_late_is_not_accepted_and_the_repeat_is_answered(
        self, bench: Any, intake: Intake, owner: asyncpg.Connection
    ) -> None:
        bench.door.answer_seconds = 0.3
        (account,) = await bench.register("c")
        members = bench.pay(account)
        async with owner.transaction():
            await owner.execute("LOCK TABLE audit_log")
            late = await bench.call_back(members)
            assert (late.status_code, late.json()["status"]) == (503, "999")
        bench.door.answer_seconds = 60

        assert await bench.told(members) == "000"
        assert len(await bench.payments()) == 1
        assert len(await bench.events("payment.received")) == 1

    async def test_r7_who_gave_up_before_the_transaction_is_not_stored(
        self, bench: Any, intake: Intake, owner: asyncpg.Connection
    ) -> None:
        intake.together.lanes = intake.together.lanes[:1]
        first, second = await bench.register("cc")
        async with owner.transaction():
            await owner.execute("LOCK TABLE audit_log")
            running = asyncio.create_task(intake.take(message(told(bench, first))))
            await until_somebody_waits(owner)
            gone = asyncio.create_task(intake.take(message(told(bench, second))))
            await asyncio.sleep(0)
            gone.cancel()

        assert await running is Outcome.RECEIVED
        assert [payment.trx_id for payment in await bench.payments()] == [first.trx_id]


class TestTwoBatchesAtOnce:
    """One waits for somebody else's payment of the same money, which is not committed yet."""

    async def test_c2_a_batch_that_waits_holds_up_no_other(
        self, bench: Any, intake: Intake, owner: asyncpg.Connection
    ) -> None:
        first, second = await bench.register("cc")
        async with owner.transaction():
            await owner.execute(SAME_MONEY, first.trx_id)
            waiting = asyncio.create_task(intake.take(message(told(bench, first))))
            await until_somebody_waits(owner)

            assert await intake.take(message(told(bench, second))) is Outcome.RECEIVED
            assert not waiting.done()

        assert await waiting is Outcome.QUARANTINED

    async def test_c3_c6_the_order_of_two_about_one_billing_stays(
        self, bench: Any, intake: Intake, owner: asyncpg.Connection
    ) -> None:
        account, other, third = await bench.register("occ")
        later = {"payment_ntb": "000002", "payment_amount": "5", "cumulative_payment_amount": "5"}
        first = told(bench, account, payment_amount="4", cumulative_payment_amount="4")
        async with owner.transaction():
            await owner.execute(SAME_MONEY, other.trx_id)
            batch = [first, told(bench, other)]
            running = asyncio.create_task(take_all(intake, batch))
            await until_somebody_waits(owner)
            overtaking = asyncio.create_task(intake.take(message(first | later)))
            assert await intake.take(message(told(bench, third))) is Outcome.RECEIVED
            assert not overtaking.done()
            await owner.execute("DELETE FROM payments WHERE trx_id = $1", other.trx_id)

        assert await running == [Outcome.RECEIVED, Outcome.RECEIVED]
        assert await overtaking is Outcome.QUARANTINED


class TestMoreThanCanBeTaken:
    async def test_r8_is_refused_at_once(
        self, bench: Any, intake: Intake, owner: asyncpg.Connection
    ) -> None:
        accounts = await bench.register("c" * 4)
        intake.together.lanes, intake.together.waiting_max = intake.together.lanes[:1], 2
        async with owner.transaction():
            await owner.execute("LOCK TABLE audit_log")
            first = asyncio.create_task(intake.take(message(told(bench, accounts[0]))))
            await until_somebody_waits(owner)
            waiting = [
                asyncio.create_task(intake.take(message(told(bench, each))))
                for each in accounts[1:3]
            ]
            await asyncio.sleep(0)
            with pytest.raises(Busy):
                await intake.take(message(told(bench, accounts[3])))
            refused = await bench.call_back(bench.pay(accounts[3]))
            assert (refused.status_code, refused.json()["status"]) == (503, "999")

        assert await asyncio.gather(first, *waiting) == [Outcome.RECEIVED] * 3
        assert len(await bench.payments()) == 3


class TestThePlan:
    async def test_looks_up_what_is_there_and_is_never_compiled(
        self, bench: Any, intake: Intake
    ) -> None:
        """The price on sequential scans once had each batch compiled, for half a second."""
        (account,) = await bench.register("c")
        explain = "EXPLAIN (ANALYZE, FORMAT JSON) "

        async with intake.together.lanes[0].open() as connection:
            text = await connection.fetchval(explain + REGISTERED, [account.trx_id])
            assert await connection.fetchval("SHOW jit") == "off"  # not every server can compile

        assert "JIT" not in json.loads(text)[0]
        assert "virtual_accounts_trx_id_key" in text
        assert "billing_versions_pkey" in text


class TestABatchThatFails:
    async def test_is_taken_one_by_one(self, bench: Any, intake: Intake, owner: Any) -> None:
        accounts = await bench.register("c" * 5)
        await owner.execute(
            """
            CREATE FUNCTION no_batches() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF (SELECT count(*) FROM new_rows) > 1 THEN RAISE 'no batches today'; END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER no_batches AFTER INSERT ON payments REFERENCING NEW TABLE AS new_rows
                FOR EACH STATEMENT EXECUTE FUNCTION no_batches();
            """
        )
        try:
            outcomes = await take_all(intake, [told(bench, each) for each in accounts])
        finally:
            await owner.execute("DROP TRIGGER no_batches ON payments; DROP FUNCTION no_batches")

        assert outcomes == [Outcome.RECEIVED] * 5
        assert len(await bench.events("payment.received")) == 5

    async def test_a_lost_connection_is_opened_again(
        self, bench: Any, intake: Intake, owner: Any, sessions: Any
    ) -> None:
        first, second = await bench.register("cc")
        await intake.take(message(told(bench, first)))
        await sessions.bind.dispose()  # our own would be lost as well
        await owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

        assert await intake.take(message(told(bench, second))) is Outcome.RECEIVED
        assert len(await bench.payments()) == 2
