"""R3, M11: closed days and the check of all books over HTTP, and the loops of the night."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from reconciliation.metrics import UNEXPLAINED, UNEXPLAINED_COUNT, VERIFY_DIFFERENCES
from reconciliation.models import Certificate
from reconciliation.nightly import Nightly
from shared.clock import FrozenClock
from shared.contracts.bank_gateway import NoticeQuarantined
from shared.database import Sessions
from shared.testing import ADMIN, WAWAN

MONDAY, TUESDAY = "2026-11-23", "2026-11-24"


@pytest.fixture
async def tuesday(story: Any, arrive: Any, clock: FrozenClock) -> Any:
    """On Monday Rp1.200 came for a bill of Rp1.000, and Rp70 of nobody; now it is Tuesday."""
    customer = story.customer()
    bill = story.invoice(customer.aggregate_id, 1_000)
    await arrive(customer, bill, story.payment(1_200, bill), story.payment(70))
    clock.advance(timedelta(hours=18))
    return bill


class TestClosing:
    async def test_first_shows_what_would_be_certified(self, call_as: Any, tuesday: Any) -> None:
        answer = (await call_as(ADMIN).get("/api/v1/closes")).json()

        waiting = answer["waiting"]
        assert (answer["items"], waiting["day"], waiting["over"]) == ([], MONDAY, True)
        assert waiting["facts"]["channels"] == {"bni_va": {"count": 2, "amount_idr": 1_270}}
        assert answer["unexplained"] == {"count": 1, "amount_idr": 70}

    async def test_names_the_waiting_day_without_adding_it_up(
        self, call_as: Any, tuesday: Any
    ) -> None:
        """For pages that are read with every payment: a day's entries are hashed to add it up."""
        answer = (await call_as(ADMIN).get("/api/v1/closes", params={"facts": "false"})).json()

        assert (answer["waiting"]["day"], answer["waiting"]["facts"]) == (MONDAY, None)
        assert answer["unexplained"] == {"count": 1, "amount_idr": 70}

    async def test_r3_closes_the_day_once(self, call_as: Any, tuesday: Any) -> None:
        made = [await call_as(ADMIN).post("/api/v1/closes", {"day": MONDAY}) for _ in "ab"]
        shown = await call_as(ADMIN).get(f"/api/v1/closes/{MONDAY}")

        assert [answer.status_code for answer in made] == [201, 201]
        assert made[0].json() == made[1].json() == shown.json()
        assert shown.json()["state"] == "differences"
        assert (shown.json()["sealed"], shown.json()["closed_by"]) == (True, ADMIN.name)
        listed = (await call_as(ADMIN).get("/api/v1/closes")).json()
        assert [each["day"] for each in listed["items"]] == [MONDAY]
        assert (listed["waiting"]["day"], listed["waiting"]["over"]) == (TUESDAY, False)

    async def test_b1_refuses_today_and_what_is_not_next(self, call_as: Any, tuesday: Any) -> None:
        for day, problem in ((TUESDAY, "day-not-over"), ("2026-11-20", "not-the-next-day")):
            answer = await call_as(ADMIN).post("/api/v1/closes", {"day": day})

            assert (answer.status_code, answer.json()["type"]) == (409, f"/problems/{problem}")
        assert (await call_as(ADMIN).get(f"/api/v1/closes/{MONDAY}")).status_code == 404

    async def test_pages_through_many_days(
        self, call_as: Any, tuesday: Any, clock: FrozenClock, sessions: Sessions
    ) -> None:
        clock.advance(timedelta(days=4))
        nightly = Nightly(sessions)
        while await nightly.close_step() == timedelta():
            pass

        first = (await call_as(ADMIN).get("/api/v1/closes", params={"limit": 3})).json()
        more = {"limit": 3, "cursor": first["next_cursor"]}
        second = (await call_as(ADMIN).get("/api/v1/closes", params=more)).json()

        days = [each["day"] for each in first["items"] + second["items"]]
        assert days == [f"2026-11-{day}" for day in (27, 26, 25, 24, 23)]
        assert (first["total"], second["next_cursor"]) == (5, None)

    async def test_a1_is_admins_only(self, call_as: Any, tuesday: Any) -> None:
        answers = [
            await call_as(WAWAN).get("/api/v1/closes"),
            await call_as(WAWAN).post("/api/v1/closes", {"day": MONDAY}),
            await call_as(WAWAN).get("/api/v1/book-checks"),
            await call_as(WAWAN).post("/api/v1/book-checks"),
        ]

        assert {answer.status_code for answer in answers} == {403}


class TestADoubtThatNamesNoMoney:
    async def test_r3_keeps_a_day_from_being_green(
        self, call_as: Any, story: Any, arrive: Any, clock: FrozenClock, sessions: Sessions
    ) -> None:
        """Its sum is zero, and still nobody knows what the bank meant."""
        customer = story.customer()
        await arrive(customer, story.invoice(customer.aggregate_id, 1_000), _doubt(clock))
        clock.advance(timedelta(hours=18))

        answer = (await call_as(ADMIN).post("/api/v1/closes", {"day": MONDAY})).json()

        assert (answer["state"], answer["unexplained_idr"]) == ("differences", 0)
        assert answer["unexplained_count"] == 1
        await Nightly(sessions).close_step()
        assert UNEXPLAINED_COUNT._value.get() == 1


class TestTheNight:
    async def test_r3_closes_and_shows_the_unexplained_rupiah(
        self, sessions: Sessions, tuesday: Any, rows: Any
    ) -> None:
        nightly = Nightly(sessions)

        pauses = [await nightly.close_step(), await nightly.close_step()]

        assert pauses[0] == timedelta() != pauses[1]
        assert [certificate.closed_by for certificate in await rows(Certificate)] == [
            "sistem:reconciliation"
        ]
        assert UNEXPLAINED._value.get() == 70

    async def test_leaves_closing_to_a_person_where_the_setting_says_so(
        self, sessions: Sessions, tuesday: Any, rows: Any
    ) -> None:
        await Nightly(sessions, closes=False).close_step()

        assert await rows(Certificate) == []

    async def test_m4_checks_all_books_once_a_night_and_when_asked(
        self, sessions: Sessions, tuesday: Any, call_as: Any, forge: Any
    ) -> None:
        nightly = Nightly(sessions)
        for _ in range(2):
            await nightly.check_step()
        (first,) = (await call_as(ADMIN).get("/api/v1/book-checks")).json()["items"]
        healthy = VERIFY_DIFFERENCES._value.get()
        await forge("UPDATE payments SET allocated_idr = 999 WHERE allocated_idr = 1000")
        asked = [(await call_as(ADMIN).post("/api/v1/book-checks")).json()["id"] for _ in "ab"]

        await nightly.check_step()

        newest = (await call_as(ADMIN).get("/api/v1/book-checks")).json()["items"][0]
        assert (first["differences"], first["entries"], healthy) == (0, 8, 0)
        assert asked == [newest["id"]] * 2
        assert newest["differences"] == VERIFY_DIFFERENCES._value.get() == 1
        assert newest["told"].startswith("M5: pembayaran")


FORGERIES = {
    "UPDATE certificates SET facts = replace(facts, '1270', '1271')": "diubah",
    "UPDATE certificates SET closed_by = 'orang lain'": "diubah",
    "UPDATE certificates SET previous = repeat('0', 64) WHERE no = 2": "tidak menyambung",
    "UPDATE ledger_transactions SET booked_on = '2026-11-24'": "entri 2026-11-23",
    "DELETE FROM ledger_entries WHERE account = 'suspense'": "entri 2026-11-23",
}


class TestVerifyingCertificates:
    @pytest.mark.parametrize(("statement", "told"), FORGERIES.items())
    async def test_m11_each_forgery_is_found(
        self,
        sessions: Sessions,
        tuesday: Any,
        clock: FrozenClock,
        forge: Any,
        differing: Any,
        statement: str,
        told: str,
    ) -> None:
        clock.advance(timedelta(days=1))
        nightly = Nightly(sessions)
        for _ in range(3):
            await nightly.close_step()
        assert await differing() == []

        await forge(statement)

        found = await differing()
        assert any(each.startswith("R3: ") and told in each for each in found), found


def _doubt(clock: FrozenClock) -> NoticeQuarantined:
    """A message of the bank of which nothing but itself can be read."""
    facts = {
        "trx_id": "",
        "virtual_account": "",
        "customer_id": None,
        "invoice_id": None,
        "amount_idr": 0,
        "contradiction": "other_billed_amount",
        "trouble": "Tidak terbaca.",
        "first_seen_at": clock.now(),
    }
    return NoticeQuarantined.of(1, clock.now(), uuid4(), **facts)
