"""Cursors of the list of customers that this server did not make."""

from __future__ import annotations

import pytest

from shared import paging
from shared.testing import ADMIN, WAWAN


@pytest.mark.parametrize(
    ("sort", "place", "status"),
    [
        ("next_due_on", "2026-W50-4", 200),
        ("next_due_on", "20261210", 200),
        ("next_due_on", "infinity", 200),
        ("next_due_on", "2026-12-32", 422),
        ("outstanding_idr", "\uff11\uff12_000", 200),
        ("outstanding_idr", "1e3", 422),
        ("name", "\ud800", 422),
    ],
)
async def test_b1_postgresql_is_given_no_spelling_that_python_alone_reads(
    call_as, sort: str, place: str, status: int
) -> None:
    params = {"sort": sort, "cursor": paging.encode([sort, place, str(WAWAN.user_id)])}

    answer = await call_as(ADMIN).get("/api/v1/recaps/customers", params=params)

    assert answer.status_code == status
