"""Callback, inquiry and statement through the real programs, in every order: the same end state.

All customers of a town pay on one morning, and of each the house learns in an order of its own.
After every step each account is looked at: it must be as every other of which the same was told
so far. So each subset is met in all of its orders, those with a lost callback among them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from town import Bookkeeper, Town, untruths
from town.damage import spelled
from town.day import Bill, account_numbers, issue, pay_many
from town.people import send

TOTAL_IDR, HALF_IDR = 1_000_000, 500_000
STORIES: Mapping[str, Mapping[str, int]] = {
    "invoice": {"callback": TOTAL_IDR},
    "contract": {"first": HALF_IDR, "second": HALF_IDR},
}
"""Whose account it is, and what is paid to it: the names and amounts of its callbacks."""

APART = timedelta(minutes=20)
"""Between two payments; two equal ones within ten minutes are asked about."""

SILENT = {"drop": 1, "error_code": "997", "operations": ["inquirybilling"]}
"""The bank tells nothing by itself, and answers no inquiry."""

Ends = dict[tuple[str, frozenset[str]], "State"]


@dataclass(frozen=True)
class SameBill(Bill):
    """A bill of the same sum as every other."""

    @property
    def total_idr(self) -> int:
        return TOTAL_IDR


@dataclass(frozen=True)
class State:
    """What must not depend on the order.

    Attributes:
        payments: how much stands, and with which proof; a sum may be one payment or several.
        bills: total and paid.
        balances: of the customer, where they are not zero.
        questions: what a person is asked: kind and amount.
    """

    payments: tuple[Any, ...]
    bills: tuple[Any, ...]
    balances: tuple[Any, ...]
    questions: tuple[Any, ...]


@dataclass
class Account:
    """One account, and the order in which the house learns of its payments.

    Attributes:
        told: what it has learnt so far.
        messages: what the bank would have told of each payment, by the payment's name.
    """

    mode: str
    number: str
    order: tuple[str, ...]
    told: list[str] = field(default_factory=list)
    messages: dict[str, str] = field(default_factory=dict)

    @property
    def is_printed_first(self) -> bool:
        """The statement has its money before the bank is asked."""
        return self.order.index("statement") < self.order.index("inquiry")

    def callbacks(self, part: int) -> Sequence[str]:
        """Give the callbacks that come before (0), between (1) and after (2) the other acts."""
        first, second = sorted(map(self.order.index, ("statement", "inquiry")))
        return (self.order[:first], self.order[first + 1 : second], self.order[second + 1 :])[part]


@dataclass
class Morning:
    """One morning of a town; ``ends`` is what is so after each subset of what may be told."""

    town: Town
    bookkeeper: Bookkeeper
    accounts: Sequence[Account]
    ends: Ends = field(default_factory=dict)

    async def live(self) -> None:
        """The statement is printed twice, and the bank is asked in between."""
        first = [each for each in self.accounts if each.is_printed_first]
        then = [each for each in self.accounts if not each.is_printed_first]
        await self.town.faults(**SILENT)
        await self._pay(first)
        await self._tell((each, 0) for each in first)
        await self._print(first)
        await self._pay(then)
        await self._tell([*((each, 1) for each in first), *((each, 0) for each in then)])
        await self._ask()
        await self._tell([*((each, 2) for each in first), *((each, 1) for each in then)])
        await self._print(then)
        await self._tell((each, 2) for each in then)

    async def _pay(self, some: Sequence[Account]) -> None:
        amounts = [(each, list(STORIES[each.mode].values())) for each in some]
        for turn in range(2):
            due = [(each.number, idr[turn]) for each, idr in amounts if turn < len(idr)]
            self.town.clock.advance(APART)
            await pay_many(self.town, due)
        sent: dict[str, list[str]] = defaultdict(list)
        for row in await self.town.rows("bni-sandbox", _SENT):
            sent[row["members"]["virtual_account"]].append(spelled(row["members"]))
        for each in some:
            each.messages = dict(zip(STORIES[each.mode], sent[each.number], strict=True))

    async def _tell(self, parts: Iterable[tuple[Account, int]]) -> None:
        """Let callbacks of a part of each order arrive, the first of each before the second."""
        waiting = [(each, list(each.callbacks(part))) for each, part in parts]
        while waiting := [(each, names) for each, names in waiting if names]:
            for each, names in waiting:
                each.told.append(names.pop(0))
                assert await send(self.town, each.messages[each.told[-1]])
            await self._look()

    async def _print(self, some: Sequence[Account]) -> None:
        await self.bookkeeper.imports("csv", 0)
        await self._look(some, "statement")

    async def _ask(self) -> None:
        """The bank answers again, and the janitor makes his daily round of the accounts."""
        await self.town.faults()
        await self.town.pass_time(timedelta(hours=2))
        await self._look(self.accounts, "inquiry")

    async def _look(self, some: Sequence[Account] = (), act: str = "") -> None:
        """Let everybody rest; whoever was told the same must be in the same state."""
        for each in some:
            each.told.append(act)
        await self.town.settle()
        found = await _states(self.town)
        for each in self.accounts:
            state, told = found[each.number], (each.mode, frozenset(each.told))
            assert state == self.ends.setdefault(told, state), f"{each.told} ended differently"


async def _states(town: Town) -> dict[str, State]:
    """Look at every account."""
    found: dict[str, list[list[Any]]] = defaultdict(lambda: [[], [], [], []])
    for place, query in enumerate((_PAYMENTS, _BILLS, _BALANCES, _QUESTIONS)):
        for row in await town.rows("reconciliation", query):
            number, *facts = row.values()
            found[number][place].append(tuple(facts))
    return {number: State(*map(tuple, parts)) for number, parts in found.items()}


async def _open(town: Town) -> list[Account]:
    """Give an account to every order of every story; its daily round is at nine o'clock."""
    orders = [(m, o) for m in STORIES for o in permutations((*STORIES[m], "inquiry", "statement"))]
    made = [SameBill(no, mode) for no, (mode, _) in enumerate(orders)]
    await issue(town, made)
    await town.pass_time(timedelta(hours=22))
    numbers = await account_numbers(town)
    pairs = zip(made, orders, strict=True)
    return [Account(mode, numbers[bill.customer_id], order) for bill, (mode, order) in pairs]


@pytest.mark.timeout(1200)
async def test_m8_c11_every_order_of_the_sources_ends_in_the_same_books(town: Town) -> None:
    morning = Morning(town, Bookkeeper(town), await _open(town))

    await morning.live()

    paid = State(((TOTAL_IDR, "verified"),), ((TOTAL_IDR, TOTAL_IDR),), (), ())
    for (mode, told), state in morning.ends.items():
        if told & {"inquiry", "statement"}:
            assert state == paid, told
        else:
            told_idr = sum(STORIES[mode][name] for name in told)
            assert state.payments == (((told_idr, "unverified"),) if told else ()), told
            assert state.bills == ((TOTAL_IDR, told_idr),)
            assert state.questions == ()
    assert len(morning.ends) == 2**3 + 2**4
    assert await untruths(town, morning.bookkeeper) == []


_SENT = "SELECT members FROM delivery ORDER BY id"
_PAYMENTS = """
    SELECT virtual_account, sum(amount_idr)::bigint, verification FROM payments
    WHERE reversed_at IS NULL GROUP BY 1, 3 ORDER BY 1, 3
"""
_BILLS = """
    SELECT a.number, i.total_idr, i.allocated_idr FROM invoices i
    JOIN virtual_accounts a ON a.customer_id = i.customer_id
"""
_BALANCES = """
    SELECT a.number, split_part(e.account, ':', 1), sum(e.amount_idr)::bigint
    FROM ledger_entries e JOIN virtual_accounts a ON a.customer_id = e.customer_id
    GROUP BY 1, 2 HAVING sum(e.amount_idr) <> 0 ORDER BY 1, 2
"""
_QUESTIONS = """
    SELECT a.number, e.kind, e.amount_idr FROM exceptions e
    JOIN virtual_accounts a ON a.customer_id = e.customer_id
    WHERE e.closed_at IS NULL ORDER BY 1, 2, 3
"""
