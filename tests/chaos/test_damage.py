"""One damaged notification in every form, at each kind of account.

Whatever a flipped bit made of a message (C4), the account ends as the bank has it (M8, C11), and
nobody has to look: what the damage opened is closed when the truth arrives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from town import Town, untruths
from town.damage import forms, spelled
from town.day import Bill, account_numbers, issue, pay_many
from town.people import send

BEFORE_IDR, AMOUNT_IDR, AFTER_IDR = 71_000, 86_500, 93_000
HALVED_IDR = 80_000
"""What one flipped bit makes exactly half of: the last account pays this."""


@dataclass(frozen=True)
class Situation:
    """At what kind of account the damaged message is about, and what else happens there.

    Attributes:
        accounts: more than forms; the first ones come twice then, and the last is halved.
        only: how the names of the forms begin that make a difference here and not elsewhere.
        lost_before: a payment before the damaged one that nobody tells of.
        repeated: the bank sends the true message once more, thanked or not.
        another_after: a payment some minutes later, told of truly.
    """

    mode: str
    accounts: int = 31
    only: tuple[str, ...] = ("",)
    lost_before: bool = False
    repeated: bool = False
    another_after: bool = False


AMOUNTS = ("less ", "more ", "half ", "other payment_ntb")
HALF = "half payment_amount"
SITUATIONS = {
    "a bill, paid once": Situation("invoice"),
    "a contract, repeated, and another payment": Situation(
        "contract", 15, AMOUNTS, repeated=True, another_after=True
    ),
    "a customer, after a lost payment": Situation("customer", 15, AMOUNTS, lost_before=True),
}


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("situation", SITUATIONS.values(), ids=SITUATIONS.keys())
async def test_c4_c11_whatever_damage_opened_is_closed_when_the_truth_arrives(
    fresh_town: Any, situation: Situation
) -> None:
    made = [Bill(no, situation.mode) for no in range(situation.accounts)]

    async with fresh_town(hands=6) as town:
        await issue(town, made)
        names = await _live(town, made, situation)
        await town.pass_time(timedelta(days=2))

        assert await _open(town, names) == []
        assert await untruths(town) == []


async def _live(town: Town, made: Sequence[Bill], situation: Situation) -> dict[str, str]:
    """Let everybody pay, each in his own trouble; give the form of damage at each account."""
    accounts = await account_numbers(town)
    numbers = [accounts[each.customer_id] for each in made]
    await town.faults(drop=1)
    if situation.lost_before:
        await pay_many(town, [(number, BEFORE_IDR) for number in numbers])
        town.clock.advance(timedelta(minutes=3))
    once = situation.mode == "invoice"
    paid = [each.total_idr if once else AMOUNT_IDR for each in made]
    paid[-1] = paid[-1] if once else HALVED_IDR
    await pay_many(town, list(zip(numbers, paid, strict=True)))
    names = await _tell(town, numbers, situation)
    await town.faults()
    if situation.another_after:
        await town.pass_time(timedelta(minutes=5))
        await pay_many(town, [(number, AFTER_IDR) for number in numbers])
    return names


async def _tell(town: Town, numbers: Sequence[str], situation: Situation) -> dict[str, str]:
    """Send every account's last notification damaged; the true one when there is reason to."""
    sent = [row["members"] for row in await town.rows("bni-sandbox", _SENT)]
    told = {members["virtual_account"]: members for members in sent}
    names = {}
    for no, number in enumerate(numbers):
        found = [form for form in forms(told[number]) if form.name.startswith(situation.only)]
        assert len(found) < situation.accounts
        form = found[no % len(found)]
        if number == numbers[-1]:
            form = next((each for each in found if each.name == HALF), form)
        names[number] = form.name
        if not await send(town, form.text) or situation.repeated:
            await send(town, spelled(told[number]))
    return names


async def _open(town: Town, names: dict[str, str]) -> list[str]:
    """List what needs a person, with the form of damage at its account."""
    rows = await town.rows("reconciliation", _OPEN)
    return [f"{names.get(row['number'])}: {row['kind']} {row['evidence']}" for row in rows]


_SENT = "SELECT members FROM delivery ORDER BY id"
_OPEN = """
    SELECT a.number, e.kind, e.evidence FROM exceptions e
    LEFT JOIN virtual_accounts a ON a.customer_id = e.customer_id
    WHERE e.closed_at IS NULL ORDER BY e.opened_at
"""
