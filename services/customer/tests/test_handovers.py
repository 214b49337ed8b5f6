"""P10, A43: many customers change hands at once: looked at, run once, taken back within a day."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from customer import mover
from customer.mover import Mover
from shared.clock import FrozenClock
from shared.database import Sessions
from shared.testing import ADMIN, SARI, WAWAN, confirmed
from shared.testing.plugin import CallAs

PATH = "/api/v1/handovers"
RATNA = confirmed(ADMIN)
NOBODY = "00000000-0000-7000-8000-000000000000"

Made = dict[str, Any]
Make = Callable[..., Awaitable[Made]]
Published = Callable[[], Awaitable[list[Made]]]


@pytest.fixture
async def three(register: Make) -> list[Made]:
    """Three customers of Wawan's."""
    return [await register(name=f"Bapak {name}") for name in ("Adi", "Budi", "Candra")]


@pytest.fixture
def draft(call_as: CallAs) -> Make:
    """Choose customers for Sari."""

    async def make(**chosen: Any) -> Made:
        body = {"marketing_id": str(SARI.user_id), "reason": "wilayah baru", **chosen}
        answer = await call_as(ADMIN).post(PATH, body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    return make


@pytest.fixture
def work(sessions: Sessions) -> Callable[[], Awaitable[None]]:
    """Let the worker do all there is."""

    async def run() -> None:
        worker = Mover(sessions, "customer")
        while await worker.step() is not None:
            pass

    return run


async def owners(call_as: CallAs) -> dict[str, str]:
    rows = (await call_as(ADMIN).get("/api/v1/customers")).json()["items"]
    return {row["name"]: row["marketing"]["name"] for row in rows}


async def read(call_as: CallAs, made: Made) -> Made:
    return dict((await call_as(ADMIN).get(f"{PATH}/{made['id']}")).json())


class TestLooking:
    async def test_p10_a_draft_says_who_would_move_and_changes_nothing(
        self, call_as: CallAs, draft: Make, three: list[Made], offer: Make, book: Make
    ) -> None:
        await book(three[0], await offer())

        made = await draft(from_marketing_id=str(WAWAN.user_id))
        rows = (await call_as(ADMIN).get(f"{PATH}/{made['id']}/rows")).json()["items"]

        assert (made["state"], made["progress"]["waiting"]) == ("draft", 3)
        assert [(p["previous"]["name"], p["customers"]) for p in made["parts"]] == [
            ("Bapak Wawan", 3)
        ]
        assert [(r["customer"]["name"], r["draft_bookings"]) for r in rows] == [
            ("Bapak Candra", 0),
            ("Bapak Budi", 0),
            ("Bapak Adi", 1),
        ]
        assert set((await owners(call_as)).values()) == {"Bapak Wawan"}

    async def test_p10_nobody_to_move_is_said(self, call_as: CallAs, register: Make) -> None:
        hers = await register(person=SARI)
        body = {"marketing_id": str(SARI.user_id), "reason": "x", "customer_ids": [hers["id"]]}

        answer = await call_as(ADMIN).post(PATH, body)

        assert (answer.status_code, answer.json()["title"]) == (422, "Nobody to move")

    @pytest.mark.parametrize(
        "body",
        [
            {"reason": "x"},
            {"reason": "x", "customer_ids": []},
            {
                "reason": "x",
                "customer_ids": [str(WAWAN.user_id)],
                "from_marketing_id": str(WAWAN.user_id),
            },
            {"reason": "", "from_marketing_id": str(WAWAN.user_id)},
        ],
    )
    async def test_b3_one_choice_and_a_reason(self, call_as: CallAs, body: Made) -> None:
        body = {"marketing_id": str(SARI.user_id), **body}

        assert (await call_as(ADMIN).post(PATH, body)).status_code == 422

    async def test_a1_marketing_hands_nobody_over(self, call_as: CallAs, three: list[Made]) -> None:
        body = {"marketing_id": str(SARI.user_id), "reason": "x", "customer_ids": [three[0]["id"]]}

        assert (await call_as(WAWAN).post(PATH, body)).status_code == 403


class TestRunning:
    async def test_a43_all_move_with_an_audit_row_and_an_event_each(
        self, call_as: CallAs, draft: Make, three: list[Made], work: Any, published: Published
    ) -> None:
        made = await draft(customer_ids=[each["id"] for each in three[:2]])
        await call_as(ADMIN).post(f"{PATH}/{made['id']}/run")
        await work()

        assert await owners(call_as) == {
            "Bapak Adi": "Ibu Sari", "Bapak Budi": "Ibu Sari", "Bapak Candra": "Bapak Wawan"
        }  # fmt: skip
        done = await read(call_as, made)
        assert (done["state"], done["progress"]["moved"]) == ("done", 2)
        events = [e for e in await published() if e.get("handover_id") or "handover" in e["type"]]
        assert [e["type"] for e in events] == ["customer.reassigned.v1"] * 2 + [
            "handover.finished.v1"
        ]
        for each in three[:2]:
            told = await call_as(ADMIN).get(f"/internal/audit?object_id={each['id']}")
            newest = told.json()["rows"][0]
            assert (newest["action"], newest["reason"], newest["actor_name"]) == (
                "customer.reassigned", "wilayah baru", "Ibu Ratna"
            )  # fmt: skip

    async def test_a6_the_old_one_sees_them_no_more_on_his_next_request(
        self, call_as: CallAs, draft: Make, three: list[Made], work: Any
    ) -> None:
        made = await draft(from_marketing_id=str(WAWAN.user_id))
        await call_as(ADMIN).post(f"{PATH}/{made['id']}/run")
        await work()

        assert (await call_as(WAWAN).get("/api/v1/customers")).json()["total"] == 0
        gone = await call_as(WAWAN).get(f"/api/v1/customers/{three[0]['id']}")
        assert gone.status_code == 404
        assert (await call_as(SARI).get("/api/v1/customers")).json()["total"] == 3

    async def test_i_pressed_many_times_it_runs_once(
        self, call_as: CallAs, draft: Make, three: list[Made], work: Any, published: Published
    ) -> None:
        made = await draft(from_marketing_id=str(WAWAN.user_id))

        path = f"{PATH}/{made['id']}/run"
        answers = await asyncio.gather(*(call_as(ADMIN).post(path) for _ in range(4)))
        await work()
        await call_as(ADMIN).post(path)
        await work()

        assert {answer.status_code for answer in answers} == {202}
        moves = [e for e in await published() if e["type"] == "customer.reassigned.v1"]
        assert len(moves) == 3

    async def test_r6_a_worker_that_dies_half_way_is_gone_on_from(
        self, call_as: CallAs, draft: Make, three: list[Made], work: Any,
        sessions: Sessions, monkeypatch: pytest.MonkeyPatch, published: Published,
    ) -> None:  # fmt: skip
        made = await draft(from_marketing_id=str(WAWAN.user_id))
        await call_as(ADMIN).post(f"{PATH}/{made['id']}/run")
        monkeypatch.setattr(mover, "PIECE", 2)

        await Mover(sessions, "customer").step()
        half = await read(call_as, made)
        await work()

        assert (half["state"], half["progress"]["moved"]) == ("running", 2)
        assert (await read(call_as, made))["progress"]["moved"] == 3
        moves = [e for e in await published() if e["type"] == "customer.reassigned.v1"]
        assert len({e["aggregate_id"] for e in moves}) == len(moves) == 3

    async def test_p10_who_was_moved_meanwhile_stays_where_he_is(
        self, call_as: CallAs, draft: Make, three: list[Made], work: Any
    ) -> None:
        made = await draft(from_marketing_id=str(WAWAN.user_id))
        body = {"marketing_id": str(SARI.user_id), "reason": "lebih dulu"}
        await call_as(ADMIN).post(f"/api/v1/customers/{three[0]['id']}/reassign", body)
        await call_as(ADMIN).post(f"{PATH}/{made['id']}/run")
        await work()

        path = f"{PATH}/{made['id']}/rows?state=skipped"
        [row] = (await call_as(ADMIN).get(path)).json()["items"]
        assert (row["customer"]["name"], row["note"]) == ("Bapak Adi", "sudah pada Ibu Sari")
        assert (await read(call_as, made))["progress"]["moved"] == 2

    async def test_a8_more_than_twenty_need_the_password(
        self, call_as: CallAs, draft: Make, register: Make, work: Any
    ) -> None:
        for number in range(21):
            await register(name=f"Bapak {number}")
        made = await draft(from_marketing_id=str(WAWAN.user_id))

        refused = await call_as(ADMIN).post(f"{PATH}/{made['id']}/run")
        await work()
        untouched = set((await owners(call_as)).values())
        begun = await call_as(RATNA).post(f"{PATH}/{made['id']}/run")

        assert (refused.status_code, refused.json()["type"]) == (
            403, "/problems/confirmation-needed"
        )  # fmt: skip
        assert untouched == {"Bapak Wawan"}
        assert begun.json()["state"] == "running"


class TestTakingBack:
    @pytest.fixture
    async def done(self, call_as: CallAs, draft: Make, three: list[Made], work: Any) -> Made:
        made = await draft(from_marketing_id=str(WAWAN.user_id))
        await call_as(ADMIN).post(f"{PATH}/{made['id']}/run")
        await work()
        return await read(call_as, made)

    async def test_p10_everybody_goes_back_who_is_still_there(
        self, call_as: CallAs, done: Made, three: list[Made], work: Any, published: Published
    ) -> None:
        body = {"marketing_id": str(WAWAN.user_id), "reason": "keliru"}
        await call_as(ADMIN).post(f"/api/v1/customers/{three[2]['id']}/reassign", body)

        answer = await call_as(ADMIN).post(f"{PATH}/{done['id']}/undo")
        await work()

        assert answer.status_code == 202
        after = await read(call_as, done)
        assert (after["state"], after["progress"]["returned"], after["progress"]["skipped"]) == (
            "undone", 2, 1
        )  # fmt: skip
        assert set((await owners(call_as)).values()) == {"Bapak Wawan"}
        told = (await published())[-1]
        assert (told["type"], told["undone"]) == ("handover.finished.v1", True)
        assert told["parts"][0]["customers"] == 2

    async def test_p10_after_a_day_it_is_too_late(
        self, call_as: CallAs, done: Made, clock: FrozenClock
    ) -> None:
        assert done["undo_until"] is not None
        clock.advance(timedelta(hours=24, seconds=1))

        answer = await call_as(ADMIN).post(f"{PATH}/{done['id']}/undo")

        assert (answer.status_code, answer.json()["title"]) == (409, "Undo too late")
        assert (await read(call_as, done))["undo_until"] is None

    async def test_s_a_draft_cannot_be_taken_back(
        self, call_as: CallAs, draft: Make, three: list[Made]
    ) -> None:
        made = await draft(customer_ids=[three[0]["id"]])

        assert (await call_as(ADMIN).post(f"{PATH}/{made['id']}/undo")).status_code == 409
