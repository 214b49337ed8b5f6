"""R3: the bank's printed balance is compared with the ledger's, day by day (ADR-0031)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from bank_files import ACCOUNT, Row, csv_file
from tellings import SYSTEM, House, Telling

from reconciliation.domain.certificate import Balance
from reconciliation.handlers.balances import follow_balances
from reconciliation.handlers.closes import close_day
from reconciliation.models import Certificate
from reconciliation.store.balances import balance_between
from shared.clock import WIB, FrozenClock
from shared.database import Sessions
from shared.testing import ADMIN, confirmed

OTHER = "8810009999"
BUDI = confirmed(replace(ADMIN, user_id=UUID(int=0xD), name="Bapak Budi"))
WHY = {"reason": "Menurut rekening koran cetak."}
Look = Callable[..., Awaitable[Any]]


@pytest.fixture
async def telling(house: House, clock: FrozenClock) -> Telling:
    """Somebody whose bill of Rp1.000 is issued, and whose payments are of the same day, Monday."""
    made = house.open()
    made.day = clock.today()
    await house.arrive(made.customer, made.bill, made.account)
    return made


@pytest.fixture
def bring_day(house: House, telling: Telling, clock: FrozenClock) -> Look:
    """``await bring_day(0, 100, row, ...)``: the next morning, the file of one day."""

    async def one(after: int, opening_idr: int, *rows: Row, account: str = ACCOUNT) -> None:
        day = telling.day + timedelta(days=after)
        morning = datetime.combine(day + timedelta(days=1), time(9), WIB)
        clock.move_to(max(clock.now(), morning))
        await house.import_file(
            csv_file(rows, opening_idr, first=day, last=day, account=account), (ACCOUNT, OTHER)
        )

    return one


@pytest.fixture
def look(sessions: Sessions, telling: Telling) -> Look:
    """``await look(0)``: the balance of one day of the story, its causes as rupiah."""

    async def one(after: int, accounts: tuple[str, ...] = (ACCOUNT,)) -> Any:
        day = telling.day + timedelta(days=after)
        async with sessions.begin(SYSTEM) as session:
            found = await balance_between(session, accounts, (day, day))
        return found and told(found)

    return one


@pytest.fixture
def close(sessions: Sessions, telling: Telling) -> Callable[..., Awaitable[Certificate]]:
    async def one(after: int = 0) -> Certificate:
        async with sessions.begin(SYSTEM) as session:
            return await close_day(session, telling.day + timedelta(days=after), (ACCOUNT,))

    return one


def told(found: Balance) -> Any:
    causes = {name: each.amount_idr for name, each in found.causes.items()}
    assert found.difference_idr == found.brought_idr + sum(causes.values()) + found.unexplained_idr
    return found.printed_idr, found.ledger_idr, causes


class TestThatAgrees:
    async def test_r3_the_ledger_runs_from_the_first_printed_balance(
        self, house: House, telling: Telling, bring_day: Look, look: Look, differing: Any
    ) -> None:
        await house.arrive(telling.callback(300, "NTB1"))
        await bring_day(0, 5_000, telling.row(300, "NTB1"), telling.stranger(5))
        await bring_day(1, 5_295, Row(telling.day + timedelta(days=1), 40, "T", "TRF DARI SITI"))

        assert await look(0) == (5_295, 5_295, {})
        assert await look(1) == (5_335, 5_335, {})
        assert await differing() == []

    async def test_r3_without_a_whole_statement_nothing_is_compared(
        self, house: House, telling: Telling, look: Look
    ) -> None:
        await house.import_file(csv_file([telling.stranger(5)], 0))

        assert await look(0) is None

    async def test_r3_of_several_accounts_all_have_to_be_there(
        self, telling: Telling, bring_day: Look, look: Look
    ) -> None:
        await bring_day(0, 100, telling.stranger(5))
        assert await look(0, (ACCOUNT, OTHER)) is None

        await bring_day(0, 70, Row(telling.day, -9, "F", "BIAYA"), account=OTHER)

        assert await look(0, (ACCOUNT, OTHER)) == (156, 156, {})


class TestThatIsExplained:
    async def test_m9_a_debit_that_waits_then_is_explained_then_is_booked(
        self, telling: Telling, bring_day: Look, look: Look, inbox: Any, differing: Any
    ) -> None:
        await bring_day(0, 1_000, Row(telling.day, -400, "TRF2", "TARIK TUNAI"))
        assert await look(0) == (600, 1_000, {"open": -400})

        shown = (await inbox.resolve("explain", kind="missing_here", **WHY)).json()
        assert await look(0) == (600, 1_000, {"decided": -400})

        await inbox.act(shown, "undo", WHY)
        proposed = (await inbox.resolve("book_withdrawal", kind="missing_here", **WHY)).json()
        assert await look(0) == (600, 1_000, {"open": -400})

        await inbox.act(proposed, "approve", {}, BUDI)
        assert await look(0) == (600, 600, {})
        assert await differing() == []

    async def test_r3_what_a_closed_day_took_no_more_evens_out_on_a_later_one(
        self, telling: Telling, bring_day: Look, look: Look, close: Any, house: House,
        clock: FrozenClock, call_as: Any, differing: Any,
    ) -> None:  # fmt: skip
        await house.arrive(telling.callback(300, "NTB1"))
        clock.move_to(datetime.combine(telling.day + timedelta(days=1), time(2), WIB))
        closed = await close(0)

        await bring_day(0, 1_000, telling.row(300, "NTB1"), telling.stranger(5))
        await bring_day(1, 1_295)

        assert await look(0) == (1_295, 1_300, {"other_day": -5})
        assert await look(1) == (1_295, 1_295, {"other_day": 5})
        shown = (await call_as(ADMIN).get(f"/api/v1/closes/{telling.day}")).json()
        assert (shown["facts"]["balance"], shown["checksum"]) == (None, closed.checksum)
        assert (shown["balance_now"]["printed_idr"], shown["sealed"]) == (1_295, True)
        assert await differing() == []

    async def test_r3_money_that_the_bank_prints_a_day_later(
        self, house: House, telling: Telling, bring_day: Look, look: Look
    ) -> None:
        asked = telling.callback(300, "NTB1")
        await house.arrive(asked, telling.verified(asked))
        await bring_day(0, 1_000)
        assert await look(0) == (1_000, 1_300, {"unprinted": -300})

        await bring_day(1, 1_000, telling.row(300, "NTB1", after=1))

        assert await look(0) == (1_000, 1_300, {"other_day": -300})
        assert await look(1) == (1_300, 1_300, {"other_day": 300})

    async def test_r3_money_that_the_bank_never_prints_is_open_until_it_is_reversed(
        self, house: House, telling: Telling, bring_day: Look, look: Look, inbox: Any,
        differing: Any,
    ) -> None:  # fmt: skip
        await house.arrive(telling.callback(300, "NTB1"))
        await bring_day(0, 1_000)
        await bring_day(1, 1_000)
        assert await look(0) == (1_000, 1_300, {"open": -300})

        proposed = (await inbox.resolve("reverse", kind="missing_at_bank", **WHY)).json()
        await inbox.act(proposed, "approve", {}, BUDI)
        await bring_day(2, 1_000)

        assert await look(0) == (1_000, 1_300, {"other_day": -300})
        assert await look(2) == (1_000, 1_000, {"other_day": 300})
        assert await differing() == []

    async def test_r3_another_amount_under_the_same_reference(
        self, house: House, telling: Telling, bring_day: Look, look: Look
    ) -> None:
        await house.arrive(telling.callback(300, "NTB1"))
        await bring_day(0, 1_000, telling.row(250, "NTB1"))

        assert await look(0) == (1_250, 1_300, {"open": -50})

    async def test_r3_returned_money_and_the_debit_that_a_person_knows_it_by(
        self, telling: Telling, bring_day: Look, look: Look, inbox: Any
    ) -> None:
        await bring_day(0, 0, Row(telling.day, 500, "T1", "TRF DARI SITI"))
        proposed = (await inbox.resolve("return", **WHY)).json()
        await inbox.act(proposed, "approve", {}, BUDI)
        await bring_day(1, 500, Row(telling.day + timedelta(days=1), -500, "T2", "TRF KE SITI"))
        await inbox.resolve("explain", kind="missing_here", **WHY)

        assert await look(1) == (0, 0, {"returned": 500, "decided": -500})


class TestThatNothingExplains:
    @pytest.fixture
    async def broken(self, telling: Telling, bring_day: Look) -> None:
        """Monday's file lacked its last line, of 300: Tuesday opens with more."""
        await bring_day(0, 1_000, telling.stranger(5))
        await bring_day(1, 1_295)

    async def test_r3_a_person_is_asked_once_with_evidence(
        self, broken: None, telling: Telling, inbox: Any, sessions: Sessions, differing: Any
    ) -> None:
        asked = await inbox.one("balance_differs")
        assert (asked["amount_idr"], asked["key"], asked["actions"]) == (
            300,
            "2026-11-24",
            ["explain"],
        )
        assert "Rp300 lebih banyak daripada buku besar" in asked["evidence"]
        assert "tidak menyambung: berbeda Rp300" in asked["supports"][1]
        assert await differing() == [
            "R3: gerakan saldo bank 2026-11-24: seharusnya Rp300, tercatat Rp0"
        ]

        async with sessions.begin(SYSTEM) as session:
            await follow_balances(session, (), (telling.day, telling.day))

        assert (await inbox.one("balance_differs"))["version"] == asked["version"]

    async def test_r3_the_whole_file_ends_it_by_itself(
        self, broken: None, telling: Telling, bring_day: Look, look: Look, inbox: Any,
        differing: Any,
    ) -> None:  # fmt: skip
        await bring_day(0, 1_000, telling.stranger(5), Row(telling.day, 300, "T9", "TRF DARI SITI"))

        ended = await inbox.one("balance_differs", state="closed")
        assert ended["outcome"] == "Semua sumber kini cocok."
        assert await look(1) == (1_295, 1_295, {})
        assert await differing() == []

    async def test_r3_what_a_person_explains_stays_explained_until_it_is_undone(
        self, broken: None, bring_day: Look, look: Look, inbox: Any, differing: Any
    ) -> None:
        shown = (await inbox.resolve("explain", kind="balance_differs", **WHY)).json()
        await bring_day(2, 1_295)
        assert await look(1) == (1_295, 995, {"decided": 300})
        assert await differing() == []

        await inbox.act(shown, "undo", WHY)

        assert (await inbox.one("balance_differs"))["amount_idr"] == 300
        assert len(await differing()) == 1

    async def test_r3_the_certificate_says_it_and_is_not_green(
        self, broken: None, close: Any, telling: Telling
    ) -> None:
        await close(0)
        held = (await close(1)).held

        assert held.balance is not None
        assert told(held.balance) == (1_295, 995, {})
        assert (held.balance.unexplained_idr, held.is_green) == (300, False)
        assert held.exceptions["balance_differs"].amount_idr == 300

    @pytest.mark.parametrize(
        ("table", "told"),
        [
            ("bank_lines", "seharusnya \u2212Rp6, tercatat \u2212Rp5"),
            ("ledger_entries", "seharusnya \u2212Rp5, tercatat \u2212Rp6"),
        ],
    )
    async def test_m11_a_forged_amount_is_found_on_either_side(
        self, telling: Telling, bring_day: Look, forge: Any, differing: Any, table: str, told: str
    ) -> None:
        await bring_day(0, 1_000, telling.stranger(5))
        await forge(f"UPDATE {table} SET amount_idr = -6 WHERE amount_idr = -5")

        assert f"R3: gerakan saldo bank 2026-11-23: {told}" in await differing()


class TestTheStatement:
    async def test_r3_its_page_gets_the_balance_of_its_last_whole_day(
        self, telling: Telling, house: House, clock: FrozenClock, call_as: Any
    ) -> None:
        first, last = telling.day - timedelta(days=2), telling.day
        row = Row(telling.day - timedelta(days=1), -400, "TRF2", "TARIK TUNAI")
        await house.import_file(csv_file([row], 1_000, first=first, last=last))
        listed = (await call_as(ADMIN).get("/api/v1/statements")).json()["items"]

        shown = (await call_as(ADMIN).get(f"/api/v1/statements/{listed[0]['id']}")).json()

        assert shown["balance"] == {
            "day": row.day.isoformat(),
            "since": first.isoformat(),
            "printed_idr": 600,
            "ledger_idr": 1_000,
            "brought_idr": 0,
            "causes": {"open": {"count": 1, "amount_idr": -400}},
            "unexplained_idr": 0,
        }
