"""The bell: each fact once to those whom it concerns, however the events come (E1, E5)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from shared.clock import FrozenClock
from shared.contracts.bank_gateway import VaFailed
from shared.contracts.customer import CustomerChanged, CustomerReassigned
from shared.contracts.reconciliation import PaymentReconciled, PaymentReversed
from shared.database import Sessions
from shared.service import Service
from shared.testing import ADMIN, SARI, WAWAN
from shared.testing.plugin import CallAs

PATH = "/api/v1/notifications"
RECEIVED = "Pembayaran Rp1.250.000 dari Bapak Mahmud Sulaiman diterima"

Hear = Callable[..., Awaitable[None]]

pytestmark = pytest.mark.usefixtures("staff")


async def texts(call_as: CallAs, *people: Any) -> list[list[str]]:
    pages = [(await call_as(person).get(PATH)).json() for person in people]
    return [[item["text"] for item in page["items"]] for page in pages]


def reassigned(story: Any, version: int = 2) -> Any:
    return story.customer(
        CustomerReassigned,
        version=version,
        marketing_id=SARI.user_id,
        marketing_name=SARI.name,
        previous_marketing_id=WAWAN.user_id,
        reason="cuti",
    )


class TestAPayment:
    async def test_a25_the_owner_and_admin_hear_of_it_and_nobody_else(
        self, call_as: CallAs, hear: Hear, story: Any
    ) -> None:
        await hear(story.customer(), story.payment())

        assert await texts(call_as, WAWAN, SARI, ADMIN) == [[RECEIVED], [], [RECEIVED]]
        (notice,) = (await call_as(WAWAN).get(PATH)).json()["items"]
        assert (notice["kind"], notice["read"]) == ("payment.received", False)
        assert notice["link"] == f"/customers/{story.customer_id}/payments"

    async def test_e1_e5_every_event_twice_and_in_any_order_tells_once(
        self, call_as: CallAs, hear: Hear, story: Any
    ) -> None:
        events = [
            story.customer(),
            story.payment(),
            story.payment(PaymentReconciled, version=2),
            story.payment(verification="verified", version=3),
        ]

        await hear(*events, *reversed(events), *events)

        assert await texts(call_as, WAWAN, ADMIN) == [[RECEIVED], [RECEIVED]]

    async def test_e1_a_payment_before_its_customer_waits_for_him(
        self, call_as: CallAs, hear: Hear, story: Any, service: Service, clock: FrozenClock
    ) -> None:
        await hear(story.payment())
        assert await texts(call_as, ADMIN) == [[]]

        await hear(story.customer())
        clock.advance(timedelta(seconds=2))
        await service.consumer.retry_step()

        assert await texts(call_as, WAWAN) == [[RECEIVED]]

    async def test_m9_money_of_nobody_is_told_to_admin_until_it_is_known(
        self, call_as: CallAs, hear: Hear, story: Any
    ) -> None:
        unknown = story.payment(customer_id=None, allocations=[], unallocated_idr=1_250_000)

        await hear(story.customer(), unknown)
        alone = await texts(call_as, WAWAN, ADMIN)
        await hear(story.payment(PaymentReconciled, version=2))

        assert alone == [[], ["Pembayaran Rp1.250.000 belum teridentifikasi"]]
        assert await texts(call_as, WAWAN) == [[RECEIVED]]

    async def test_a_reversal_that_comes_first_tells_nothing(
        self, call_as: CallAs, hear: Hear, story: Any
    ) -> None:
        reversal = story.payment(PaymentReversed, status="reversed", reason="x", version=3)

        await hear(story.customer(), reversal, story.payment())

        assert await texts(call_as, WAWAN, ADMIN) == [[], []]


class TestAFailedAccount:
    async def test_the_owner_learns_which_bill_and_why(
        self, call_as: CallAs, hear: Hear, story: Any
    ) -> None:
        failed = story.account(VaFailed, number=None, trouble="bank tidak menjawab")

        await hear(story.customer(), story.invoice(), failed, failed)

        said = (
            "VA untuk tagihan INV/2026/11/000123 (Bapak Mahmud Sulaiman) gagal dibuat:"
            " bank tidak menjawab"
        )
        assert await texts(call_as, WAWAN, SARI, ADMIN) == [[said], [], [said]]

    async def test_a_second_failure_after_a_retry_is_news(
        self, call_as: CallAs, hear: Hear, story: Any
    ) -> None:
        await hear(story.customer(), story.invoice(), story.account(VaFailed))
        await hear(story.account(VaFailed, version=3))

        assert len((await texts(call_as, WAWAN))[0]) == 2


class TestAHandover:
    async def test_both_owners_and_admin_are_told_once(
        self, call_as: CallAs, hear: Hear, story: Any
    ) -> None:
        moved = reassigned(story)

        await hear(story.customer(), moved, moved)

        assert await texts(call_as, WAWAN, SARI, ADMIN) == [
            ["Bapak Mahmud Sulaiman dipindahkan dari Anda kepada Ibu Sari"],
            ["Bapak Mahmud Sulaiman dipindahkan dari Bapak Wawan kepada Anda"],
            ["Bapak Mahmud Sulaiman dipindahkan dari Bapak Wawan kepada Ibu Sari"],
        ]

    async def test_a6_the_old_owner_keeps_no_notice_about_the_customers_money(
        self, call_as: CallAs, hear: Hear, story: Any
    ) -> None:
        await hear(story.customer(), story.payment(), reassigned(story))

        (his, hers) = await texts(call_as, WAWAN, SARI)

        assert RECEIVED not in his + hers
        assert (await call_as(WAWAN).get(PATH)).json()["unread"] == 1

    async def test_e5_a_late_older_state_does_not_move_him_back(
        self, call_as: CallAs, hear: Hear, story: Any
    ) -> None:
        await hear(reassigned(story, version=3), story.customer(CustomerChanged, version=2))
        await hear(story.payment())

        assert RECEIVED in (await texts(call_as, SARI))[0]


class TestReading:
    async def test_unread_counts_down_and_each_reader_has_his_own_marks(
        self, call_as: CallAs, hear: Hear, story: Any
    ) -> None:
        await hear(story.customer(), story.invoice(), story.payment(), story.account(VaFailed))
        page = (await call_as(WAWAN).get(PATH)).json()
        oldest = page["items"][-1]["id"]

        some = await call_as(WAWAN).post(f"{PATH}/read", {"up_to": oldest})
        left = (await call_as(WAWAN).get(PATH, params={"unread": "true"})).json()
        rest = await call_as(WAWAN).post(f"{PATH}/read")

        assert (page["unread"], some.json(), rest.json()) == (2, {"unread": 1}, {"unread": 0})
        assert (left["total"], left["items"][0]["kind"]) == (1, "va.failed")
        assert (await call_as(ADMIN).get(PATH)).json()["unread"] == 2

    async def test_reading_twice_at_once_is_harmless(
        self, call_as: CallAs, hear: Hear, story: Any
    ) -> None:
        await hear(story.customer(), story.payment())

        answers = await asyncio.gather(*(call_as(WAWAN).post(f"{PATH}/read") for _ in range(3)))

        assert [a.json() for a in answers] == [{"unread": 0}] * 3

    async def test_a7_anothers_notice_cannot_be_read_up_to(
        self, call_as: CallAs, hear: Hear, story: Any
    ) -> None:
        await hear(story.customer(), story.payment())
        his = (await call_as(WAWAN).get(PATH)).json()["items"][0]["id"]

        answer = await call_as(SARI).post(f"{PATH}/read", {"up_to": his})

        assert answer.status_code == 404

    async def test_w1_nobody_signed_in_hears_nothing(self, call_as: CallAs) -> None:
        assert (await call_as(None).get(PATH)).status_code == 401


class TestTheDatabase:
    async def test_a3_a_forgotten_filter_shows_no_other_readers_notices(
        self, hear: Hear, story: Any, sessions: Sessions
    ) -> None:
        await hear(story.customer(), story.payment())
        count = text("SELECT count(*) FROM notices")

        seen = []
        for person in (WAWAN, SARI, ADMIN):
            async with sessions.begin(person) as session:
                seen.append((await session.execute(count)).scalar_one())

        assert seen == [1, 0, 2]
