"""What must be true once the town has come to rest: the bank's records are the measure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from launcher.comparing import at_once
from launcher.verifying import examine
from shared import audit, failures
from shared.testing import ADMIN
from town.bookkeeper import Bookkeeper
from town.inbox import ANSWERING, Decision, Inbox, Question, key_of
from town.oracle import expect
from town.town import Town


async def untruths(
    town: Town, bookkeeper: Bookkeeper | None = None, inbox: Inbox | None = None
) -> list[str]:
    """List everything that contradicts the rules of money; empty is what we want.

    M1 to M11 and R3 by ``verify`` from raw rows; M8, M9 and C3 by comparing with the bank's own
    records; C11 by the verification of each payment; C5, C6 and ADR-0019 by the open questions;
    E1 and P1 by dead letters and audit chains. Without a bookkeeper no statement was imported,
    without an inbox nobody has decided anything.
    """
    expected = await expect(town, bookkeeper or Bookkeeper(town))
    booked, decided = await payments(town), await inbox.standing() if inbox else []
    found = await verify_untruths(town)
    found += expected.untold
    found += await _not_as_at_the_bank(town, booked, expected.holds)
    found += _owned_by_nobodys_word(booked, decided)
    found += await _not_asked_as_expected(town, booked, expected.questions, decided)
    found += await _bills_not_as_in_the_books(town, booked)
    found += await _days_not_closed(town)
    found += await plumbing_untruths(town)
    return found


async def payments(town: Town) -> list[dict[str, Any]]:
    """List every payment of the books."""
    return await _all(town, "reconciliation", "/api/v1/payments")


async def verify_untruths(town: Town) -> list[str]:
    """List what everybody's books, and a comparison of them, say is wrong (M11)."""
    findings = examine(list(town.services.values()), at_once)
    return [str(found) async for finding in findings for found in finding.differences]


async def _not_as_at_the_bank(
    town: Town, booked: list[dict[str, Any]], holds: Counter[str]
) -> list[str]:
    """Every rupiah that the bank holds for us is in the books exactly once, and verified."""
    at_bank = Counter(dict.fromkeys(holds, 0))
    for billing in (await town.bank.request("GET", "/simulate/billings")).json():
        at_bank[billing["virtual_account"]] += int(billing["payment_amount"])
    standing = [payment for payment in booked if payment["status"] != "reversed"]
    held: Counter[str] = Counter()
    for payment in standing:
        held[payment["virtual_account"]] += payment["amount_idr"]
    return (
        [
            f"C11: {payment['id']} is {payment['verification']}"
            for payment in standing
            if payment["verification"] != "verified"
        ]
        + [
            f"M8: {number} holds {held[number]}, its sources prove {holds[number]}"
            for number in held | holds
            if held[number] != holds[number]
        ]
        + [
            f"M8: the bank took {at_bank[number]} at {number}, and {holds[number]} is told"
            for number in at_bank
            if number and at_bank[number] > holds[number]
        ]
    )


def _owned_by_nobodys_word(booked: list[dict[str, Any]], decided: list[Decision]) -> Iterator[str]:
    """Money without an account is a customer's only while a person's word stands (M9)."""
    attributed = {each.payment_id for each in decided if each.names_an_owner}
    for payment in booked:
        if payment["channel"] == "bank_transfer":
            is_owned = payment["customer"] is not None
            if is_owned != (payment["id"] in attributed):
                yield f"M9: {payment['id']} has an owner: {is_owned}"


async def _not_asked_as_expected(
    town: Town,
    booked: list[dict[str, Any]],
    expected: Counter[Question],
    decided: list[Decision],
) -> list[str]:
    """Nobody is asked about anything but what needs a person, and about all of that."""
    wanted = expected + Counter(_leftovers(booked, decided))
    wanted -= Counter(each.question for each in decided if each.action in ANSWERING)
    asked = Counter(
        (each["kind"], key_of(each), each["amount_idr"])
        for each in await _all(town, "reconciliation", "/api/v1/exceptions")
    )
    rules = "C5, C6, C11, M9, ADR-0019"
    return [f"{rules}: asked without need: {each}" for each in (asked - wanted).elements()] + [
        f"{rules}: not asked: {each}" for each in (wanted - asked).elements()
    ]


def _leftovers(booked: list[dict[str, Any]], decided: list[Decision]) -> Iterator[Question]:
    """Money that pays no bill is a question about its payer, or about its use (M9, M6)."""
    kept = {each.payment_id for each in decided if each.action == "credit"}
    for payment in booked:
        is_left = payment["status"] != "reversed" and payment["unallocated_idr"]
        if is_left and not payment["customer"]:
            yield "unknown_payer", payment["id"], payment["unallocated_idr"]
        elif is_left and payment["id"] not in kept:
            yield "overpaid", payment["id"], payment["unallocated_idr"]


async def _bills_not_as_in_the_books(town: Town, booked: list[dict[str, Any]]) -> list[str]:
    """Invoicing's paid is what the allocations of the books say (M6)."""
    allocated: Counter[str] = Counter()
    for payment in booked:
        for part in payment["allocations"]:
            if not part["reversed"]:
                allocated[part["invoice_id"]] += part["amount_idr"]
    bills = await _all(town, "invoicing", "/api/v1/invoices")
    return [
        f"M6: {bill['number']} paid {bill['paid_idr']}, allocated {allocated[bill['id']]}"
        for bill in bills
        if bill["paid_idr"] != allocated[bill["id"]]
    ]


async def _days_not_closed(town: Town) -> list[str]:
    """Every day that is over has its certificate; whether those hold, ``verify`` tells (R3)."""
    waiting = (await town.caller("reconciliation").get("/api/v1/closes")).json()["waiting"]
    return [f"R3: {waiting['day']} is over and not closed"] if waiting and waiting["over"] else []


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
