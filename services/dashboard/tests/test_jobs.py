"""Acts on many rows: picked in a list, looked at, asked for, watched."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest

from shared.principal import Principal
from shared.testing import WAWAN

JOB, PAID, OPEN = UUID(int=0xB001), str(UUID(int=2002)), str(UUID(int=2003))
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SKIPPED = {
    "invoice_id": PAID,
    "number": "INV/2026/11/000087",
    "amount_idr": 1_250_000,
    "status": "skipped",
    "why": "Sudah menerima uang, jadi tidak dapat dibatalkan.",
}


@pytest.fixture
def post(call_as: Any) -> Any:
    async def once(path: str, fields: list[tuple[str, str]], who: Principal = WAWAN) -> Any:
        body = urlencode(fields).encode()
        return await call_as(who).call("POST", path, content=body, headers=FORM)

    return once


@pytest.fixture
def job(company: Any) -> dict[str, Any]:
    """A job under way, 2 of 5 done."""
    path = f"GET /bulk-jobs/{JOB}"
    found = {**company.answers[path], "status": "running", "ended_at": None, "done": 2}
    company.answers[path] = found
    company.answers["POST /bulk-jobs"] = [202, found]
    preview = {"ready": 1, "ready_idr": 1_250_000, "skipped": [SKIPPED]}
    company.answers["POST /bulk-jobs/preview"] = preview
    return found


class TestPicking:
    async def test_rows_can_be_picked_where_something_can_be_done_with_them(
        self, call_as: Any
    ) -> None:
        bills = (await call_as(WAWAN).get("/invoices")).text
        payments = (await call_as(WAWAN).get("/payments")).text

        assert f'name="id" value="{OPEN}" form="bulk" data-amount="1250000"' in bills
        assert 'formaction="/acts/cancel"' in bills
        assert 'form="bulk"' not in payments

    async def test_nothing_happens_before_it_was_looked_at(
        self, post: Any, company: Any, job: Any
    ) -> None:
        shown = await post("/acts/cancel", [("id", OPEN), ("id", PAID), ("id", OPEN)])

        assert shown.status_code == 200
        assert "Batalkan 1 tagihan" in shown.text
        assert "Sudah menerima uang" in shown.text
        assert f'name="ids" value="{OPEN} {PAID}"' in shown.text
        assert not company.sent("POST /bulk-jobs")

    async def test_the_whole_filter_is_walked_page_by_page(
        self, post: Any, company: Any, job: Any
    ) -> None:
        fields = [("every", "yes"), ("address", "/invoices?view=issued&search=siti")]

        await post("/acts/cancel", fields)

        asked = company.queries("GET /invoices")
        assert [(q["view"], q["search"], q["limit"]) for q in asked] == [("issued", "siti", "200")]
        [(_, body)] = company.sent("POST /bulk-jobs/preview")
        assert len(body["invoice_ids"]) == 4

    @pytest.mark.parametrize(
        ("path", "fields", "status"),
        [
            ("/acts/cancel", [], 422),
            ("/acts/cancel", [("id", "x")], 404),
            ("/acts/sell", [("id", OPEN)], 404),
        ],
    )
    async def test_b1_what_is_no_choice_is_refused(
        self, post: Any, job: Any, path: str, fields: Any, status: int
    ) -> None:
        assert (await post(path, fields)).status_code == status


class TestAJob:
    async def test_i_it_is_asked_for_once_with_the_key_of_the_form(
        self, post: Any, company: Any, job: Any
    ) -> None:
        fields = [("ids", f"{OPEN} {PAID}"), ("reason", "Salah"), ("idempotency_key", "kunci-123")]

        answer = await post("/acts/cancel/start", fields)

        assert answer.headers["location"] == f"/jobs/{JOB}"
        [(headers, body)] = company.sent("POST /bulk-jobs")
        assert headers["idempotency-key"] == "kunci-123"
        wanted = {"action": "cancel", "invoice_ids": [OPEN, PAID], "reason": "Salah"}
        assert body == wanted

    async def test_while_it_runs_it_shows_pace_and_rest_and_asks_again(
        self, call_as: Any, job: Any
    ) -> None:
        html = (await call_as(WAWAN).get(f"/jobs/{JOB}")).text

        assert '<progress class="progress mt-3 w-full" value="2" max="5"' in html
        assert "2 dari 5" in html
        assert "sisa sekitar 450 detik" in html
        assert f'hx-trigger="sse:job:{JOB}, every 2s"' in html
        assert "Hentikan" in html

    async def test_at_its_end_it_lists_what_was_not_done(self, call_as: Any) -> None:
        html = (await call_as(WAWAN).get(f"/jobs/{JOB}")).text
        file = await call_as(WAWAN).get(f"/jobs/{JOB}/failures.csv")

        assert "Ulangi yang gagal (1)" in html
        assert "Hentikan" not in html
        lines = file.content.decode("utf-8-sig").splitlines()
        assert lines[0] == "Tagihan;Jumlah;Keadaan;Sebab"
        assert lines[2] == "INV/2026/12/000123;1250000;Gagal;Kesalahan sistem."

    async def test_the_chip_is_there_only_while_something_runs(
        self, call_as: Any, company: Any, job: Any
    ) -> None:
        still = (await call_as(WAWAN).get("/jobs/chip")).text
        company.answers["GET /bulk-jobs"] = {"items": [job]}
        moving = (await call_as(WAWAN).get("/jobs/chip")).text

        assert still.strip() == ""
        assert "2/5" in moving

    async def test_only_its_own_steps_can_be_taken(self, post: Any, job: Any, company: Any) -> None:
        company.answers[f"POST /bulk-jobs/{JOB}/stop"] = job

        stopped = await post(f"/jobs/{JOB}/stop", [("idempotency_key", "kunci-123")])
        other = await post(f"/jobs/{JOB}/delete", [])

        assert stopped.headers["location"] == f"/jobs/{JOB}"
        assert other.status_code == 404
