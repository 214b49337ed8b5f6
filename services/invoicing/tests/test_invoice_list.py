"""The list of invoices: filters, sums, counts, pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.clock import FrozenClock
from shared.contracts.bank_gateway import VaCreated
from shared.testing import SARI, WAWAN


class TestTheList:
    @pytest.fixture
    async def bills(
        self,
        free_bill: Any,
        call_as: Any,
        customer: UUID,
        story: Any,
        arrive: Any,
        clock: FrozenClock,
    ) -> list[dict[str, Any]]:
        """Due 21 Nov (part paid), 24 Nov, 1 Dec (void), newest last."""
        found = []
        for due_on in ("2026-11-21", "2026-11-24", "2026-12-01"):
            body = free_bill(customer, due_on=due_on)
            found.append((await call_as(WAWAN).post("/api/v1/invoices", body)).json())
        await arrive(story.reconciled(customer, {UUID(found[0]["id"]): 100_000}))
        cancel = f"/api/v1/invoices/{found[2]['id']}/cancel"
        await call_as(WAWAN).post(cancel, {"reason": "x"})
        account = {
            "invoice_id": found[1]["id"],
            "customer_id": customer,
            "trx_id": "LNS1",
            "number": "8810081234567890",
            "holder_name": "MAHMUD",
            "status": "active",
            "amount_idr": 300_000,
            "expires_at": clock.now(),
        }
        await arrive(VaCreated.of(1, clock.now(), uuid4(), **account))
        return found

    async def test_sums_and_counts_the_whole_filter(
        self, call_as: Any, bills: list[dict[str, Any]]
    ) -> None:
        shown = (await call_as(WAWAN).get("/api/v1/invoices", params={"limit": 1})).json()

        assert (len(shown["items"]), shown["total"]) == (1, 3)
        assert shown["totals"] == {
            "total_idr": 600_000,
            "paid_idr": 100_000,
            "outstanding_idr": 500_000,
        }
        assert shown["views"] == {
            "all": 3,
            "draft": 0,
            "issued": 1,
            "due_soon": 1,
            "overdue": 1,
            "partially_paid": 1,
            "paid": 0,
            "cancelled": 1,
        }

    async def test_pages_by_keyset_newest_first(
        self, call_as: Any, bills: list[dict[str, Any]]
    ) -> None:
        seen, cursor = [], None
        for _ in bills:
            params = {"limit": 1} | ({"cursor": cursor} if cursor else {})
            page = (await call_as(WAWAN).get("/api/v1/invoices", params=params)).json()
            seen += [item["id"] for item in page["items"]]
            cursor = page["next_cursor"]

        assert seen == [bill["id"] for bill in reversed(bills)]
        assert cursor is None

    @pytest.mark.parametrize(
        ("sort", "expected"),
        [("issued_at", [0, 1, 2]), ("-due_on", [2, 1, 0]), ("total_idr", None)],
    )
    async def test_pages_by_keyset_in_the_order_that_is_asked(
        self, call_as: Any, bills: list[dict[str, Any]], sort: str, expected: list[int] | None
    ) -> None:
        seen, cursor = [], None
        for _ in bills:
            params = {"limit": 1, "sort": sort} | ({"cursor": cursor} if cursor else {})
            page = (await call_as(WAWAN).get("/api/v1/invoices", params=params)).json()
            seen += [item["id"] for item in page["items"]]
            cursor = page["next_cursor"]

        order = expected if expected is not None else range(len(bills))
        by_id = sorted(bill["id"] for bill in bills)
        assert seen == (by_id if expected is None else [bills[i]["id"] for i in order])
        assert cursor is None

    async def test_b1_a_cursor_of_another_order_is_refused(
        self, call_as: Any, bills: list[dict[str, Any]]
    ) -> None:
        params = {"limit": 1, "sort": "due_on"}
        page = (await call_as(WAWAN).get("/api/v1/invoices", params=params)).json()

        other = params | {"sort": "-due_on", "cursor": page["next_cursor"]}
        assert (await call_as(WAWAN).get("/api/v1/invoices", params=other)).status_code == 422

    async def test_filters(self, call_as: Any, bills: list[dict[str, Any]]) -> None:
        for params, expected in (
            ({"view": "overdue"}, [0]),
            ({"view": "due_soon"}, [1]),
            ({"overdue": "false"}, [1, 2]),
            ({"status": "cancelled"}, [2]),
            ({"due_from": "2026-11-22", "due_to": "2026-11-30"}, [1]),
            ({"search": "000002"}, [1]),
            ({"search": "mahmud"}, [0, 1, 2]),
            ({"search": "8810 0812 3456"}, [1]),
            ({"search": "100%"}, []),
            ({"search": "Rp300.000"}, [0, 1, 2]),
            ({"search": "300.001"}, []),
            ({"marketing_id": str(SARI.user_id)}, []),
            ({"booking_id": str(uuid4())}, []),
        ):
            shown = (await call_as(WAWAN).get("/api/v1/invoices", params=params)).json()

            wanted = sorted(bills[index]["id"] for index in expected)
            assert sorted(item["id"] for item in shown["items"]) == wanted, params
            assert shown["total"] == len(expected)

    async def test_b1_a_query_that_is_not_valid_is_refused(self, call_as: Any) -> None:
        bad = ({"cursor": "x"}, {"cursor": "WzEsMl0"}, {"limit": 201}, {"status": "late"})
        for params in bad:
            answer = await call_as(WAWAN).get("/api/v1/invoices", params=params)

            assert answer.status_code == 422, params

    async def test_shows_where_to_pay(self, call_as: Any, bills: list[dict[str, Any]]) -> None:
        shown = (await call_as(WAWAN).get(f"/api/v1/invoices/{bills[1]['id']}")).json()

        account = shown["virtual_account"]
        assert (account["number"], account["status"]) == ("8810081234567890", "active")
        assert (account["amount_idr"], account["trouble"]) == (300_000, None)
