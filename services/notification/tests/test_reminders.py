"""Reminders: each step once per bill whatever happens, none once there is nothing to pay."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from notification.handlers.desk import Desk
from notification.models import Message, Reminder
from notification.worker import LEASE, ReminderWorker
from shared.clock import WIB, FrozenClock
from shared.contracts.customer import CustomerChanged
from shared.contracts.invoicing import InvoiceCancelled, InvoiceChanged, InvoicePaid
from shared.database import Sessions
from shared.principal import Principal
from shared.service import Service
from shared.testing import ADMIN, SARI, WAWAN
from shared.testing.plugin import CallAs

PATH = "/api/v1/messages"
RULES = "/api/v1/message-rules"
SYSTEM = Principal.system("notification")

Hear = Callable[..., Awaitable[None]]


def on(day: int, hour: int = 8) -> datetime:
    return datetime(2026, 12, day, hour, tzinfo=WIB)


@pytest.fixture
def worker(service: Service) -> ReminderWorker:
    return ReminderWorker(service.sessions, service.principal, Desk(service.app.state.letterhead))


@pytest.fixture
def work_at(worker: ReminderWorker, clock: FrozenClock) -> Callable[..., Awaitable[None]]:
    """Move the clock and let the worker do everything that is due then."""

    async def work(moment: datetime) -> None:
        clock.move_to(moment)
        while await worker.step() == timedelta():
            pass

    return work


async def written(sessions: Sessions) -> list[tuple[str, str]]:
    """Give purpose and state of every message, in the order of writing."""
    async with sessions.begin(SYSTEM) as session:
        rows = (await session.exec(select(Message).order_by(Message.id))).all()
    return [(row.purpose, row.state) for row in rows]


async def test_b27_b28_each_step_writes_once_with_the_words_of_its_day(
    hear: Hear, story: Any, work_at: Any, sessions: Sessions, call_as: CallAs
) -> None:
    await hear(*story.ready_to_send())

    for day in (6, 7, 8, 10, 13, 13, 17, 30):
        await work_at(on(day))

    assert await written(sessions) == [
        ("reminder.-3", "queued"),
        ("reminder.+0", "queued"),
        ("reminder.+3", "queued"),
        ("reminder.+7", "queued"),
    ]
    items = (await call_as(WAWAN).get(PATH)).json()["items"]
    assert [item["text"].splitlines()[1] for item in reversed(items)] == [
        "Kami mengingatkan: tagihan *INV/2026/11/000123* untuk Kavling B-12 (Angsuran 3 dari 20)"
        " sebesar *Rp1.250.000* jatuh tempo 3 hari lagi, *10 Desember 2026*.",
        "Tagihan *INV/2026/11/000123* untuk Kavling B-12 (Angsuran 3 dari 20) sebesar"
        " *Rp1.250.000* jatuh tempo hari ini, *10 Desember 2026*.",
        "Tagihan *INV/2026/11/000123* untuk Kavling B-12 (Angsuran 3 dari 20) sebesar"
        " *Rp1.250.000* sudah lewat 3 hari dari jatuh temponya, *10 Desember 2026*.",
        "Tagihan *INV/2026/11/000123* untuk Kavling B-12 (Angsuran 3 dari 20) sebesar"
        " *Rp1.250.000* sudah lewat 7 hari dari jatuh temponya, *10 Desember 2026*.",
    ]
    assert {item["sent_by"]["name"] for item in items} == {"Sistem"}


@pytest.mark.parametrize(
    ("kind", "change", "why"),
    [
        (InvoicePaid, {"paid_idr": 1_250_000, "status": "paid"}, "Tagihan sudah lunas"),
        (InvoiceCancelled, {"status": "cancelled"}, "Tagihan dibatalkan"),
    ],
)
async def test_b28_it_stops_the_moment_the_bill_is_settled(
    hear: Hear,
    story: Any,
    work_at: Any,
    sessions: Sessions,
    call_as: CallAs,
    kind: Any,
    change: Any,
    why: str,
) -> None:
    await hear(*story.ready_to_send())
    await work_at(on(7))

    await hear(story.invoice(kind, version=2, **change))
    await work_at(on(10))

    assert await written(sessions) == [("reminder.-3", "cancelled")]
    (item,) = (await call_as(WAWAN).get(PATH)).json()["items"]
    assert item["trouble"] == why
    opened = await call_as(WAWAN).post(f"{PATH}/{item['id']}/open")
    assert opened.status_code == 409


async def test_a_partly_paid_bill_is_reminded_of_the_rest(
    hear: Hear, story: Any, work_at: Any, call_as: CallAs
) -> None:
    part = story.invoice(InvoiceChanged, paid_idr=250_000, status="partially_paid", version=2)
    await hear(*story.ready_to_send(), part)

    await work_at(on(7))

    (item,) = (await call_as(WAWAN).get(PATH)).json()["items"]
    assert "sebesar *Rp1.000.000*" in item["text"]


async def test_a_reversal_opens_the_bill_again_but_repeats_no_step(
    hear: Hear, story: Any, work_at: Any, sessions: Sessions
) -> None:
    await hear(*story.ready_to_send())
    await work_at(on(7))
    await hear(story.invoice(InvoicePaid, paid_idr=1_250_000, status="paid", version=2))

    await hear(story.invoice(InvoiceChanged, paid_idr=0, status="issued", version=3))
    for day in (8, 10):
        await work_at(on(day))

    purposes = [purpose for purpose, _ in await written(sessions)]
    assert purposes == ["reminder.-3", "reminder.+0"]


async def test_a_moved_due_day_moves_the_ladder(
    hear: Hear, story: Any, work_at: Any, sessions: Sessions
) -> None:
    moved = story.invoice(InvoiceChanged, due_on=date(2026, 12, 20), version=2)
    await hear(*story.ready_to_send(), moved)

    await work_at(on(10))
    assert await written(sessions) == []

    await work_at(on(17))
    assert await written(sessions) == [("reminder.-3", "queued")]


async def test_e1_e5_news_that_come_twice_or_late_write_nothing_more(
    hear: Hear, story: Any, work_at: Any, sessions: Sessions
) -> None:
    paid = story.invoice(InvoicePaid, paid_idr=1_250_000, status="paid", version=3)
    old = story.invoice(InvoiceChanged, version=2)
    await hear(*story.ready_to_send(), paid, old, *story.ready_to_send())

    await work_at(on(10))

    assert await written(sessions) == []


async def test_k3_two_workers_never_write_twice(
    hear: Hear, story: Any, service: Service, clock: FrozenClock, sessions: Sessions
) -> None:
    await hear(*story.ready_to_send())
    clock.move_to(on(7))
    workers = [
        ReminderWorker(service.sessions, service.principal, Desk(service.app.state.letterhead))
        for _ in range(4)
    ]

    await asyncio.gather(*(worker.step() for worker in workers * 2))

    assert await written(sessions) == [("reminder.-3", "queued")]


async def test_r6_what_a_dead_worker_had_leased_is_done_after_the_lease(
    hear: Hear, story: Any, work_at: Any, forge: Any, sessions: Sessions
) -> None:
    await hear(*story.ready_to_send())
    await forge("UPDATE bill_looks SET leased_until = '2026-12-07T01:00:30+00'")

    await work_at(on(7))
    assert await written(sessions) == []

    await work_at(on(7) + LEASE)
    assert await written(sessions) == [("reminder.-3", "queued")]


async def test_i_the_database_itself_refuses_a_second_step(
    hear: Hear, story: Any, work_at: Any, sessions: Sessions
) -> None:
    await hear(*story.ready_to_send())
    await work_at(on(7))

    with pytest.raises(IntegrityError):
        async with sessions.begin(SYSTEM) as session:
            session.add(Reminder(invoice_id=story.invoice_id, step=-3, at=on(7)))


async def test_without_an_account_it_waits_and_does_not_lose_the_step(
    hear: Hear, story: Any, work_at: Any, sessions: Sessions
) -> None:
    await hear(story.customer(), story.invoice(), story.paper())
    await work_at(on(7))
    assert await written(sessions) == []

    await hear(story.account())
    await work_at(on(7, 9))

    assert await written(sessions) == [("reminder.-3", "queued")]


async def test_e1_a_bill_that_came_before_its_customer_keeps_no_other_waiting(
    hear: Hear, story: Any, work_at: Any, sessions: Sessions
) -> None:
    early = story.invoice(customer_id=UUID(int=9))
    early = early.model_copy(update={"aggregate_id": UUID(int=0xEA), "event_id": uuid4()})
    await hear(early, *story.ready_to_send())

    await work_at(on(7))

    assert await written(sessions) == [("reminder.-3", "queued")]


async def test_a_landline_has_no_queue(
    hear: Hear, story: Any, work_at: Any, sessions: Sessions
) -> None:
    await hear(*story.ready_to_send())
    await hear(story.customer(CustomerChanged, phone="+622518321234", version=2))

    await work_at(on(7))

    assert await written(sessions) == []


class TestTheRules:
    async def test_another_ladder_holds_for_open_bills_at_once(
        self, hear: Hear, story: Any, work_at: Any, call_as: CallAs, sessions: Sessions
    ) -> None:
        await hear(*story.ready_to_send())
        wanted = {"ladder": [1, -5], "quiet_from": 21, "quiet_until": 9}

        saved = await call_as(ADMIN).patch(RULES, {"rules": wanted}, version=0)
        for day in (5, 7, 11):
            await work_at(on(day, 9))

        assert saved.json()["ladder"] == [-5, 1]
        purposes = [purpose for purpose, _ in await written(sessions)]
        assert purposes == ["reminder.-5", "reminder.+1"]

    async def test_they_are_versions_that_can_be_put_back(self, call_as: CallAs) -> None:
        admin = call_as(ADMIN)
        wanted = {"ladder": [1], "quiet_from": 21, "quiet_until": 9, "holidays": ["2026-12-25"]}
        await admin.patch(RULES, {"rules": wanted}, version=0)

        stale = await admin.patch(RULES, {"rules": wanted}, version=0)
        await admin.patch(RULES, {"restore": 0}, version=1)

        now = (await admin.get(RULES)).json()
        assert stale.status_code == 412
        assert (now["version"], now["ladder"], now["restores"]) == (2, [-3, 0, 3, 7], 0)
        assert [each["changed_by"] for each in now["history"]] == ["Ibu Ratna", "Ibu Ratna", None]

    async def test_only_admin_changes_them(self, call_as: CallAs) -> None:
        assert (await call_as(WAWAN).patch(RULES, {"restore": 0}, version=0)).status_code == 403

    async def test_a_ladder_that_is_none_is_refused_at_its_field(self, call_as: CallAs) -> None:
        wanted = {"ladder": [1, 1], "quiet_from": 21, "quiet_until": 9}

        answer = await call_as(ADMIN).patch(RULES, {"rules": wanted}, version=0)

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "ladder"


class TestTheQueue:
    @pytest.fixture
    async def waiting(self, hear: Hear, story: Any, work_at: Any, call_as: CallAs) -> Any:
        await hear(*story.ready_to_send())
        await work_at(on(7))
        return (await call_as(WAWAN).get(f"{PATH}/next")).json()["items"][0]

    async def test_opened_and_confirmed_by_a_person(self, waiting: Any, call_as: CallAs) -> None:
        path = f"{PATH}/{waiting['id']}"

        opened = (await call_as(WAWAN).post(f"{path}/open")).json()
        after = (await call_as(WAWAN).get(f"{PATH}/next")).json()
        sent = (await call_as(WAWAN).post(f"{path}/confirm", {"sent": True})).json()

        assert (opened["state"], opened["sent_by"]["name"]) == ("opened", "Bapak Wawan")
        assert opened["url"].startswith("https://wa.me/628561101133?text=Yth.")
        assert (after["items"], after["total"]) == ([], 0)
        assert (sent["state"], sent["confirmed_by"]) == ("sent", "Bapak Wawan")
        assert sent["customer_name"] == "Bapak Mahmud Sulaiman"
        assert sent["invoice_number"] == "INV/2026/11/000123"

    async def test_not_sent_after_all_waits_again(self, waiting: Any, call_as: CallAs) -> None:
        path = f"{PATH}/{waiting['id']}"
        await call_as(WAWAN).post(f"{path}/open")

        again = (await call_as(WAWAN).post(f"{path}/confirm", {"sent": False})).json()
        assert again["state"] == "queued"
        assert (await call_as(WAWAN).get(f"{PATH}/next")).json()["total"] == 1

    async def test_what_was_not_opened_cannot_be_confirmed(
        self, waiting: Any, call_as: CallAs
    ) -> None:
        path = f"{PATH}/{waiting['id']}/confirm"

        assert (await call_as(WAWAN).post(path, {"sent": True})).status_code == 409

    async def test_skipped_leaves_the_queue_for_good(self, waiting: Any, call_as: CallAs) -> None:
        path = f"{PATH}/{waiting['id']}"

        skipped = (await call_as(WAWAN).post(f"{path}/skip")).json()
        opened = await call_as(WAWAN).post(f"{path}/open")

        assert (skipped["state"], skipped["trouble"]) == (
            "cancelled",
            "Dilewati oleh Bapak Wawan",
        )
        assert opened.status_code == 409

    async def test_a_number_that_was_corrected_meanwhile_is_the_one_that_is_opened(
        self, waiting: Any, call_as: CallAs, hear: Hear, story: Any
    ) -> None:
        await hear(story.customer(CustomerChanged, phone="+628129876543", version=2))

        opened = (await call_as(WAWAN).post(f"{PATH}/{waiting['id']}/open")).json()

        assert opened["recipient"] == "+628129876543"
        assert opened["url"].startswith("https://wa.me/628129876543?")

    async def test_two_people_do_not_send_the_same(
        self, waiting: Any, call_as: CallAs, clock: FrozenClock
    ) -> None:
        path = f"{PATH}/{waiting['id']}/open"
        await call_as(WAWAN).post(path)

        at_once = await call_as(ADMIN).post(path)
        again = await call_as(WAWAN).post(path)
        clock.move_to(clock.now() + timedelta(minutes=10))
        later = await call_as(ADMIN).post(path)

        assert (at_once.status_code, again.status_code, later.status_code) == (409, 200, 200)
        assert "dibuka Bapak Wawan" in at_once.json()["detail"]
        assert later.json()["sent_by"]["name"] == "Ibu Ratna"

    async def test_b28_what_was_paid_meanwhile_waits_no_more_when_it_was_not_sent(
        self, waiting: Any, call_as: CallAs, hear: Hear, story: Any
    ) -> None:
        path = f"{PATH}/{waiting['id']}"
        await call_as(WAWAN).post(f"{path}/open")
        await hear(story.invoice(InvoicePaid, paid_idr=1_250_000, status="paid", version=2))

        after = (await call_as(WAWAN).post(f"{path}/confirm", {"sent": False})).json()

        assert (after["state"], after["trouble"]) == ("cancelled", "Tagihan sudah lunas")
        assert (await call_as(WAWAN).get(f"{PATH}/next")).json()["total"] == 0

    async def test_its_words_are_of_the_moment_it_is_opened(
        self, waiting: Any, call_as: CallAs, hear: Hear, story: Any
    ) -> None:
        part = story.invoice(InvoiceChanged, paid_idr=250_000, status="partially_paid", version=2)
        await hear(part)

        opened = (await call_as(WAWAN).post(f"{PATH}/{waiting['id']}/open")).json()

        assert "sebesar *Rp1.000.000*" in opened["text"]

    @pytest.mark.parametrize("act", ["", "/open", "/confirm", "/skip"])
    async def test_a7_anothers_message_looks_missing(
        self, waiting: Any, call_as: CallAs, act: str
    ) -> None:
        for message_id in (waiting["id"], UUID(int=9)):
            path = f"{PATH}/{message_id}{act}"
            body = {"sent": True} if act == "/confirm" else None
            sari = call_as(SARI)
            answer = await (sari.post(path, body) if act else sari.get(path))
            assert answer.status_code == 404
        assert (await call_as(SARI).get(f"{PATH}/next")).json()["items"] == []

    async def test_the_log_is_filtered_by_state(self, waiting: Any, call_as: CallAs) -> None:
        wawan = call_as(WAWAN)

        queued = (await wawan.get(PATH, params={"state": "queued"})).json()
        read = (await wawan.get(PATH, params={"state": "read", "kind": "reminder"})).json()

        assert (queued["total"], read["total"], read["states"]) == (1, 0, {"queued": 1})
