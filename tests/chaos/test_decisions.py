"""What persons decide holds until they undo it, and what must be asked follows (ADR-0018)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from town import Bookkeeper, Inbox, Town, untruths
from town.people import Company

TRANSFERRED, BILLED, SPENT = 750_000, 500_000, 2_000_000


@pytest.mark.timeout(600)
async def test_m5_m9_r3_a_decision_is_undone_after_the_day_was_closed(town: Town) -> None:
    company, bookkeeper = Company(town), Bookkeeper(town)
    inbox = Inbox(town, company.customer_id)
    await company.open()
    bill = await company.issue(BILLED)
    await company.transfer(TRANSFERRED)
    await company.spend(SPENT, fee=False)
    await bookkeeper.imports("csv", 0)

    for action in ("match", "credit", "book_withdrawal"):
        await inbox.decide(action)
    await town.pass_time(timedelta(days=1))

    assert (await company.bill(bill))["paid_idr"] == BILLED
    assert await asked(town) == []
    assert await untruths(town, bookkeeper, inbox) == []

    for newest_first in (2, 0):
        await inbox.undo(newest_first)

    assert (await company.bill(bill))["paid_idr"] == 0
    assert await asked(town) == [("missing_here", SPENT), ("unknown_payer", TRANSFERRED)]
    assert await untruths(town, bookkeeper, inbox) == []


async def asked(town: Town) -> list[tuple[str, int]]:
    items = (await town.caller("reconciliation").get("/api/v1/exceptions")).json()["items"]
    return sorted((each["kind"], each["amount_idr"]) for each in items)
