"""What persons decide holds until they undo it, and what must be asked follows (ADR-0018)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from town import Bookkeeper, Inbox, Town, payments, untruths
from town.inbox import RATNA
from town.people import Company
from town.truth import verify_untruths

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
    town: Town,
) -> None:
    mahmud, siti = Company(town), Company(town)
    await mahmud.open()
    await siti.open()
    bills = [await mahmud.issue(BILLED), await siti.issue(TRANSFERRED - BILLED)]
    await mahmud.transfer(TRANSFERRED)
    await Bookkeeper(town).imports("csv", 0)
    reconciliation = town.caller("reconciliation", RATNA)
    (unknown,) = (await reconciliation.get("/api/v1/exceptions")).json()["items"]
    path = f"/api/v1/exceptions/{unknown['id']}"
    wanted = {"action": "split", "invoices": [{"invoice_id": bill} for bill in bills]}

    done = await reconciliation.post(f"{path}/resolve", wanted, version=unknown["version"])
    await town.settle()

    assert done.status_code == 200, done.text
    assert [(await mahmud.bill(bill))["status"] for bill in bills] == ["paid", "paid"]
    shown = {each["customer"]["id"]: each["amount_idr"] for each in await payments(town)}
    assert shown == {
        str(mahmud.customer_id): BILLED,
        str(siti.customer_id): TRANSFERRED - BILLED,
    }
    assert await verify_untruths(town) == []

    version = done.json()["version"]
    undone = await reconciliation.post(f"{path}/undo", {"reason": "Keliru."}, version=version)
    await town.settle()

    assert undone.status_code == 200, undone.text
    assert [(await mahmud.bill(bill))["paid_idr"] for bill in bills] == [0, 0]
    assert await asked(town) == [("unknown_payer", TRANSFERRED)]
    assert await verify_untruths(town) == []


async def asked(town: Town) -> list[tuple[str, int]]:
    items = (await town.caller("reconciliation").get("/api/v1/exceptions")).json()["items"]
    return sorted((each["kind"], each["amount_idr"]) for each in items)
