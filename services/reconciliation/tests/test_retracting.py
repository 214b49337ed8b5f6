"""A payment that the bank denies is reversed by two persons, and stays so (A8, C11, ADR-0028)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tellings import House, Telling

from shared.clock import FrozenClock
from shared.contracts.reconciliation import PaymentReversed
from shared.testing import ADMIN, confirmed

RATNA = confirmed(ADMIN)
BUDI = confirmed(replace(ADMIN, user_id=UUID(int=0xD), name="Bapak Budi"))
WHY = {"reason": "Bank menyatakan uangnya tidak pernah masuk."}
Reverse = Callable[[str], Awaitable[Any]]


@pytest.fixture
def reverse(inbox: Any) -> Reverse:
    """``await reverse(kind)``: propose to reverse what an exception is about, and agree."""

    async def both(kind: str) -> Any:
        proposed = (await inbox.resolve("reverse", kind=kind, **WHY)).json()
        assert proposed["resolution"]["state"] == "proposed"
        agreed = await inbox.act(proposed, "approve", {}, BUDI)
        assert agreed.status_code == 200
        return agreed.json()

    return both


async def missing(telling: Telling) -> Any:
    """A callback told of Rp1.000 that no statement shows."""
    payment = telling.callback(1_000, "NTB777")
    await telling.house.arrive(payment)
    await telling.statement(telling.stranger(5))()
    return payment


class TestMissingAtTheBank:
    async def test_a8_it_is_reversed_once_a_second_person_agrees(
        self, telling: Telling, inbox: Any, told: Any, differing: Any
    ) -> None:
        await missing(telling)
        proposed = (await inbox.resolve("reverse", kind="missing_at_bank", **WHY)).json()
        assert (await telling.state()).total_idr == 1_000

        own = await inbox.act(proposed, "approve", {})
        agreed = (await inbox.act(proposed, "approve", {}, BUDI)).json()

        assert (own.status_code, own.json()["title"]) == (403, "Second person needed")
        assert agreed["outcome"].startswith("Pembayaran Rp1.000 dibalik")
        state = await telling.state()
        assert (state.total_idr, state.bills) == (0, Counter({(1_000, 0): 1}))
        assert state.exceptions == Counter()
        (event,) = await told(PaymentReversed)
        assert event.reason == WHY["reason"]
        assert await differing() == []

    async def test_e1_no_later_news_of_it_brings_it_back(
        self, house: House, telling: Telling, reverse: Reverse, differing: Any
    ) -> None:
        payment = await missing(telling)
        await reverse("missing_at_bank")

        await house.arrive(payment, telling.verified(payment))
        await house.arrive(house.story.next(telling.account, type(telling.account)))

        assert (await telling.state()).total_idr == 0
        assert await differing() == []

    async def test_m8_a_line_that_does_come_is_money_again(
        self, telling: Telling, reverse: Reverse, differing: Any
    ) -> None:
        await missing(telling)
        await reverse("missing_at_bank")

        await telling.statement(telling.row(1_000, "NTB777", after=4), days=1, opening_idr=-5)()

        state = await telling.state()
        assert state.payments == Counter({(1_000, "verified", "NTB777", "bni_va", True): 1})
        assert state.bills == Counter({(1_000, 1_000): 1})
        assert await differing() == []

    async def test_m3_undone_it_is_posted_anew_and_asked_about_again(
        self, telling: Telling, reverse: Reverse, inbox: Any, differing: Any
    ) -> None:
        await missing(telling)
        before = await telling.state()
        done = await reverse("missing_at_bank")

        answer = await inbox.act(done, "undo", {"reason": "Mutasinya baru ditemukan."})

        assert answer.status_code == 200
        assert await telling.state() == before
        assert await differing() == []
        again = await reverse("missing_at_bank")
        assert again["payment"]["id"] != done["payment"]["id"]
        assert (await telling.state()).total_idr == 0


class TestAnotherAmount:
    async def test_what_the_statement_prints_is_posted_instead(
        self, house: House, telling: Telling, reverse: Reverse, differing: Any
    ) -> None:
        await house.arrive(telling.callback(1_000, "NTB777"))
        await telling.statement(telling.row(900, "NTB777"))()

        await reverse("amount_differs")

        state = await telling.state()
        assert state.payments == Counter({(900, "verified", "NTB777", "bni_va", True): 1})
        assert state.bills == Counter({(1_000, 900): 1})
        assert await differing() == []


class TestDeniedThoughALineShowsIt:
    async def test_two_persons_may_believe_the_denial(
        self, house: House, telling: Telling, reverse: Reverse, inbox: Any, differing: Any
    ) -> None:
        payment = telling.callback(1_000, "NTB777")
        await house.arrive(payment)
        await telling.statement(telling.row(1_000, "NTB777"))()
        await house.arrive(telling.disputed(payment))
        before = await telling.state()

        done = await reverse("disputed")

        assert (await telling.state()).total_idr == 0
        assert (await telling.state()).exceptions == Counter()
        await inbox.act(done, "undo", {"reason": "Baris mutasinya benar."})
        assert await telling.state() == before
        assert await differing() == []


class TestWhatIsNotReversed:
    async def test_money_that_nothing_contradicts_is_not(self, inbox: Any, stray: Any) -> None:
        answer = await inbox.resolve("reverse", **WHY)

        assert (answer.status_code, answer.json()["title"]) == (409, "Action not offered")

    async def test_a_denial_that_reversed_it_already_leaves_nothing_to_reverse(
        self, house: House, telling: Telling, inbox: Any, clock: FrozenClock
    ) -> None:
        payment = telling.callback(1_000, "NTB777")
        await house.arrive(payment, telling.disputed(payment))
        clock.advance(timedelta(minutes=1))

        assert (await inbox.one("disputed"))["actions"] == ["explain"]
