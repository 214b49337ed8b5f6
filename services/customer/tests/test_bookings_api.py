"""Products and bookings over HTTP: what is agreed, computed by us, confirmed once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from shared.clock import FrozenClock
from shared.testing import ADMIN, SARI, WAWAN
from shared.testing.plugin import CallAs

PATH = "/api/v1/bookings"
NOBODY = "00000000-0000-7000-8000-000000000000"

Made = dict[str, Any]
Make = Callable[..., Awaitable[Made]]
Published = Callable[[], Awaitable[list[Made]]]


@pytest.fixture
async def draft(register: Make, offer: Make, book: Make) -> Made:
    return await book(await register(), await offer())


@pytest.fixture
async def wish(register: Make, offer: Make) -> Made:
    """The body of a booking that would be accepted."""
    item = {"product_id": (await offer())["id"], "quantity": 2, "unit_price_idr": 15_000_000}
    plan = {
        "kind": "installment",
        "down_payment_idr": 5_000_000,
        "installments": 20,
        "first_due_on": "2027-01-10",
    }
    return {"customer_id": (await register())["id"], "items": [item], "plan": plan}


class TestDrafting:
    async def test_a13_a14_the_need_is_kept_with_its_author_and_our_total(
        self, call_as: CallAs, wish: Made
    ) -> None:
        answer = await call_as(WAWAN).post(PATH, wish | {"notes": "dekat masjid"})

        made = answer.json()
        assert answer.status_code == 201
        assert (made["number"], made["status"]) == ("BKG-000001", "draft")
        assert made["total_idr"] == 30_000_000
        assert made["booked_by"]["name"] == "Bapak Wawan"
        assert made["customer"]["name"] == "Bapak Mahmud Sulaiman"
        assert made["plan"]["installments"] == 20
        assert (await call_as(WAWAN).get(f"{PATH}/{made['id']}")).json() == made

    async def test_a_draft_is_nobodys_business_yet(self, draft: Made, published: Published) -> None:
        kinds = [event["type"] for event in await published()]

        assert kinds == ["customer.registered.v1", "product.changed.v1"]

    @pytest.mark.parametrize("field", ["status", "total_idr", "id", "number", "confirmed_at"])
    async def test_b3_what_is_ours_is_not_taken_from_the_body(
        self, call_as: CallAs, wish: Made, field: str
    ) -> None:
        answer = await call_as(WAWAN).post(PATH, wish | {field: 1})

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == field

    @pytest.mark.parametrize("price", [1250000.5, "1250000", True, 0, -1, 10**14, None, 1e6])
    async def test_m1_a_price_is_whole_rupiah(
        self, call_as: CallAs, wish: Made, price: object
    ) -> None:
        wish["items"][0]["unit_price_idr"] = price

        answer = await call_as(WAWAN).post(PATH, wish)

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "items.0.unit_price_idr"

    async def test_m1_a_sum_beyond_the_books_is_refused(self, call_as: CallAs, wish: Made) -> None:
        wish["items"][0] |= {"quantity": 1_000_000, "unit_price_idr": 10**14 - 1}

        answer = await call_as(WAWAN).post(PATH, wish)

        assert answer.status_code == 422
        assert answer.json()["type"] == "/problems/total-too-large"

    @pytest.mark.parametrize(
        ("plan", "field"),
        [
            ({"down_payment_idr": 30_000_000}, "plan.down_payment_idr"),
            ({"down_payment_idr": 31_000_000}, "plan.down_payment_idr"),
            ({"down_payment_idr": 29_999_999, "installments": 2}, "plan.installments"),
            ({"first_due_on": "2016-01-10"}, "plan.first_due_on"),
            ({"first_due_on": "2126-01-10"}, "plan.first_due_on"),
            ({"down_payment_due_on": "2027-01-11"}, "plan.down_payment_due_on"),
            ({"installments": 0}, "plan.installments"),
            ({"installments": 121}, "plan.installments"),
            ({"first_due_on": "2027-02-30"}, "plan.first_due_on"),
            ({"paid_idr": 1}, "plan.paid_idr"),
            ({"kind": "gratis"}, "plan"),
        ],
    )
    async def test_a_plan_that_does_not_add_up_is_refused(
        self, call_as: CallAs, wish: Made, plan: Made, field: str
    ) -> None:
        answer = await call_as(WAWAN).post(PATH, wish | {"plan": wish["plan"] | plan})

        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [field]

    async def test_a7_anothers_customer_cannot_be_booked_for(
        self, call_as: CallAs, wish: Made
    ) -> None:
        hidden = await call_as(SARI).post(PATH, wish)
        missing = await call_as(SARI).post(PATH, wish | {"customer_id": NOBODY})

        assert hidden.status_code == missing.status_code == 404
        assert hidden.json() == missing.json()

    async def test_a_product_that_is_not_offered_cannot_be_booked(
        self, call_as: CallAs, wish: Made
    ) -> None:
        product = wish["items"][0]["product_id"]
        path = f"/api/v1/products/{product}"
        await call_as(ADMIN).patch(path, {"active": False}, version=1)

        answer = await call_as(WAWAN).post(PATH, wish)

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "items.0.product_id"

    async def test_an_inactive_customer_takes_no_booking(self, call_as: CallAs, wish: Made) -> None:
        path = f"/api/v1/customers/{wish['customer_id']}"
        await call_as(ADMIN).patch(path, {"status": "inactive"}, version=1)

        assert (await call_as(WAWAN).post(PATH, wish)).status_code == 409


class TestOneKeyOneEffect:
    async def test_i_the_same_key_and_body_replays_the_answer(
        self, call_as: CallAs, wish: Made
    ) -> None:
        him = call_as(WAWAN)

        first = await him.post(PATH, wish, key="kunci-0001")
        again = await him.post(PATH, wish, key="kunci-0001")

        assert (again.status_code, again.json()) == (201, first.json())
        assert again.headers["Idempotency-Replayed"] == "true"
        assert (await him.get(PATH)).json()["total"] == 1

    async def test_i_the_same_key_with_another_body_is_refused(
        self, call_as: CallAs, wish: Made
    ) -> None:
        him = call_as(WAWAN)
        await him.post(PATH, wish, key="kunci-0001")

        answer = await him.post(PATH, wish | {"notes": "lain"}, key="kunci-0001")

        assert answer.status_code == 422
        assert (await him.get(PATH)).json()["total"] == 1

    async def test_i2_a_refused_request_does_not_use_the_key_up(
        self, call_as: CallAs, wish: Made
    ) -> None:
        him = call_as(WAWAN)
        await him.post(PATH, wish | {"status": "confirmed"}, key="kunci-0001")

        assert (await him.post(PATH, wish, key="kunci-0001")).status_code == 201

    async def test_i_money_needs_a_key(self, call_as: CallAs, wish: Made) -> None:
        assert (await call_as(WAWAN).call("POST", PATH, json=wish)).status_code == 422


class TestConfirming:
    async def test_the_house_learns_the_full_state_once(
        self, call_as: CallAs, draft: Made, published: Published
    ) -> None:
        path = f"{PATH}/{draft['id']}/confirm"

        answer = await call_as(WAWAN).post(path, {"issue_first": True})

        assert (answer.status_code, answer.json()["status"]) == (200, "confirmed")
        assert answer.json()["confirmed_at"] == "2026-11-23T02:00:00Z"
        event = (await published())[-1]
        assert (event["type"], event["aggregate_version"]) == ("booking.confirmed.v1", 2)
        assert (event["total_idr"], event["issue_first"]) == (30_000_000, True)
        assert event["items"][0]["product_name"] == "Kavling 36"
        assert event["plan"] == {"va_mode": None, "kind": "cash", "due_on": "2026-12-10"}

    async def test_s_a_second_confirm_changes_nothing(
        self, call_as: CallAs, draft: Made, published: Published
    ) -> None:
        path = f"{PATH}/{draft['id']}/confirm"
        await call_as(WAWAN).post(path)
        before = await published()

        answer = await call_as(WAWAN).post(path)

        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/invalid-transition")
        assert answer.json()["current"] == "confirmed"
        assert await published() == before

    async def test_s_of_two_at_once_one_wins(
        self, call_as: CallAs, draft: Made, published: Published
    ) -> None:
        path = f"{PATH}/{draft['id']}/confirm"

        answers = await asyncio.gather(*(call_as(WAWAN).post(path) for _ in range(4)))

        assert sorted(a.status_code for a in answers) == [200, 409, 409, 409]
        kinds = [event["type"] for event in await published()]
        assert kinds.count("booking.confirmed.v1") == 1

    async def test_i_the_same_key_replays_the_confirmation(
        self, call_as: CallAs, draft: Made
    ) -> None:
        path = f"{PATH}/{draft['id']}/confirm"
        first = await call_as(WAWAN).post(path, key="kunci-0002")

        again = await call_as(WAWAN).post(path, key="kunci-0002")

        assert (again.status_code, again.json()) == (200, first.json())

    async def test_a_draft_whose_dates_have_passed_is_not_confirmed(
        self, call_as: CallAs, draft: Made, clock: FrozenClock
    ) -> None:
        clock.advance(timedelta(days=60))

        answer = await call_as(WAWAN).post(f"{PATH}/{draft['id']}/confirm")

        assert answer.status_code == 422
        assert (await call_as(WAWAN).get(f"{PATH}/{draft['id']}")).json()["status"] == "draft"

    async def test_a7_anothers_booking_looks_missing(self, call_as: CallAs, draft: Made) -> None:
        her = call_as(SARI)

        for act in ("", "/confirm", "/cancel"):
            method = "POST" if act else "GET"
            key = {"Idempotency-Key": "kunci-0003"}
            hidden = await her.call(method, f"{PATH}/{draft['id']}{act}", headers=key)
            missing = await her.call(method, f"{PATH}/{NOBODY}{act}", headers=key)
            assert hidden.status_code == missing.status_code == 404
            assert hidden.json() == missing.json() | {"instance": hidden.json()["instance"]}


class TestCancelling:
    async def test_a_confirmed_booking_is_called_off_for_everybody(
        self, call_as: CallAs, draft: Made, published: Published
    ) -> None:
        him, path = call_as(WAWAN), f"{PATH}/{draft['id']}"
        await him.post(f"{path}/confirm")

        answer = await him.post(f"{path}/cancel", {"reason": "batal membeli"})

        assert (answer.json()["status"], answer.json()["version"]) == ("cancelled", 3)
        event = (await published())[-1]
        assert (event["type"], event["reason"]) == ("booking.cancelled.v1", "batal membeli")

    async def test_a_cancelled_draft_is_not_told(
        self, call_as: CallAs, draft: Made, published: Published
    ) -> None:
        before = await published()

        answer = await call_as(WAWAN).post(f"{PATH}/{draft['id']}/cancel")

        assert answer.json()["status"] == "cancelled"
        assert await published() == before
        again = await call_as(WAWAN).post(f"{PATH}/{draft['id']}/confirm")
        assert again.status_code == 409


class TestTheList:
    async def test_a39_bookings_are_found_by_customer_status_and_words(
        self, call_as: CallAs, draft: Made, register: Make, offer: Make, book: Make
    ) -> None:
        other = await book(await register(name="Ibu Siti"), await offer("KAV-45"))
        customer = {"customer_id": draft["customer"]["id"]}

        found = {}
        for params in (customer, {"status": "draft"}, {"search": "siti"}, {"search": "BKG-000001"}):
            page = (await call_as(WAWAN).get(PATH, params=params)).json()
            found[str(params)] = [item["id"] for item in page["items"]]

        assert list(found.values()) == [
            [draft["id"]],
            [other["id"], draft["id"]],
            [other["id"]],
            [draft["id"]],
        ]

    async def test_a2_bookings_follow_the_customer(self, call_as: CallAs, draft: Made) -> None:
        totals = [(await call_as(p).get(PATH)).json()["total"] for p in (WAWAN, SARI, ADMIN)]

        assert totals == [1, 0, 1]


class TestProducts:
    async def test_a12_everybody_reads_and_only_admin_writes(
        self, call_as: CallAs, offer: Make
    ) -> None:
        product = await offer()
        path = f"/api/v1/products/{product['id']}"

        assert (await call_as(WAWAN).get(path)).json() == product
        assert (await call_as(WAWAN).patch(path, {"name": "X"}, version=1)).status_code == 403
        assert (await call_as(WAWAN).post("/api/v1/products", {})).status_code == 403

    async def test_a_code_belongs_to_one_product(self, call_as: CallAs, offer: Make) -> None:
        first, second = await offer("A-1"), await offer("A-2")
        body = {"code": "A-1", "name": "Lain", "price_idr": 1, "kind": "one_off"}
        path = f"/api/v1/products/{second['id']}"

        added = await call_as(ADMIN).post("/api/v1/products", body)
        renamed = await call_as(ADMIN).patch(path, {"code": first["code"]}, version=1)

        assert (added.status_code, renamed.status_code) == (409, 409)

    async def test_a_price_change_leaves_old_bookings_alone(
        self, call_as: CallAs, draft: Made, published: Published
    ) -> None:
        product = draft["items"][0]["product_id"]
        path = f"/api/v1/products/{product}"

        answer = await call_as(ADMIN).patch(path, {"price_idr": 35_000_000}, version=1)

        assert (answer.json()["price_idr"], answer.json()["version"]) == (35_000_000, 2)
        assert (await published())[-1]["type"] == "product.changed.v1"
        now = (await call_as(WAWAN).get(f"{PATH}/{draft['id']}")).json()
        assert now["total_idr"] == 30_000_000

    async def test_k4_a_stale_product_edit_is_refused(self, call_as: CallAs, offer: Make) -> None:
        product = await offer()
        path = f"/api/v1/products/{product['id']}"

        answer = await call_as(ADMIN).patch(path, {"name": "X"}, version=7)

        assert (answer.status_code, answer.json()["version"]) == (412, 1)

    async def test_only_active_ones_on_request(self, call_as: CallAs, offer: Make) -> None:
        await offer("A-1")
        await offer("A-2", active=False)

        page = await call_as(WAWAN).get("/api/v1/products", params={"active": "true"})

        assert [item["code"] for item in page.json()["items"]] == ["A-1"]

    @pytest.mark.parametrize("price", [1250000.5, "1250000", True, 0])
    async def test_m1_a_price_is_whole_rupiah(self, call_as: CallAs, price: object) -> None:
        body = {"code": "A-1", "name": "A", "price_idr": price, "kind": "one_off"}

        answer = await call_as(ADMIN).post("/api/v1/products", body)

        assert answer.status_code == 422
