"""Billing runs: what falls due in a month, each line once."""

from __future__ import annotations

from typing import Any

from shared.contracts.invoicing import BillingRunProgressed
from shared.testing import ADMIN, SARI, WAWAN


class TestBillingRuns:
    async def test_a_dry_run_only_counts(self, call_as: Any, plan: dict[str, Any]) -> None:
        body = {"period": "2026-12", "scope": {}, "dry_run": True}

        answer = await call_as(ADMIN).post("/api/v1/billing-runs", body)

        run = answer.json()
        assert answer.status_code == 202
        assert run["progress"] == {"done": 1, "total": 1, "created": 1, "skipped": 0, "failed": 0}
        assert (await call_as(ADMIN).get("/api/v1/invoices")).json()["total"] == 0

    async def test_i_a_repeat_only_fills_gaps(
        self, call_as: Any, plan: dict[str, Any], told: Any
    ) -> None:
        body = {"period": "2026-12", "scope": {"marketing_id": str(WAWAN.user_id)}}

        first, second = [(await call_as(ADMIN).post("/api/v1/billing-runs", body)) for _ in "ab"]

        assert [run.json()["progress"]["created"] for run in (first, second)] == [1, 0]
        assert second.json()["progress"]["skipped"] == 1
        assert (await call_as(ADMIN).get("/api/v1/invoices")).json()["total"] == 1
        assert [event.created for event in await told(BillingRunProgressed)] == [1, 0]
        path = f"/api/v1/billing-runs/{first.json()['id']}"
        assert (await call_as(ADMIN).get(path)).json() == first.json()

    async def test_another_marketings_scope_issues_nothing_here(
        self, call_as: Any, plan: dict[str, Any]
    ) -> None:
        body = {"period": "2026-12", "scope": {"marketing_id": str(SARI.user_id)}}

        run = (await call_as(ADMIN).post("/api/v1/billing-runs", body)).json()

        assert run["progress"]["total"] == 0

    async def test_a_period_is_a_month(self, call_as: Any) -> None:
        answer = await call_as(ADMIN).post("/api/v1/billing-runs", {"period": "2026-13"})

        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "period")

    async def test_a1_marketing_may_not(self, call_as: Any) -> None:
        answer = await call_as(WAWAN).post("/api/v1/billing-runs", {"period": "2026-12"})

        assert answer.status_code == 403
