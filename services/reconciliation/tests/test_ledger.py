"""M2, M3, K1: what the database itself refuses, whatever the code does."""

from __future__ import annotations

from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.database import Session, Sessions
from shared.principal import Principal

SYSTEM = Principal.system("reconciliation")
APPEND_ONLY = ["ledger_transactions", "ledger_entries", "allocations", "allocation_reversals"]
_TRANSACTION = text(
    "INSERT INTO ledger_transactions (id, kind, object_id, reverses, posted_at)"
    " VALUES (:id, :kind, :object, :reverses, now())"
)
_ENTRY = text(
    "INSERT INTO ledger_entries (transaction_id, no, account, amount_idr)"
    " VALUES (:transaction, :no, :account, :amount)"
)


async def write(
    session: Session,
    *amounts: int,
    kind: str = "payment_received",
    object_id: UUID | None = None,
    reverses: UUID | None = None,
) -> UUID:
    transaction = uuid4()
    facts = {"kind": kind, "object": object_id or uuid4(), "reverses": reverses}
    await session.execute(_TRANSACTION, {"id": transaction} | facts)
    for no, amount in enumerate(amounts, start=1):
        side = {"account": "bank:bni" if no == 1 else "suspense", "amount": amount}
        await session.execute(_ENTRY, {"transaction": transaction, "no": no} | side)
    return transaction


async def refused(sessions: Sessions, statement: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with sessions.begin(SYSTEM) as session:
            await session.execute(text(statement))


class TestATransaction:
    async def test_m2_that_does_not_sum_to_zero_cannot_be_committed(
        self, sessions: Sessions
    ) -> None:
        for amounts in ((), (5,), (5, -4), (5, 5)):
            with pytest.raises(DBAPIError, match="entries that sum to"):
                async with sessions.begin(SYSTEM) as session:
                    await write(session, *amounts)

    async def test_m3_takes_no_entries_once_it_is_committed(self, sessions: Sessions) -> None:
        async with sessions.begin(SYSTEM) as session:
            transaction = await write(session, 5, -5)

        with pytest.raises(DBAPIError, match="is closed"):
            async with sessions.begin(SYSTEM) as session:
                for no, amount in ((3, 7), (4, -7)):
                    side = {"no": no, "account": "suspense", "amount": amount}
                    await session.execute(_ENTRY, {"transaction": transaction} | side)

    async def test_m3_is_reversed_once_at_most(self, sessions: Sessions) -> None:
        async with sessions.begin(SYSTEM) as session:
            original = await write(session, 5, -5)
            mirror = {"kind": "reversal", "object_id": original, "reverses": original}
            await write(session, -5, 5, **mirror)

        with pytest.raises(DBAPIError, match="duplicate key"):
            async with sessions.begin(SYSTEM) as session:
                await write(session, -5, 5, **mirror)

    async def test_m3_is_reversed_by_its_mirror_only(self, sessions: Sessions) -> None:
        with pytest.raises(DBAPIError, match="does not mirror"):
            async with sessions.begin(SYSTEM) as session:
                original = await write(session, 5, -5)
                await write(session, -4, 4, kind="reversal", object_id=original, reverses=original)

    async def test_i_is_posted_once_per_object(self, sessions: Sessions) -> None:
        payment = uuid4()

        with pytest.raises(DBAPIError, match="duplicate key"):
            async with sessions.begin(SYSTEM) as session:
                await write(session, 5, -5, object_id=payment)
                await write(session, 5, -5, object_id=payment)

    async def test_an_account_that_nobody_knows_is_refused(self, sessions: Sessions) -> None:
        with pytest.raises(DBAPIError, match="account_is_known"):
            async with sessions.begin(SYSTEM) as session:
                transaction = await write(session)
                side = {"no": 1, "account": "kas kecil", "amount": 5}
                await session.execute(_ENTRY, {"transaction": transaction} | side)


class TestTheServicesRole:
    async def test_m3_may_only_add(self, sessions: Sessions) -> None:
        acts = ("DELETE FROM {}", "TRUNCATE {} CASCADE", "UPDATE {} SET customer_id = NULL")
        for table, act in product(APPEND_ONLY, acts):
            await refused(sessions, act.format(table))

    async def test_k1_may_not_write_what_triggers_keep(self, sessions: Sessions) -> None:
        for column in ("allocated_idr", "amount_idr", "customer_id", "channel"):
            await refused(sessions, f"UPDATE payments SET {column} = {column}")
        await refused(sessions, "UPDATE invoices SET allocated_idr = 0")
        await refused(sessions, "UPDATE invoices SET total_idr = 1")

    async def test_a3_sees_no_rows_without_an_identity(
        self, sessions: Sessions, story: Any, arrive: Any
    ) -> None:
        customer = story.customer()
        invoice = story.invoice(customer.aggregate_id, 100)
        await arrive(customer, invoice, story.payment(150, invoice))
        tables = ["customers", "invoices", "payments", "exceptions", *APPEND_ONLY]

        seen = {}
        async with sessions._factory(info={}) as bare:
            for table in (*tables, "live_allocations"):
                counted = await bare.execute(text(f"SELECT count(*) FROM {table}"))
                seen[table] = counted.scalar_one()

        assert set(seen.values()) == {0}


class TestTheOwner:
    async def test_m3_cannot_change_history_either(
        self, owner_sessions: Sessions, story: Any, arrive: Any
    ) -> None:
        customer = story.customer()
        await arrive(customer, story.invoice(customer.aggregate_id, 100))

        for table in APPEND_ONLY:
            with pytest.raises(DBAPIError, match="append-only"):
                async with owner_sessions.begin(SYSTEM) as session:
                    await session.execute(text(f"DELETE FROM {table}"))


_ALLOCATION = text(
    "INSERT INTO allocations"
    " (id, payment_id, invoice_id, customer_id, amount_idr, allocated_at, allocated_by)"
    " VALUES (:id, :payment, :invoice, :customer, :amount, now(), 'x')"
)


class TestAnAllocation:
    async def test_m5_m6_k1_beyond_the_bill_or_the_money_is_refused(
        self, sessions: Sessions, story: Any, arrive: Any
    ) -> None:
        for billed, paid, amount, rule in (
            (100, 500, 1, "allocated_within_total"),
            (500, 100, 1, "allocated_within_amount"),
            (500, 100, -1, "amount_idr_check"),
        ):
            customer = story.customer()
            invoice = story.invoice(customer.aggregate_id, billed)
            payment = story.payment(paid, invoice)
            await arrive(customer, invoice, payment)
            facts = {"payment": payment.aggregate_id, "invoice": invoice.aggregate_id}
            more = {"id": uuid4(), "customer": customer.aggregate_id, "amount": amount}

            with pytest.raises(DBAPIError, match=rule):
                async with sessions.begin(SYSTEM) as session:
                    await session.execute(_ALLOCATION, facts | more)

    @pytest.mark.parametrize(
        ("named", "refused_by"), [("siti", "is not of customer"), ("mahmud", "foreign key")]
    )
    async def test_k1_never_pays_another_customers_bill(
        self, sessions: Sessions, story: Any, arrive: Any, named: str, refused_by: str
    ) -> None:
        mahmud, siti = story.customer(), story.customer(name="Siti Aminah")
        bill = story.invoice(siti.aggregate_id, 100)
        payment = story.payment(100, customer_id=mahmud.aggregate_id)
        await arrive(mahmud, siti, payment, bill)
        facts = {"payment": payment.aggregate_id, "invoice": bill.aggregate_id, "amount": 5}

        customer = {"siti": siti, "mahmud": mahmud}[named].aggregate_id

        with pytest.raises(DBAPIError, match=refused_by):
            async with sessions.begin(SYSTEM) as session:
                more = {"id": uuid4(), "customer": customer}
                await session.execute(_ALLOCATION, facts | more)
