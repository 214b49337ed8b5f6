"""A30: Marketing asks, Admin applies or refuses with words; before and after are kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from shared.testing import ADMIN, SARI, WAWAN
from shared.testing.plugin import CallAs

PATH = "/api/v1/change-requests"
NOBODY = "00000000-0000-7000-8000-000000000000"

Made = dict[str, Any]
Make = Callable[..., Awaitable[Made]]


@pytest.fixture
async def asked(call_as: CallAs, register: Make) -> Made:
    """Wawan asks to have a customer set inactive and his address corrected."""
    customer = await register()
    body = {
        "customer_id": customer["id"],
        "changes": {"status": "inactive", "address": "Depok"},
        "reason": "pindah kota",
    }
    answer = await call_as(WAWAN).post(PATH, body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


class TestAsking:
    async def test_a30_a_request_waits_for_admin_and_changes_nothing(
        self, call_as: CallAs, asked: Made
    ) -> None:
        customer = await call_as(WAWAN).get(f"/api/v1/customers/{asked['customer']['id']}")

        assert (asked["status"], asked["asked_by"]["name"]) == ("open", "Bapak Wawan")
        assert customer.json()["status"] == "active"
        open_ones = await call_as(ADMIN).get(PATH, params={"status": "open"})
        assert [row["id"] for row in open_ones.json()["items"]] == [asked["id"]]

    async def test_words_alone_can_ask_too(self, call_as: CallAs, register: Make) -> None:
        body = {"customer_id": (await register())["id"], "reason": "gabungkan data ganda"}

        assert (await call_as(WAWAN).post(PATH, body)).json()["changes"] == {}

    async def test_a7_nobody_asks_about_anothers_customer(
        self, call_as: CallAs, asked: Made
    ) -> None:
        body = {"customer_id": asked["customer"]["id"], "reason": "x"}

        hidden = await call_as(SARI).post(PATH, body)
        missing = await call_as(SARI).post(PATH, body | {"customer_id": NOBODY})

        assert hidden.status_code == missing.status_code == 404
        assert hidden.json() == missing.json()
        assert (await call_as(SARI).get(PATH)).json()["total"] == 0

    @pytest.mark.parametrize(
        "other",
        [
            {"changes": {"marketing_id": NOBODY}},
            {"changes": {"number": "PLG-1"}},
            {"changes": {"phone": "0812"}},
            {"changes": {"name": None}},
            {"reason": ""},
            {"status": "applied"},
        ],
    )
    async def test_b3_only_known_fields_in_good_form(
        self, call_as: CallAs, register: Make, other: Made
    ) -> None:
        body = {"customer_id": (await register())["id"], "reason": "x"} | other

        assert (await call_as(WAWAN).post(PATH, body)).status_code == 422


class TestAskingAboutABookingOrABill:
    async def test_a30_a_booking_is_named_by_its_number_and_only_if_it_is_the_customers(
        self, call_as: CallAs, register: Make, offer: Make, book: Make
    ) -> None:
        customer, other = await register(), await register(name="Ibu Lain")
        booking = await book(customer, await offer())
        about = {"kind": "booking", "id": booking["id"]}
        body = {"customer_id": customer["id"], "about": about, "reason": "tenor menjadi 12"}

        asked = await call_as(WAWAN).post(PATH, body)
        others = await call_as(WAWAN).post(PATH, body | {"customer_id": other["id"]})

        assert asked.json()["about"] == about | {"number": booking["number"]}
        assert others.status_code == 404

    async def test_a30_a_bill_is_called_what_the_asker_calls_it(
        self, call_as: CallAs, register: Make
    ) -> None:
        bill = {"kind": "invoice", "id": NOBODY, "number": "INV/2026/12/000123"}
        body = {"customer_id": (await register())["id"], "about": bill, "reason": "jatuh tempo"}

        asked = await call_as(WAWAN).post(PATH, body)
        nameless = await call_as(WAWAN).post(PATH, body | {"about": bill | {"number": ""}})

        assert (asked.status_code, asked.json()["about"]) == (201, bill)
        assert nameless.status_code == 422

    async def test_b3_fields_of_a_customer_do_not_change_a_bill(
        self, call_as: CallAs, register: Make
    ) -> None:
        bill = {"kind": "invoice", "id": NOBODY, "number": "INV/2026/12/000123"}
        body = {"customer_id": (await register())["id"], "about": bill, "reason": "x"}

        answer = await call_as(WAWAN).post(PATH, body | {"changes": {"status": "inactive"}})

        assert answer.status_code == 422
        assert "kata-kata" in answer.json()["detail"]


class TestDeciding:
    async def test_a30_applying_edits_and_keeps_before_and_after(
        self, call_as: CallAs, asked: Made, published: Callable[[], Awaitable[list[Made]]]
    ) -> None:
        answer = await call_as(ADMIN).post(f"{PATH}/{asked['id']}/apply", {"words": "sudah"})

        decided = answer.json()
        assert (decided["status"], decided["decided_by"]["name"]) == ("applied", "Ibu Ratna")
        assert decided["before"] == {"status": "active", "address": "Bogor, Jawa Barat"}
        assert decided["after"] == {"status": "inactive", "address": "Depok"}
        *_, event, _told = await published()
        assert (event["type"], event["status"]) == ("customer.changed.v1", "inactive")
        customer = await call_as(WAWAN).get(f"/api/v1/customers/{asked['customer']['id']}")
        assert (customer.json()["status"], customer.json()["version"]) == ("inactive", 2)

    async def test_refusing_needs_words_and_changes_nothing(
        self, call_as: CallAs, asked: Made
    ) -> None:
        path = f"{PATH}/{asked['id']}/refuse"

        silent = await call_as(ADMIN).post(path, {})
        refused = await call_as(ADMIN).post(path, {"words": "belum ada bukti"})

        assert silent.status_code == 422
        assert (refused.json()["status"], refused.json()["words"]) == (
            "refused",
            "belum ada bukti",
        )
        assert refused.json()["after"] is None

    async def test_only_admin_decides(self, call_as: CallAs, asked: Made) -> None:
        for act in ("apply", "refuse"):
            answer = await call_as(WAWAN).post(f"{PATH}/{asked['id']}/{act}", {"words": "x"})
            assert answer.status_code == 403

    async def test_s_a_request_is_decided_once_even_by_two_at_once(
        self, call_as: CallAs, asked: Made
    ) -> None:
        acts = ("apply", "refuse", "apply", "refuse")

        answers = await asyncio.gather(
            *(call_as(ADMIN).post(f"{PATH}/{asked['id']}/{act}", {"words": "x"}) for act in acts)
        )

        assert sorted(a.status_code for a in answers) == [200, 409, 409, 409]
        assert {"Ibu Ratna" in a.json()["detail"] for a in answers if a.status_code == 409} == {
            True
        }

    async def test_a30_admin_may_apply_something_else_than_was_asked(
        self, call_as: CallAs, asked: Made
    ) -> None:
        edited = {"changes": {"address": "Depok, Jawa Barat"}}

        answer = await call_as(ADMIN).post(f"{PATH}/{asked['id']}/apply", edited)

        assert answer.json()["changes"] == {"status": "inactive", "address": "Depok"}
        assert answer.json()["after"] == {"address": "Depok, Jawa Barat"}

    async def test_k4_who_decides_on_old_data_is_told_and_nothing_changes(
        self, call_as: CallAs, asked: Made
    ) -> None:
        path = f"/api/v1/customers/{asked['customer']['id']}"
        seen = {"If-Match": '"1"'}
        await call_as(WAWAN).call("PATCH", path, json={"address": "Cibinong"}, headers=seen)

        apply = f"{PATH}/{asked['id']}/apply"
        stale = await call_as(ADMIN).call("POST", apply, json={}, headers=seen)
        fresh = await call_as(ADMIN).call("POST", apply, json={}, headers={"If-Match": '"2"'})

        assert (stale.status_code, stale.json()["version"]) == (412, 2)
        assert fresh.json()["before"] == {"status": "active", "address": "Cibinong"}

    async def test_e1_admin_and_the_asker_can_be_told(
        self, call_as: CallAs, asked: Made, published: Callable[[], Awaitable[list[Made]]]
    ) -> None:
        await call_as(ADMIN).post(f"{PATH}/{asked['id']}/refuse", {"words": "belum ada bukti"})

        opened, decided = [e for e in await published() if e["type"].startswith("change_request")]

        assert (opened["type"], opened["reason"]) == ("change_request.opened.v1", "pindah kota")
        assert opened["asked_by_id"] == decided["asked_by_id"] == str(WAWAN.user_id)
        assert (decided["outcome"], decided["words"]) == ("refused", "belum ada bukti")
        assert decided["decided_by"] == "Ibu Ratna"

    async def test_a_missing_request_is_not_found(self, call_as: CallAs) -> None:
        assert (await call_as(ADMIN).post(f"{PATH}/{NOBODY}/apply")).status_code == 404
