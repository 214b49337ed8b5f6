"""The inbox: who looks after what, who sees it, and what it adds up to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from shared.contracts.reconciliation import ExceptionAsked, ExceptionOpened
from shared.testing import ADMIN, WAWAN, confirmed


class TestAsking:
    async def test_an_admin_takes_it_and_lets_it_go(
        self, inbox: Any, stray: Any, told: Any
    ) -> None:
        taken = (await inbox.act(await inbox.one(), "assign", {"to": "me"})).json()
        let_go = (await inbox.act(taken, "assign", {"to": "nobody"})).json()

        assert (taken["owner_name"], let_go["owner_name"]) == ("Ibu Ratna", None)
        assert [event.owner_id for event in await told(ExceptionOpened)] == [
            None,
            ADMIN.user_id,
            None,
        ]

    async def test_a2_a_marketing_sees_it_only_while_he_is_asked(
        self, inbox: Any, siti: Any, stray: Any, call_as: Any
    ) -> None:
        wawan, item = call_as(WAWAN), await inbox.one()
        path = f"/api/v1/exceptions/{item['id']}"
        assert (await wawan.get(path)).status_code == 404
        body = {"to": "marketing", "marketing_id": str(WAWAN.user_id), "note": "Kenal SITI A?"}

        asked = (await inbox.act(item, "assign", body)).json()

        seen = (await wawan.get(path)).json()
        assert (seen["owner_name"], seen["notes"][0]["text"]) == ("Bapak Wawan", "Kenal SITI A?")
        assert seen["payment"] is None, "the money itself is nobody's yet"
        answer = await wawan.post(f"{path}/notes", {"text": "Ya, Siti Aminah."})
        assert answer.status_code == 201
        await inbox.act(asked, "assign", {"to": "nobody"})
        assert (await wawan.get(path)).status_code == 404
        (_, second) = (await call_as(ADMIN).get(path)).json()["notes"]
        assert (second["author_name"], second["text"]) == ("Bapak Wawan", "Ya, Siti Aminah.")

    async def test_by_default_the_customers_own_marketing_is_asked(
        self, inbox: Any, siti: Any, story: Any, arrive: Any, stray: Any, told: Any
    ) -> None:
        await arrive(story.payment(800, None, customer_id=siti[0]))

        asked = await inbox.act(await inbox.one("overpaid"), "assign", {"to": "marketing"})
        nobody = await inbox.act(await inbox.one(), "assign", {"to": "marketing"})

        assert asked.json()["owner_id"] == str(WAWAN.user_id)
        assert (nobody.status_code, nobody.json()["errors"][0]["field"]) == (422, "marketing_id")
        (event,) = await told(ExceptionAsked)
        assert (event.owner_id, event.asked_by) == (WAWAN.user_id, "Ibu Ratna")
        assert event.question == asked.json()["notes"][0]["text"]

    async def test_a1_a_marketing_decides_nothing(
        self, inbox: Any, siti: Any, story: Any, arrive: Any
    ) -> None:
        await arrive(story.payment(800, None, customer_id=siti[0]))
        item = await inbox.one("overpaid")
        acts = {
            "resolve": {"action": "credit"},
            "assign": {"to": "me"},
            "approve": {},
            "refuse": {"reason": "x"},
            "undo": {"reason": "x"},
        }

        answers = [
            await inbox.act(item, what, body, confirmed(WAWAN)) for what, body in acts.items()
        ]

        assert [answer.status_code for answer in answers] == [403] * 5


class TestTheList:
    async def test_m9_what_nobody_owns_adds_up_to_suspense(
        self, inbox: Any, siti: Any, stray: Any, story: Any, arrive: Any, call_as: Any
    ) -> None:
        await arrive(story.payment(70), story.payment(800, None, customer_id=siti[0]))

        shown = (await call_as(ADMIN).get("/api/v1/exceptions")).json()

        assert (shown["total"], shown["sum_idr"]) == (3, 670)
        assert (shown["unknown_idr"], shown["suspense_idr"]) == (570, 570)
        mine = (await call_as(WAWAN).get("/api/v1/exceptions")).json()
        assert (mine["total"], mine["unknown_idr"], mine["suspense_idr"]) == (1, None, None)

    async def test_it_is_filtered_by_owner_and_age(
        self, inbox: Any, stray: Any, story: Any, arrive: Any, call_as: Any, clock: Any
    ) -> None:
        await inbox.act(await inbox.one(), "assign", {"to": "me"})
        clock.advance(timedelta(days=2))
        await arrive(story.payment(70))
        clock.advance(timedelta(days=6))
        await arrive(story.payment(9))

        async def amounts(**params: str) -> list[int]:
            answer = await call_as(ADMIN).get("/api/v1/exceptions", params=params)
            return [item["amount_idr"] for item in answer.json()["items"]]

        ages = (await call_as(ADMIN).get("/api/v1/exceptions?age=old")).json()["ages"]
        assert ages == {"new": 1, "week": 1, "old": 1}
        assert [await amounts(age=age) for age in ("old", "week", "new")] == [[500], [70], [9]]
        assert await amounts(owner="nobody") == [70, 9]
        assert await amounts(owner=str(ADMIN.user_id)) == [500]
