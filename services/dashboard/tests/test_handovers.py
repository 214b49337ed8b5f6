"""P10: customers are chosen, looked at, moved at once, and given back within a day."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest

from shared.testing import ADMIN, WAWAN, confirmed

DRAFT, RUNNING, DONE, MANY = (UUID(int=n) for n in (0xF1, 0xF2, 0xF3, 0xF4))
MAHMUD, OWNER, TARGET = UUID(int=42), UUID(int=11), UUID(int=12)
FORM = {"content-type": "application/x-www-form-urlencoded"}
RATNA = confirmed(ADMIN)


async def post(caller: Any, path: str, *pairs: tuple[str, str]) -> Any:
    return await caller.call("POST", path, content=urlencode(pairs).encode(), headers=FORM)


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


class TestChoosing:
    async def test_p10_a_marketing_is_chosen_and_his_customers_ticked(self, call_as: Any) -> None:
        html = (await call_as(ADMIN).get(f"/customers/move?from={OWNER}")).text

        assert f'name="customer" value="{MAHMUD}"' in html
        assert f'<option value="{TARGET}"' in html.partition('id="f-marketing_id"')[2]
        assert f'<option value="{OWNER}"' not in html.partition('id="f-marketing_id"')[2]

    async def test_p10_ticked_ones_can_come_from_a_list(self, call_as: Any) -> None:
        html = (await call_as(ADMIN).get(f"/customers/move?customer={MAHMUD}")).text

        assert f'name="customer" value="{MAHMUD}" checked' in html

    async def test_p10_the_list_of_customers_has_it_in_its_bar(self, call_as: Any) -> None:
        admins = (await call_as(ADMIN).get("/customers")).text
        his = (await call_as(WAWAN).get("/customers")).text

        assert 'formaction="/customers/move/choose"' in admins
        assert f'name="id" value="{MAHMUD}"' in admins
        assert "/customers/move" not in his

    async def test_p10_picked_ones_or_all_of_a_filter_come_from_the_list(
        self, call_as: Any, company: Any
    ) -> None:
        picked = await post(call_as(ADMIN), "/customers/move/choose", ("id", str(MAHMUD)))
        row = company.answers["GET /recaps/customers"]["items"][0]
        his = {**row, "customer": {**row["customer"], "id": str(MAHMUD)}}
        answer = company.answers["GET /recaps/customers"]
        company.answers["GET /recaps/customers"] = {
            **answer,
            "items": [his] * 51,
            "next_cursor": None,
        }
        every = await post(
            call_as(ADMIN),
            "/customers/move/choose",
            ("every", "yes"),
            ("address", "/customers?view=overdue"),
        )

        assert f'name="customer" value="{MAHMUD}" checked' in picked.text
        assert "dan 1 pelanggan lain" in text_of(every.text)
        assert every.text.count(f'name="customer" value="{MAHMUD}"') == 51

    async def test_p10_the_choice_is_kept_and_shown_before_anything_moves(
        self, call_as: Any, company: Any
    ) -> None:
        response = await post(
            call_as(ADMIN),
            "/customers/move",
            ("customer", str(MAHMUD)),
            ("customer", str(UUID(int=1000))),
            ("marketing_id", str(TARGET)),
            ("reason", "wilayah"),
            ("idempotency_key", "once"),
        )

        assert response.headers["location"] == f"/customers/moves/{DRAFT}"
        [(headers, body)] = company.sent("POST /handovers")
        assert body["customer_ids"] == [str(MAHMUD), str(UUID(int=1000))]
        assert headers["idempotency-key"] == "once"

    async def test_p10_a_whole_marketing_is_one_choice(self, call_as: Any, company: Any) -> None:
        await post(
            call_as(ADMIN),
            "/customers/move",
            ("from", str(OWNER)),
            ("whole", "yes"),
            ("marketing_id", str(TARGET)),
            ("reason", "pindah kota"),
        )

        [(_, body)] = company.sent("POST /handovers")
        assert body == {
            "from_marketing_id": str(OWNER),
            "marketing_id": str(TARGET),
            "reason": "pindah kota",
        }

    async def test_a1_marketing_does_not_find_the_pages(self, call_as: Any) -> None:
        for path in ("/customers/move", f"/customers/moves/{DONE}"):
            assert (await call_as(WAWAN).get(path)).status_code == 404


class TestTheHandover:
    async def test_p10_the_preview_says_who_what_is_unpaid_and_from_whom_to_whom(
        self, call_as: Any
    ) -> None:
        shown = text_of((await call_as(ADMIN).get(f"/customers/moves/{DRAFT}")).text)

        assert "Bapak Mahmud Sulaiman PLG-000042 Bapak Wawan Ibu Sari Rp21.900.000" in shown
        assert "1 draf ikut pindah" in shown
        assert "Pindahkan 2 pelanggan" in shown

    async def test_a8_more_than_twenty_ask_for_the_password_first(self, call_as: Any) -> None:
        asked = (await call_as(ADMIN).get(f"/customers/moves/{MANY}")).text
        given = (await call_as(RATNA).get(f"/customers/moves/{MANY}")).text

        assert 'action="/confirm"' in asked
        assert "Pindahkan 42 pelanggan" not in asked
        assert "Pindahkan 42 pelanggan" in given

    async def test_a8_a_refused_start_leads_back_to_the_password(
        self, call_as: Any, company: Any
    ) -> None:
        problem = {"type": "/problems/confirmation-needed", "detail": "x"}
        company.answers[f"POST /handovers/{MANY}/run"] = [403, problem]

        response = await post(call_as(ADMIN), f"/customers/moves/{MANY}/run")

        assert response.headers["location"] == f"/customers/moves/{MANY}"

    async def test_p10_progress_is_a_bar_that_looks_again(self, call_as: Any) -> None:
        html = (await call_as(ADMIN).get(f"/customers/moves/{RUNNING}")).text

        assert 'value="112" max="412"' in html
        assert 'hx-trigger="every 2s"' in html

    async def test_p10_what_is_done_can_be_taken_back_and_says_until_when(
        self, call_as: Any, company: Any
    ) -> None:
        shown = text_of((await call_as(ADMIN).get(f"/customers/moves/{DONE}")).text)
        response = await post(call_as(ADMIN), f"/customers/moves/{DONE}/undo")

        assert "Dapat dikembalikan sampai 10 Des 2026 12.00 WIB" in shown
        assert "Dilewati sudah pada Ibu Sari" in shown
        assert response.status_code == 303
        assert len(company.sent(f"POST /handovers/{DONE}/undo")) == 1

    @pytest.mark.parametrize("act", ["run", "undo"])
    async def test_s_what_is_refused_is_said_on_the_page(
        self, call_as: Any, company: Any, act: str
    ) -> None:
        said = "Pemindahan ini sudah lebih dari 24 jam."
        company.answers[f"POST /handovers/{DONE}/{act}"] = [409, {"detail": said}]

        response = await post(call_as(ADMIN), f"/customers/moves/{DONE}/{act}")

        assert response.status_code == 422
        assert said in response.text
