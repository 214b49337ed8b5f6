"""Customers over HTTP: who may do what to whom, and how bad input is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from shared.testing import ADMIN, SARI, WAWAN
from shared.testing.plugin import CallAs

PATH = "/api/v1/customers"
MAHMUD = {"name": "Bapak Mahmud Sulaiman", "phone": "0856 110 1133", "address": "Bogor"}
NOBODY = "00000000-0000-7000-8000-000000000000"

Made = dict[str, Any]
Make = Callable[..., Awaitable[Made]]
Published = Callable[[], Awaitable[list[Made]]]


class TestRegistering:
    async def test_a37_a_marketing_registers_his_own_customer(self, call_as: CallAs) -> None:
        answer = await call_as(WAWAN).post(PATH, MAHMUD | {"email": "mahmud@example.com"})

        made = answer.json()
        assert answer.status_code == 201
        assert made["number"] == "PLG-000001"
        assert made["phone"] == "+628561101133"
        assert made["marketing"] == {"id": str(WAWAN.user_id), "name": "Bapak Wawan"}
        assert (made["status"], made["version"], made["similar"]) == ("active", 1, [])

    async def test_b3_a_marketing_cannot_name_an_owner_not_even_himself(
        self, call_as: CallAs
    ) -> None:
        for owner in (WAWAN, SARI):
            body = MAHMUD | {"marketing_id": str(owner.user_id)}

            answer = await call_as(WAWAN).post(PATH, body)

            assert answer.status_code == 422
            assert answer.json()["errors"][0]["field"] == "marketing_id"

    async def test_admin_names_an_active_marketing(
        self, call_as: CallAs, register: Make, user_event: Callable[..., Any]
    ) -> None:
        made = await register(ADMIN, marketing_id=str(SARI.user_id))

        assert made["marketing"]["name"] == "Ibu Sari"
        for owner in (None, str(ADMIN.user_id), NOBODY):
            answer = await call_as(ADMIN).post(PATH, MAHMUD | {"marketing_id": owner})
            assert answer.status_code == 422

    async def test_a7_the_same_number_warns_only_about_ones_own_customers(
        self, register: Make
    ) -> None:
        first = await register(WAWAN, name="Bapak Mahmud")
        hers = await register(SARI)

        again = await register(WAWAN, phone="+62 856-1101-133")

        assert hers["similar"] == []
        names = {key: first[key] for key in ("id", "number", "name")}
        assert again["similar"] == [names]

    @pytest.mark.parametrize(
        "spelling",
        ["0856 110 1133", "0856-1101-133", "628561101133", "+62 856 1101133", "8561101133"],
    )
    async def test_every_spelling_of_a_phone_is_one_number(
        self, register: Make, spelling: str
    ) -> None:
        assert (await register(phone=spelling))["phone"] == "+628561101133"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", ""),
            ("name", "   "),
            ("name", "Mahmud\x00"),
            ("name", "M" * 201),
            ("name", 7),
            ("phone", "0812"),
            ("phone", "telepon"),
            ("email", "mahmud"),
            ("address", None),
        ],
    )
    async def test_b1_bad_input_names_its_field(
        self, call_as: CallAs, field: str, value: object
    ) -> None:
        answer = await call_as(WAWAN).post(PATH, MAHMUD | {field: value})

        problem = answer.json()
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert [error["field"] for error in problem["errors"]] == [field]

    @pytest.mark.parametrize(
        "field", ["id", "number", "status", "version", "registered_at", "marketing", "paid_idr"]
    )
    async def test_b3_an_unknown_field_is_refused(self, call_as: CallAs, field: str) -> None:
        answer = await call_as(WAWAN).post(PATH, MAHMUD | {field: "x"})

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == field

    async def test_b5_control_characters_go_and_letters_are_composed(self, register: Make) -> None:
        made = await register(name="  Ibu Rene\u0301\x07 ")

        assert made["name"] == "Ibu René"

    async def test_b2_what_is_not_json_is_malformed(self, call_as: CallAs) -> None:
        headers = {"content-type": "application/json"}

        answer = await call_as(WAWAN).call("POST", PATH, content=b"{nama", headers=headers)

        assert answer.status_code == 400


class TestTheList:
    async def test_a2_a_marketing_sees_counts_and_finds_only_his_own(
        self, call_as: CallAs, register: Make
    ) -> None:
        await register(WAWAN, name="Bapak Mahmud")
        await register(SARI, name="Ibu Mahmudah")

        seen = {}
        for person in (WAWAN, SARI, ADMIN):
            page = (await call_as(person).get(PATH, params={"search": "mahmud"})).json()
            seen[person.name] = (page["total"], len(page["items"]))

        assert seen == {"Bapak Wawan": (1, 1), "Ibu Sari": (1, 1), "Ibu Ratna": (2, 2)}

    async def test_a2_the_filter_by_marketing_opens_no_other_scope(
        self, call_as: CallAs, register: Make
    ) -> None:
        await register(SARI)
        params = {"marketing_id": str(SARI.user_id)}

        assert (await call_as(WAWAN).get(PATH, params=params)).json()["total"] == 0
        assert (await call_as(ADMIN).get(PATH, params=params)).json()["total"] == 1

    @pytest.mark.parametrize(
        "search", ["mahmud", "SULAIMAN", "0856-1101", "62856110", "+62 856 1101 133", "plg-000001"]
    )
    async def test_search_finds_name_number_and_phone_in_any_spelling(
        self, call_as: CallAs, register: Make, search: str
    ) -> None:
        made = await register()
        await register(name="Ibu Siti", phone="0812 3456 7890")

        page = (await call_as(WAWAN).get(PATH, params={"search": search})).json()

        assert [item["id"] for item in page["items"]] == [made["id"]]

    @pytest.mark.parametrize("search", ["%", "_", "100%", "\\"])
    async def test_a_wildcard_is_only_a_character(
        self, call_as: CallAs, register: Make, search: str
    ) -> None:
        await register()

        assert (await call_as(WAWAN).get(PATH, params={"search": search})).json()["total"] == 0

    async def test_pages_join_without_gap_or_repeat(self, call_as: CallAs, register: Make) -> None:
        made = [(await register(name=f"Bapak {n}"))["id"] for n in range(5)]

        seen, cursor = [], None
        for _ in range(3):
            params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
            page = (await call_as(WAWAN).get(PATH, params=params)).json()
            seen += [item["id"] for item in page["items"]]
            cursor = page["next_cursor"]

        assert seen == sorted(made, reverse=True)
        assert (cursor, page["total"]) == (None, 5)

    @pytest.mark.parametrize(
        "params",
        [
            {"limit": 0},
            {"limit": 201},
            {"cursor": "bukan"},
            {"cursor": "WyJ4Il0"},
            {"status": "x"},
            {"marketing_id": "1"},
            {"search": "a\x00"},
            {"urutan": "nama"},
        ],
    )
    async def test_b1_a_bad_query_is_refused(self, call_as: CallAs, params: Made) -> None:
        assert (await call_as(WAWAN).get(PATH, params=params)).status_code == 422


class TestEditing:
    async def test_an_edit_changes_what_it_names_and_tells_the_house(
        self, call_as: CallAs, register: Make, published: Published
    ) -> None:
        made = await register(email="m@example.com")
        edit = {"phone": "0812 3456 7890", "email": None, "reason": "ganti nomor"}

        answer = await call_as(WAWAN).patch(f"{PATH}/{made['id']}", edit, version=1)

        changed = answer.json()
        assert (changed["phone"], changed["email"]) == ("+6281234567890", None)
        assert (changed["name"], changed["version"]) == (made["name"], 2)
        event = (await published())[-1]
        assert (event["type"], event["aggregate_version"]) == ("customer.changed.v1", 2)
        assert event["phone"] == "+6281234567890"

    async def test_p1_who_changed_what_is_kept(self, call_as: CallAs, register: Make) -> None:
        made = await register()
        await call_as(WAWAN).patch(
            f"{PATH}/{made['id']}", {"address": "Depok", "reason": "pindah"}, version=1
        )

        params = {"object_id": made["id"]}
        entry = (await call_as(ADMIN).get("/internal/audit", params=params)).json()["rows"][0]

        assert (entry["actor_name"], entry["action"]) == ("Bapak Wawan", "customer.changed")
        assert (entry["before"], entry["after"]) == (
            {"address": "Bogor, Jawa Barat"},
            {"address": "Depok"},
        )
        assert entry["reason"] == "pindah"

    async def test_k4_a_stale_edit_gets_the_present_version(
        self, call_as: CallAs, register: Make
    ) -> None:
        made = await register()
        path = f"{PATH}/{made['id']}"
        await call_as(WAWAN).patch(path, {"address": "Depok"}, version=1)

        answer = await call_as(ADMIN).patch(path, {"address": "Bekasi"}, version=1)

        assert (answer.status_code, answer.json()["version"]) == (412, 2)
        assert (await call_as(ADMIN).get(path)).json()["address"] == "Depok"

    async def test_k4_an_edit_says_which_version_it_saw(
        self, call_as: CallAs, register: Make
    ) -> None:
        made = await register()

        answer = await call_as(WAWAN).patch(f"{PATH}/{made['id']}", {"name": "X"}, version=None)

        assert answer.status_code == 428

    async def test_an_edit_that_changes_nothing_is_silent(
        self, call_as: CallAs, register: Make, published: Published
    ) -> None:
        made = await register()

        answer = await call_as(WAWAN).patch(
            f"{PATH}/{made['id']}", {"name": made["name"]}, version=1
        )

        assert answer.json()["version"] == 1
        assert len(await published()) == 1

    async def test_only_admin_changes_the_status(self, call_as: CallAs, register: Make) -> None:
        made = await register()
        path, edit = f"{PATH}/{made['id']}", {"status": "inactive"}

        refused = await call_as(WAWAN).patch(path, edit, version=1)
        changed = await call_as(ADMIN).patch(path, edit, version=1)

        assert refused.status_code == 403
        assert changed.json()["status"] == "inactive"

    @pytest.mark.parametrize("field", ["marketing_id", "number", "id", "version"])
    async def test_b3_owner_and_ids_are_not_edited(
        self, call_as: CallAs, register: Make, field: str
    ) -> None:
        made = await register()

        answer = await call_as(ADMIN).patch(f"{PATH}/{made['id']}", {field: NOBODY}, version=1)

        assert answer.status_code == 422

    async def test_a_name_cannot_be_emptied(self, call_as: CallAs, register: Make) -> None:
        made = await register()

        for name in (None, "", " "):
            answer = await call_as(WAWAN).patch(f"{PATH}/{made['id']}", {"name": name}, version=1)
            assert answer.status_code == 422


class TestAnothersCustomer:
    async def test_a7_he_looks_like_one_that_does_not_exist(
        self, call_as: CallAs, register: Make
    ) -> None:
        hers = (await register(SARI))["id"]
        him = call_as(WAWAN)

        answers = [
            (await him.get(f"{PATH}/{hers}"), await him.get(f"{PATH}/{NOBODY}")),
            (
                await him.patch(f"{PATH}/{hers}", {"name": "X"}, version=9),
                await him.patch(f"{PATH}/{NOBODY}", {"name": "X"}, version=9),
            ),
        ]

        for hidden, missing in answers:
            assert hidden.status_code == missing.status_code == 404
            same = missing.json() | {"instance": hidden.json()["instance"]}
            assert hidden.json() == same

    async def test_w1_nobody_signed_in_gets_nothing(self, call_as: CallAs) -> None:
        assert (await call_as(None).get(PATH)).status_code == 401


class TestReassigning:
    async def test_a6_a43_visibility_moves_at_once_and_history_stays(
        self, call_as: CallAs, register: Make, published: Published
    ) -> None:
        made = await register(WAWAN)
        path = f"{PATH}/{made['id']}"
        order = {"marketing_id": str(SARI.user_id), "reason": "Wawan cuti"}

        answer = await call_as(ADMIN).post(f"{path}/reassign", order)

        assert answer.json()["marketing"]["name"] == "Ibu Sari"
        assert (await call_as(WAWAN).get(path)).status_code == 404
        history = (await call_as(SARI).get(path)).json()["reassignments"]
        assert [(h["previous"]["name"], h["reason"]) for h in history] == [
            ("Bapak Wawan", "Wawan cuti")
        ]
        event = (await published())[-1]
        assert event["type"] == "customer.reassigned.v1"
        assert event["previous_marketing_id"] == str(WAWAN.user_id)
        assert (event["marketing_id"], event["aggregate_version"]) == (str(SARI.user_id), 2)

    async def test_only_admin_reassigns(self, call_as: CallAs, register: Make) -> None:
        made = await register(WAWAN)
        order = {"marketing_id": str(SARI.user_id), "reason": "x"}

        answer = await call_as(WAWAN).post(f"{PATH}/{made['id']}/reassign", order)

        assert answer.status_code == 403

    @pytest.mark.parametrize(
        ("order", "status"),
        [
            ({"marketing_id": str(WAWAN.user_id), "reason": "x"}, 409),
            ({"marketing_id": str(ADMIN.user_id), "reason": "x"}, 422),
            ({"marketing_id": NOBODY, "reason": "x"}, 422),
            ({"marketing_id": str(SARI.user_id)}, 422),
            ({"marketing_id": str(SARI.user_id), "reason": " "}, 422),
        ],
    )
    async def test_a_reassignment_needs_another_active_marketing_and_a_reason(
        self, call_as: CallAs, register: Make, order: Made, status: int
    ) -> None:
        made = await register(WAWAN)

        answer = await call_as(ADMIN).post(f"{PATH}/{made['id']}/reassign", order)

        assert answer.status_code == status
