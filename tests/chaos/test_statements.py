"""What statements add to what the bank told: one story, in its own files (ADR-0019)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import pytest
from town import Bookkeeper, Town, untruths
from town.people import Company

PAID, TRANSFERRED, SPENT, CHARGED = 1_250_000, 750_000, 2_000_000, 6_500
A_DAY = timedelta(days=1)


async def asked(town: Town, bookkeeper: Bookkeeper) -> list[tuple[str, int]]:
    """Give what a person is asked, after it was found to be what must be asked."""
    assert await untruths(town, bookkeeper) == []
    items = (await town.caller("reconciliation").get("/api/v1/exceptions")).json()["items"]
    return sorted((each["kind"], each["amount_idr"]) for each in items)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("protocol", ["ecollection", "snap"])
async def test_m9_c11_a_statement_confirms_finds_and_contradicts(
    fresh_town: Callable[..., AbstractAsyncContextManager[Town]], protocol: str
) -> None:
    async with fresh_town(protocol=protocol) as town:
        company, bookkeeper = Company(town), Bookkeeper(town)
        await company.open()
        told, later, untold = [await company.issue(PAID + no) for no in range(3)]

        await company.pay(told)
        await company.transfer(TRANSFERRED)
        await company.spend(SPENT, fee=False)
        await company.spend(CHARGED, fee=True)
        await bookkeeper.imports("csv", 0)
        beside = [("missing_here", SPENT), ("unknown_payer", TRANSFERRED)]
        assert await asked(town, bookkeeper) == beside

        await company.pay(later)
        await town.faults(drop=1)
        await company.pay(untold)
        await town.faults()
        await town.pass_time(A_DAY)
        await bookkeeper.imports("mt940", 0)
        unshown = [("missing_at_bank", PAID + 1), ("missing_at_bank", PAID + 2)]
        assert await asked(town, bookkeeper) == sorted(beside + unshown)

        await bookkeeper.imports("mt940", 3)
        assert await asked(town, bookkeeper) == beside

        last = await company.issue(PAID + 3)
        await company.pay(last)
        await town.faults(statement_alter=1)
        await bookkeeper.imports("csv", 0)
        await town.faults()
        await town.pass_time(A_DAY)
        assert await asked(town, bookkeeper) == sorted([("amount_differs", 1), *beside])
