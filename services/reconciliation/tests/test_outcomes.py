"""P16: an import says what became of each of its lines, and what needs a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from bank_files import Row, csv_file
from tellings import SYSTEM, House, Telling

from reconciliation.handlers.statements import Upload, import_statement
from shared.clock import FrozenClock
from shared.database import Sessions
from shared.testing import ADMIN

PATH = "/api/v1/statements"


@pytest.fixture
def outcome(call_as: Any, house: House) -> Any:
    """``await outcome(rows)``: import and compare a statement of four days; what became of it."""

    async def told(*rows: Row, days: int = 4) -> Any:
        first = min(row.day for row in rows)
        last = first + timedelta(days=days - 1)
        await house.import_file(csv_file(rows, 0, first=first, last=last))
        return await newest(call_as)

    return told


async def newest(call_as: Any) -> Any:
    listed = (await call_as(ADMIN).get(PATH)).json()["items"]
    return (await call_as(ADMIN).get(f"{PATH}/{listed[0]['id']}")).json()["outcome"]


def some(counted: Any) -> dict[str, tuple[int, int]]:
    """Give what is not zero, as count and rupiah."""
    pairs = {name: (each["count"], each["amount_idr"]) for name, each in counted.items()}
    return {name: pair for name, pair in pairs.items() if pair[0]}


class TestWhatBecameOfEachLine:
    async def test_r3_each_line_met_one_fate(
        self, house: House, telling: Telling, outcome: Any
    ) -> None:
        known = telling.callback(300, "NTB1")
        asked = telling.callback(200, "NTB2")
        await house.arrive(known, asked, telling.verified(asked))

        found = await outcome(
            telling.row(300, "NTB1"),
            telling.row(200, "NTB2"),
            telling.row(150, "NTB3"),
            Row(telling.day, 900, "TRF1", "TRF DARI SITI"),
            Row(telling.day, -400, "TRF2", "TRF KE BUDI"),
            telling.stranger(5),
        )

        assert found["compared"]
        assert some(found["lines"]) == {
            "confirmed": (1, 300),
            "joined": (1, 200),
            "posted": (1, 150),
            "waiting": (2, 1_300),
            "fee": (1, 5),
        }
        assert some(found["open"]) == {
            "missing_here": (1, 400),
            "underpaid": (1, 350),
            "unknown_payer": (1, 900),
        }

    async def test_c11_what_the_bank_tells_later_leaves_the_fate_as_it_was(
        self, house: House, telling: Telling, outcome: Any, call_as: Any, clock: FrozenClock
    ) -> None:
        await outcome(telling.row(300, "NTB1"))
        clock.advance(timedelta(hours=1))
        late = telling.callback(300, "NTB1", received_at=clock.now())
        await house.arrive(late, telling.verified(late))

        assert some((await newest(call_as))["lines"]) == {"posted": (1, 300)}

    async def test_m6_surplus_has_an_owner_so_its_line_waits_for_nobody(
        self, telling: Telling, outcome: Any
    ) -> None:
        found = await outcome(telling.row(1_250, "NTB1"))

        assert some(found["lines"]) == {"posted": (1, 1_250)}
        assert some(found["open"]) == {"overpaid": (1, 250)}

    async def test_another_amount_under_the_same_reference_proves_nothing(
        self, house: House, telling: Telling, outcome: Any
    ) -> None:
        await house.arrive(telling.callback(300, "NTB1"))

        found = await outcome(telling.row(350, "NTB1"))

        assert some(found["lines"]) == {"waiting": (1, 350)}
        assert "amount_differs" in some(found["open"])

    async def test_a_payment_that_the_statement_should_show_needs_a_person(
        self, house: House, telling: Telling, outcome: Any
    ) -> None:
        await house.arrive(telling.callback(300, "NTB1", after=1))

        found = await outcome(telling.row(150, "NTB9"))

        assert some(found["lines"]) == {"posted": (1, 150)}
        assert some(found["open"]) == {"missing_at_bank": (1, 300)}

    async def test_what_a_person_decided_waits_no_more(
        self, telling: Telling, outcome: Any, call_as: Any
    ) -> None:
        await outcome(Row(telling.day, -400, "TRF2", "TRF KE BUDI"))
        (matter,) = (await call_as(ADMIN).get("/api/v1/exceptions")).json()["items"]
        path = f"/api/v1/exceptions/{matter['id']}/resolve"
        body = {"action": "explain", "reason": "Sewa kantor."}
        await call_as(ADMIN).post(path, body, version=matter["version"])

        found = await newest(call_as)

        assert some(found["lines"]) == {"decided": (1, 400)}
        assert some(found["open"]) == {}


class TestWhileItWorks:
    async def test_an_import_that_is_not_compared_yet_says_so(
        self, telling: Telling, sessions: Sessions, call_as: Any
    ) -> None:
        content = csv_file([telling.row(300, "NTB1")], 0)
        async with sessions.begin(SYSTEM) as session:
            await import_statement(session, Upload("mutasi.csv", content), ())

        found = await newest(call_as)

        assert not found["compared"]
        assert some(found["lines"]) == {"pending": (1, 300)}

    async def test_every_line_is_counted_once(
        self, telling: Telling, outcome: Any, house: House
    ) -> None:
        rows = [telling.row(100 + no, f"NTB{no}", no % 4) for no in range(12)]

        found = await outcome(*rows, *(telling.stranger(no % 4, no % 4) for no in range(1, 4)))

        (added,) = (await house.query("SELECT added_count FROM bank_statements", {}))[0]
        assert sum(each["count"] for each in found["lines"].values()) == added == 15
