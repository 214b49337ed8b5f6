"""A day of payments at a bank that repeats, holds back, loses and damages what it tells.

Ten thousand payments are lived by ``benchmarks/day.py``; this is the same day with fewer, and with
faults that strike four times as often.
"""

from __future__ import annotations

from typing import Any

import pytest
from town.day import FAULTS, bills, live_a_day

PAYMENTS = 60


@pytest.mark.timeout(600)
async def test_a_bad_day_ends_with_every_rupiah_explained(fresh_town: Any) -> None:
    """M8, M11, C3, C11, R3: nothing twice, nothing lost, verified, closed green."""
    harsh = {name: rate * 4 for name, rate in FAULTS.items() if name != "seed"}
    paid = sum(amount for bill in bills(PAYMENTS) for _, amount in bill.payments(1))

    async with fresh_town(reporting=True, hands=6) as town:
        report = await live_a_day(town, PAYMENTS, harsh)

    assert (report.untruths, report.unexplained) == ([], [])
    assert (report.at_bank_idr, report.in_books_idr, report.unexplained_idr) == (paid, paid, 0)
    assert set(report.closed.values()) == {"green"}
    assert {"2026-11-23", "2026-11-24"} <= set(report.closed)
    assert report.told["repeated"] > 0
