"""Debits that the bank shows are booked by two persons; small sums one person explains (A8)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from bank_files import Row, csv_file
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from tellings import SYSTEM, House

from reconciliation.domain.resolution import Action, needs_second
from reconciliation.models import LedgerTransaction, Resolution
from shared.clock import FrozenClock
from shared.database import Sessions
from shared.money import Rupiah
from shared.testing import ADMIN, confirmed

RATNA = confirmed(ADMIN)
BUDI = confirmed(replace(ADMIN, user_id=UUID(int=0xD), name="Bapak Budi"))
WHY = {"reason": "Tarik tunai untuk kas kantor."}
Debit = Callable[[int], Awaitable[None]]


@pytest.fixture
def debit(sessions: Sessions, arrive: Any, story: Any, clock: FrozenClock) -> Debit:
    """``await debit(amount)``: yesterday's statement shows money that left for no known reason."""
    house = House(sessions, arrive, story, clock)

    async def one(amount_idr: int) -> None:
        yesterday = clock.today() - timedelta(days=1)
        row = Row(yesterday, -amount_idr, "TRF1", "TARIK TUNAI")
        await house.import_file(csv_file([row], 10_000_000))

    return one


class TestBooking:
    @pytest.mark.parametrize(
        ("action", "account", "words"),
        [
            ("book_fee", "bank_fees", "Rp2.000.000 dicatat sebagai biaya bank."),
            ("book_withdrawal", "withdrawals", "Rp2.000.000 dicatat sebagai penarikan"),
        ],
    )
    async def test_a8_a_debit_is_booked_once_a_second_person_agrees(
        self,
        debit: Debit,
        inbox: Any,
        balances: Any,
        differing: Any,
        rows: Any,
        clock: FrozenClock,
        action: str,
        account: str,
        words: str,
    ) -> None:
        await debit(2_000_000)
        proposed = (await inbox.resolve(action, kind="missing_here", **WHY)).json()
        assert (proposed["resolution"]["state"], await balances()) == ("proposed", {})

        shown = (await inbox.act(proposed, "approve", {}, BUDI)).json()

        assert shown["outcome"].startswith(words)
        assert await balances() == {"bank": -2_000_000, account: 2_000_000}
        (booked,) = await rows(LedgerTransaction)
        assert booked.booked_on == clock.today() - timedelta(days=1)
        assert await differing() == []

    @pytest.mark.parametrize("action", ["book_fee", "book_withdrawal"])
    async def test_m3_it_is_undone_by_reversal_and_asked_about_again(
        self, debit: Debit, inbox: Any, balances: Any, differing: Any, action: str
    ) -> None:
        await debit(2_000_000)
        proposed = (await inbox.resolve(action, kind="missing_here", **WHY)).json()
        done = (await inbox.act(proposed, "approve", {}, BUDI)).json()

        undone = (await inbox.act(done, "undo", {"reason": "Salah akun."})).json()

        assert (undone["closed_at"], action in undone["actions"]) == (None, True)
        assert (await balances(), await differing()) == ({}, [])

    async def test_a8_nobody_books_alone_not_even_past_the_code(
        self, debit: Debit, inbox: Any, sessions: Sessions, balances: Any
    ) -> None:
        await debit(2_000_000)
        proposed = (await inbox.resolve("book_fee", kind="missing_here", **WHY)).json()

        answer = await inbox.act(proposed, "approve", {})

        assert (answer.status_code, answer.json()["title"]) == (403, "Second person needed")
        alone = text(
            "UPDATE resolutions SET state = 'done', decided_by_id = proposed_by_id,"
            " decided_by = proposed_by, decided_at = proposed_at"
        )
        with pytest.raises(IntegrityError, match="resolutions_two_persons"):
            async with sessions.begin(SYSTEM) as session:
                await session.execute(alone)
        assert await balances() == {}

    async def test_only_a_debit_of_the_bank_is_booked(self, inbox: Any, stray: Any) -> None:
        answer = await inbox.resolve("book_fee", **WHY)

        assert (answer.status_code, answer.json()["title"]) == (409, "Action not offered")


class TestExplaining:
    @pytest.mark.parametrize(("amount", "alone"), [(1_000_000, True), (1_000_001, False)])
    async def test_a8_above_the_set_sum_a_second_person_agrees(
        self, debit: Debit, inbox: Any, amount: int, alone: bool
    ) -> None:
        await debit(amount)
        item = await inbox.one("missing_here")
        assert ("explain" in item["proposals"]) is not alone

        shown = (await inbox.resolve("explain", kind="missing_here", **WHY)).json()

        assert (shown["closed_at"] is not None) is alone
        if not alone:
            agreed = (await inbox.act(shown, "approve", {}, BUDI)).json()
            assert agreed["outcome"].startswith("Sudah jelas.")

    async def test_a8_then_both_give_their_password_again(
        self, debit: Debit, inbox: Any, rows: Any
    ) -> None:
        await debit(1_000_001)

        answer = await inbox.resolve(
            "explain", replace(RATNA, confirmed=False), kind="missing_here", **WHY
        )

        assert (answer.status_code, answer.json()["title"]) == (403, "Confirmation needed")
        assert await rows(Resolution) == []

    @pytest.mark.parametrize("action", list(Action))
    def test_what_needs_a_second_person(self, action: Action) -> None:
        """Money that leaves the books does, whatever its sum; what stays in them does not."""
        leaves = set(Action) - {Action.MATCH, Action.SPLIT, Action.CREDIT, Action.EXPLAIN}

        assert needs_second(action, Rupiah(1), Rupiah(1)) is (action in leaves)
