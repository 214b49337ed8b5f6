"""What persons decide holds until they undo it, and what must be asked follows (ADR-0018)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from town import Bookkeeper, Inbox, Town, untruths
from town.inbox import RATNA
from town.people import Company
from town.truth import verify_untruths

from shared.testing import SARI

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


@pytest.mark.timeout(600)
async def test_m4_m5_m10_money_split_over_two_customers_is_each_ones_everywhere(
    fresh_town: Any,
) -> None:
    async with fresh_town(reporting=True) as town:
        mahmud, siti = Company(town), Company(town, seller=SARI)
        await mahmud.open()
        await siti.open()
        bills = [await mahmud.issue(BILLED), await siti.issue(TRANSFERRED - BILLED)]
        await mahmud.transfer(TRANSFERRED)
        await Bookkeeper(town).imports("csv", 0)
        reconciliation = town.caller("reconciliation", RATNA)
        (unknown,) = (await reconciliation.get("/api/v1/exceptions")).json()["items"]
        path, version = f"/api/v1/exceptions/{unknown['id']}", unknown["version"]
        wanted = {"action": "split", "invoices": [{"invoice_id": bill} for bill in bills]}

        done = await reconciliation.post(f"{path}/resolve", wanted, version=version)
        await town.settle()

        assert done.status_code == 200, done.text
        assert [(await mahmud.bill(bill))["status"] for bill in bills] == ["paid", "paid"]
        assert await paid_by(town, mahmud, siti) == [BILLED, TRANSFERRED - BILLED]
        assert await verify_untruths(town) == []

        version, because = done.json()["version"], {"reason": "Keliru."}
        undone = await reconciliation.post(f"{path}/undo", because, version=version)
        await town.settle()

        assert undone.status_code == 200, undone.text
        assert await paid_by(town, mahmud, siti) == [0, 0]
        assert await asked(town) == [("unknown_payer", TRANSFERRED)]
        assert await verify_untruths(town) == []


async def paid_by(town: Town, *customers: Company) -> list[int]:
    """Give what the recap of each customer says that he paid."""
    reporting = town.caller("reporting")
    paths = [f"/api/v1/recaps/customers/{each.customer_id}" for each in customers]
    return [(await reporting.get(path)).json()["paid_idr"] for path in paths]


async def asked(town: Town) -> list[tuple[str, int]]:
    items = (await town.caller("reconciliation").get("/api/v1/exceptions")).json()["items"]
    return sorted((each["kind"], each["amount_idr"]) for each in items)
