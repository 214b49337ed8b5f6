"""Counts that are kept agree with the bills at every moment; words are found in scope only."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from invoicing.models import Invoice
from invoicing.store import invoice_list, tallies, words
from invoicing.store.invoice_list import VIEWS, InvoiceFilter
from shared.contracts.customer import CustomerReassigned
from shared.database import Session, Sessions
from shared.testing import ADMIN, SARI, WAWAN

PATH = "/api/v1/invoices"


async def agree(session: Session) -> dict[str, int]:
    """Compare what is kept with what is there, for every tab and some days; give the counts."""
    today = session.clock.today()
    spans: list[dict[str, Any]] = [{"due_from": today}, {"due_to": today}, {}]
    for days in spans:
        for view in VIEWS:
            wanted = InvoiceFilter(today=today, view=view, **days)
            kept = await invoice_list.figures(session, wanted)
            assert kept == await invoice_list.counted(session, wanted), (view, days)
    return kept[1]


@pytest.fixture
async def bills(
    free_bill: Any, call_as: Any, customer: UUID, story: Any, arrive: Any
) -> list[dict[str, Any]]:
    """Late and part paid, nearly due, far, void."""
    found = []
    for due_on in ("2026-11-21", "2026-11-24", "2027-02-01", "2026-12-01"):
        body = free_bill(customer, due_on=due_on)
        found.append((await call_as(WAWAN).post(PATH, body)).json())
    await arrive(story.reconciled(customer, {UUID(found[0]["id"]): 100_000}))
    await call_as(WAWAN).post(f"{PATH}/{found[3]['id']}/cancel", {"reason": "x"})
    return found


class TestTallies:
    async def test_agree_before_and_after_they_are_folded(
        self, sessions: Sessions, bills: list[dict[str, Any]]
    ) -> None:
        seen = []
        for _ in range(3):
            async with sessions.begin(ADMIN) as session:
                seen.append(await agree(session))
            await tallies.Folding(sessions).step()

        assert seen[0] == seen[1] == seen[2]
        assert (seen[0]["all"], seen[0]["overdue"], seen[0]["cancelled"]) == (4, 1, 1)

    async def test_a6_they_follow_a_customer_to_his_new_marketing(
        self, sessions: Sessions, bills: list[dict[str, Any]], story: Any, arrive: Any
    ) -> None:
        await tallies.Folding(sessions).step()

        facts = story.customer(owner=SARI).model_dump() | {
            "event_id": uuid4(),
            "aggregate_id": UUID(bills[0]["customer"]["id"]),
            "aggregate_version": 2,
        }
        moved = CustomerReassigned(**facts, previous_marketing_id=WAWAN.user_id, reason="x")
        await arrive(moved)

        counts = {}
        for who in (WAWAN, SARI, ADMIN):
            async with sessions.begin(who) as session:
                await agree(session)
                wanted = InvoiceFilter(today=session.clock.today())
                counts[who.name] = (await invoice_list.figures(session, wanted))[1]["all"]
        assert counts == {WAWAN.name: 0, SARI.name: 4, ADMIN.name: 4}

    async def test_m10_verify_compares_them(
        self, service: Any, sessions: Sessions, owner_sessions: Sessions, bills: Any
    ) -> None:
        check = next(c for c in service.books.checks if c.says.startswith("Jumlah pada tab"))
        async with sessions.begin(ADMIN) as session:
            right = await check.find(session)
        async with owner_sessions.begin(ADMIN) as session:
            await session.execute(text("UPDATE invoice_changes SET total_idr = total_idr + 1"))
        async with sessions.begin(ADMIN) as session:
            wrong = await check.find(session)

        assert not right
        assert wrong


class TestWords:
    async def test_a2_a_word_is_found_only_in_scope(
        self, call_as: Any, bills: list[dict[str, Any]]
    ) -> None:
        totals = {
            who.name: (await call_as(who).get(PATH, params={"search": "mahmud"})).json()["total"]
            for who in (WAWAN, SARI, ADMIN)
        }

        assert totals == {WAWAN.name: 4, SARI.name: 0, ADMIN.name: 4}

    async def test_a3_the_service_may_ask_the_door_but_never_read_the_words(
        self, sessions: Sessions, bills: list[dict[str, Any]]
    ) -> None:
        async with sessions.begin(SARI) as session:
            asked = text("SELECT count(*) FROM sought('invoice', '%inv%', 2)")
            ids = (await session.execute(asked)).scalar_one()
        with pytest.raises(DBAPIError, match="permission denied"):
            async with sessions.begin(ADMIN) as session:
                await session.execute(text("SELECT body FROM words"))

        assert ids == 2

    @pytest.mark.parametrize("search", ["inv/", "mahmud", "balik", "0856-1101", "300.000", "100%"])
    async def test_words_that_are_everywhere_are_read_from_the_rows(
        self, sessions: Sessions, bills: list[dict[str, Any]], search: str
    ) -> None:
        counts = []
        async with sessions.begin(WAWAN) as session:
            for most in (words.IDS_MOST, 1):
                condition = await words.found(session, search, most)
                query = select(func.count()).select_from(Invoice).where(condition)
                counts.append((await session.exec(query)).one())

        assert counts == ([0, 0] if search == "100%" else [4, 4])
