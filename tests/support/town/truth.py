"""What must be true once the town has come to rest: the bank's records are the measure."""

from __future__ import annotations

from collections import Counter
from typing import Any

from launcher.comparing import at_once
from launcher.verifying import examine
from shared import audit, failures
from shared.testing import ADMIN
from town.town import Town


async def untruths(town: Town) -> list[str]:
    """List everything that contradicts the rules of money; empty is what we want.

    M1 to M9 by ``verify`` from raw rows; M8 and C3 by comparing every billing with the bank's own
    total; C11 by the verification of each payment; E1 and P1 by dead letters and audit chains.
    """
    found = await verify_untruths(town)
    found += await _money_not_as_at_the_bank(town)
    found += await _bills_not_as_in_the_books(town)
    found += await plumbing_untruths(town)
    return found


async def payments(town: Town) -> list[dict[str, Any]]:
    """List every payment of the books."""
    return await _all(town, "reconciliation", "/api/v1/payments")


async def verify_untruths(town: Town) -> list[str]:
    """List what everybody's books, and a comparison of them, say is wrong (M11)."""
    findings = examine(list(town.services.values()), at_once)
    return [str(found) async for finding in findings for found in finding.differences]


async def _money_not_as_at_the_bank(town: Town) -> list[str]:
    """Every rupiah that the bank holds for us is in the books exactly once, and verified."""
    billings = (await town.bank.request("GET", "/simulate/billings")).json()
    at_bank: Counter[str] = Counter()
    for billing in billings:
        at_bank[billing["virtual_account"]] += int(billing["payment_amount"])
    booked: Counter[str] = Counter()
    found = []
    for payment in await payments(town):
        if payment["status"] == "reversed":
            continue
        booked[payment["virtual_account"]] += payment["amount_idr"]
        if payment["verification"] != "verified":
            found.append(f"C11: {payment['id']} is {payment['verification']}")
    return found + [
        f"M8: {number} has {at_bank[number]} at the bank, {booked[number]} here"
        for number in at_bank | booked
        if at_bank[number] != booked[number]
    ]


async def _bills_not_as_in_the_books(town: Town) -> list[str]:
    """Invoicing's paid is what the allocations of the books say (M6)."""
    allocated: Counter[str] = Counter()
    for payment in await payments(town):
        for part in payment["allocations"]:
            if not part["reversed"]:
                allocated[part["invoice_id"]] += part["amount_idr"]
    bills = await _all(town, "invoicing", "/api/v1/invoices")
    return [
        f"M6: {bill['number']} paid {bill['paid_idr']}, allocated {allocated[bill['id']]}"
        for bill in bills
        if bill["paid_idr"] != allocated[bill["id"]]
    ]


async def plumbing_untruths(town: Town) -> list[str]:
    """List dead letters (E1) and breaks in the audit chains (P1)."""
    found = []
    for name, service in town.services.items():
        async with service.sessions.begin(service.principal) as session:
            found += [
                f"E1: {name} has a dead {d.routing_key}" for d in await failures.dead(session)
            ]
            broken = await audit.first_broken_link(session)
            if broken is not None:
                found.append(f"P1: the audit chain of {name} breaks at {broken}")
    return found


async def _all(town: Town, service: str, path: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        params = {"limit": 200} | ({"cursor": cursor} if cursor else {})
        page = (await town.caller(service, ADMIN).get(path, params=params)).json()
        items += page["items"]
        cursor = page["next_cursor"]
    return items
