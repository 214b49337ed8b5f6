"""Acts on many bills: looked at, done one by one, each at most once, watched and stopped."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from invoicing.handlers.bulk import Worker
from invoicing.models import BulkItem
from shared.contracts.invoicing import BulkJobProgressed, InvoiceCancelled
from shared.database import Sessions
from shared.testing import ADMIN, SARI, WAWAN

PATH = "/api/v1/bulk-jobs"


@pytest.fixture
async def bills(free_bill: Any, call_as: Any, customer: UUID, story: Any, arrive: Any) -> list[str]:
    """Three that may be cancelled, one with money, one that is void."""
    ids = []
    for _ in range(5):
        answer = await call_as(WAWAN).post("/api/v1/invoices", free_bill(customer))
        ids.append(answer.json()["id"])
    await arrive(story.reconciled(customer, {UUID(ids[3]): 100_000}))
    await call_as(WAWAN).post(f"/api/v1/invoices/{ids[4]}/cancel", {"reason": "x"})
    return ids


@pytest.fixture
def ask(call_as: Any) -> Any:
    async def once(ids: list[str], who: Any = WAWAN, key: str = "") -> dict[str, Any]:
        body = {"action": "cancel", "invoice_ids": ids, "reason": "Salah tagih"}
        answer = await call_as(who).post(PATH, body, key=key or uuid4().hex)
        assert answer.status_code == 202, answer.text
        return dict(answer.json())

    return once


async def work(sessions: Sessions, steps: int = 100) -> None:
    worker = Worker(sessions)
    for _ in range(steps):
        if await worker.step() is None:
            return


class TestLookingFirst:
    async def test_says_what_would_be_done_and_what_skipped_and_why(
        self, call_as: Any, bills: list[str]
    ) -> None:
        body = {"action": "cancel", "invoice_ids": bills}

        shown = (await call_as(WAWAN).post(f"{PATH}/preview", body)).json()

        assert (shown["ready"], shown["ready_idr"]) == (3, 900_000)
        assert [line["why"] for line in shown["skipped"]] == [
            "Sudah menerima uang, jadi tidak dapat dibatalkan.",
            "Sudah batal.",
        ]

    async def test_a7_others_bills_are_not_there(self, call_as: Any, bills: list[str]) -> None:
        body = {"action": "cancel", "invoice_ids": bills, "reason": "x"}

        answers = [
            await call_as(SARI).post(
                f"{PATH}/preview", {k: body[k] for k in body if k != "reason"}
            ),
            await call_as(SARI).post(PATH, body),
        ]

        assert [answer.status_code for answer in answers] == [422, 422]


class TestDoing:
    async def test_each_bill_is_done_once_and_told_of(
        self, call_as: Any, sessions: Sessions, bills: list[str], ask: Any, told: Any
    ) -> None:
        before = len(await told(InvoiceCancelled))
        job = await ask(bills)

        await work(sessions)
        await work(sessions)

        shown = (await call_as(WAWAN).get(f"{PATH}/{job['id']}")).json()
        assert (shown["status"], shown["ok"], shown["skipped"], shown["done"]) == ("done", 3, 2, 5)
        assert shown["amounts"]["ok"] == 900_000
        assert len(await told(InvoiceCancelled)) == before + 3
        last = (await told(BulkJobProgressed))[-1]
        assert (last.status, last.ok, last.total) == ("done", 3, 5)

    async def test_i_a_repeated_request_is_one_job(
        self, call_as: Any, bills: list[str], ask: Any
    ) -> None:
        first, second = [await ask(bills, key="satu-kali") for _ in range(2)]

        assert first["id"] == second["id"]
        assert len((await call_as(WAWAN).get(PATH)).json()["items"]) == 1

    async def test_r_a_process_that_dies_leaves_nothing_half_done(
        self, sessions: Sessions, bills: list[str], ask: Any, told: Any
    ) -> None:
        before = len(await told(InvoiceCancelled))
        await ask(bills)
        await work(sessions, steps=2)

        await work(sessions)

        assert len(await told(InvoiceCancelled)) == before + 3
        async with sessions.begin(ADMIN) as session:
            states = sorted(item.status for item in (await session.exec(select(BulkItem))).all())
        assert states == ["ok", "ok", "ok", "skipped", "skipped"]

    async def test_m6_money_that_came_meanwhile_is_not_lost(
        self, call_as: Any, sessions: Sessions, bills: list[str], ask: Any, story: Any,
        arrive: Any, customer: UUID,
    ) -> None:  # fmt: skip
        job = await ask(bills[:2])
        await arrive(story.reconciled(customer, {UUID(bills[0]): 50_000}))

        await work(sessions)

        lines = (await call_as(WAWAN).get(f"{PATH}/{job['id']}/items")).json()["items"]
        assert [line["status"] for line in lines] == ["skipped", "ok"]
        assert lines[0]["why"]

    async def test_it_acts_as_the_person_who_asked(
        self, call_as: Any, sessions: Sessions, bills: list[str], ask: Any, told: Any
    ) -> None:
        job = await ask(bills[:1])

        await work(sessions)

        others = [
            (await call_as(who).get(f"{PATH}/{job['id']}")).status_code for who in (SARI, ADMIN)
        ]
        assert others == [404, 404]
        assert (await told(BulkJobProgressed))[-1].asked_by_id == WAWAN.user_id


class TestStopping:
    async def test_it_stops_after_the_present_bill_and_the_rest_can_be_tried_again(
        self, call_as: Any, sessions: Sessions, bills: list[str], ask: Any
    ) -> None:
        job = await ask(bills[:3])
        path = f"{PATH}/{job['id']}"
        await work(sessions, steps=1)

        await call_as(WAWAN).post(f"{path}/stop", {})
        await work(sessions)
        stopped = (await call_as(WAWAN).get(path)).json()
        again = (await call_as(WAWAN).post(f"{path}/again", {})).json()
        await work(sessions)

        assert (stopped["status"], stopped["ok"], stopped["done"]) == ("stopped", 1, 1)
        assert again["total"] == 2
        shown = (await call_as(WAWAN).get(f"{PATH}/{again['id']}")).json()
        assert (shown["status"], shown["ok"]) == ("done", 2)

    async def test_what_has_ended_is_not_stopped_nor_a_running_one_repeated(
        self, call_as: Any, sessions: Sessions, bills: list[str], ask: Any
    ) -> None:
        job = await ask(bills[:1])
        path = f"{PATH}/{job['id']}"

        early = (await call_as(WAWAN).post(f"{path}/again", {})).status_code
        await work(sessions)
        late = (await call_as(WAWAN).post(f"{path}/stop", {})).status_code

        assert (early, late) == (409, 409)

    async def test_one_person_has_three_at_a_time(
        self, call_as: Any, bills: list[str], ask: Any
    ) -> None:
        for each in bills[:3]:
            await ask([each])

        body = {"action": "cancel", "invoice_ids": bills[:1], "reason": "x"}
        assert (await call_as(WAWAN).post(PATH, body)).status_code == 409
