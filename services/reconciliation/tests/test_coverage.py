"""R3: a certificate says which statements cover its day, and what proves its money."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from bank_files import ACCOUNT, Row, csv_file
from tellings import SYSTEM, House, Telling

from reconciliation.handlers.closes import close_day
from reconciliation.models import Certificate
from shared.clock import WIB, FrozenClock
from shared.database import Sessions
from shared.testing import ADMIN

OTHER = "8810009999"
Close = Callable[..., Awaitable[Certificate]]


@pytest.fixture
def telling(telling: Telling, clock: FrozenClock) -> Telling:
    """His payments are of today."""
    telling.day = clock.today()
    return telling


@pytest.fixture
def close(sessions: Sessions, telling: Telling) -> Close:
    """``await close(accounts)``: close the day of the story."""

    async def one(accounts: tuple[str, ...] = ()) -> Certificate:
        async with sessions.begin(SYSTEM) as session:
            return await close_day(session, telling.day, accounts)

    return one


def next_morning(clock: FrozenClock, day: date) -> None:
    clock.move_to(datetime.combine(day + timedelta(days=1), time(9), WIB))


def of_day(day: date, *rows: Row) -> bytes:
    return csv_file(rows, 0, first=day, last=day)


class TestWhichAccountsAreCovered:
    async def test_what_is_expected_and_missing_is_named(
        self, house: House, telling: Telling, close: Close, clock: FrozenClock
    ) -> None:
        next_morning(clock, telling.day)
        await house.import_file(of_day(telling.day, telling.row(300, "NTB1"), telling.stranger(5)))

        held = (await close((OTHER, ACCOUNT))).held.coverage

        assert held is not None
        assert held[ACCOUNT].model_dump() == {
            "covered": True,
            "lines": 2,
            "credits_idr": 300,
            "debits_idr": -5,
            "matched": 2,
        }
        assert held[OTHER].model_dump(exclude_defaults=True) == {"covered": False}

    async def test_without_a_setting_the_accounts_of_any_statement_are_expected(
        self, house: House, telling: Telling, close: Close, clock: FrozenClock
    ) -> None:
        next_morning(clock, telling.day)
        before = telling.day - timedelta(days=1)
        await house.import_file(of_day(before))

        held = (await close()).held.coverage

        assert held is not None
        assert {name: each.covered for name, each in held.items()} == {ACCOUNT: False}

    async def test_a_file_of_the_day_itself_may_still_grow(
        self, house: House, telling: Telling, close: Close, clock: FrozenClock
    ) -> None:
        await house.import_file(of_day(telling.day, telling.row(300, "NTB1")))
        next_morning(clock, telling.day)

        held = (await close()).held.coverage

        assert held is not None
        assert (held[ACCOUNT].covered, held[ACCOUNT].lines) == (False, 1)

    async def test_a_line_that_waits_for_a_person_is_not_matched(
        self, house: House, telling: Telling, close: Close, clock: FrozenClock
    ) -> None:
        next_morning(clock, telling.day)
        await house.import_file(
            of_day(
                telling.day,
                telling.row(300, "NTB1"),
                Row(telling.day, 900, "TRF1", "TRF DARI SITI"),
                Row(telling.day, -400, "TRF2", "TRF KE BUDI"),
            )
        )

        held = (await close()).held.coverage

        assert held is not None
        assert (held[ACCOUNT].matched, held[ACCOUNT].lines) == (1, 3)


class TestWhatProvesTheMoney:
    async def test_each_payment_counts_under_its_best_proof(
        self, house: House, telling: Telling, close: Close, clock: FrozenClock
    ) -> None:
        called, asked, shown, denied = (
            telling.callback(amount, f"NTB{amount}") for amount in (10, 20, 30, 40)
        )
        await house.arrive(called, asked, shown, denied)
        await house.arrive(telling.verified(asked), telling.disputed(denied))
        next_morning(clock, telling.day)
        await house.import_file(of_day(telling.day, telling.row(30, "NTB30")))

        held = (await close()).held

        proof = {name: (each.count, each.amount_idr) for name, each in held.proof.items()}
        assert proof == {
            "callback": (1, 10),
            "inquiry": (1, 20),
            "statement": (1, 30),
            "denied": (1, 40),
        }
        received = sum(each.amount_idr for each in held.channels.values())
        assert sum(amount for _, amount in proof.values()) == received

    async def test_another_amount_under_the_same_reference_proves_nothing(
        self, house: House, telling: Telling, close: Close, clock: FrozenClock
    ) -> None:
        await house.arrive(telling.callback(30, "NTB30"))
        next_morning(clock, telling.day)
        await house.import_file(of_day(telling.day, telling.row(35, "NTB30")))

        assert set((await close()).held.proof) == {"callback"}


class TestItStaysAsItIs:
    async def test_r3_a_statement_that_comes_later_changes_no_certificate(
        self, house: House, telling: Telling, close: Close, clock: FrozenClock, call_as: Any,
        differing: Any,
    ) -> None:  # fmt: skip
        await house.arrive(telling.callback(30, "NTB30"))
        next_morning(clock, telling.day)
        first = await close((ACCOUNT,))
        await house.import_file(of_day(telling.day, telling.row(30, "NTB30")))

        path = f"/api/v1/closes/{telling.day.isoformat()}"
        shown = (await call_as(ADMIN).get(path)).json()

        assert (shown["checksum"], shown["sealed"]) == (first.checksum, True)
        assert shown["facts"]["coverage"][ACCOUNT]["covered"] is False
        assert set(shown["facts"]["proof"]) == {"callback"}
        assert shown["coverage_now"][ACCOUNT]["covered"] is True
        assert await differing() == []

    async def test_m11_a_forged_coverage_breaks_the_seal(
        self, telling: Telling, close: Close, clock: FrozenClock, forge: Any, differing: Any
    ) -> None:
        next_morning(clock, telling.day)
        await close((ACCOUNT,))

        await forge("UPDATE certificates SET facts = replace(facts, 'false', 'true')")

        assert any("diubah" in each for each in await differing())
