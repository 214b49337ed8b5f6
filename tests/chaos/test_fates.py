"""Whatever the bank and the network do, and in whatever order: every rupiah once, and explained.

A stateful test drives the faults of the sandbox and the acts of people, lets the town come to
rest, and compares the books with the bank's own records (M1 to M11, C1 to C11). With
``--hypothesis-profile=long`` it goes on for hours, through longer stories.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)
from town import Bookkeeper, Inbox, Town, untruths
from town.people import Company
from town.signatures import pretend_to_be_the_bank, use_a_number_twice
from town.teller import Signer

LONG = settings.get_current_profile_name() == "long"
RATES = st.sampled_from([0, 0, 0.3, 1])
FAULTS = st.fixed_dictionaries(
    {},
    optional={
        "duplicate": RATES,
        "reorder": RATES,
        "drop": RATES,
        "corrupt": RATES,
        "wrong_key": RATES,
        "answer_lost": RATES,
        "delay_ms": st.sampled_from([0, 2_000, 600_000]),
        "clock_skew_s": st.sampled_from([0, 120, -200, 900]),
        "error_code": st.sampled_from(["", "", "008", "009", "997", "999", "996"]),
        "refuse_connections": st.booleans(),
        "statement_omit": st.sampled_from([0, 0, 0.3]),
        "statement_alter": st.sampled_from([0, 0, 0.3]),
        "statement_unbalanced": st.sampled_from([False, False, True]),
    },
)
PAUSES = st.sampled_from(
    [timedelta(seconds=5), timedelta(minutes=7), timedelta(hours=3), timedelta(hours=20)]
)
SHAPES = st.sampled_from(["csv", "mt940"])
PERIODS = st.sampled_from([(0, 0), (1, 0), (3, 0), (1, 1), (2, 1)])
"""The first and the last day of a statement, counted back from today."""
ACTIONS = st.sampled_from(
    ["match", "credit", "return", "write_off", "book_fee", "book_withdrawal", "explain"]
)
AMOUNTS = st.sampled_from([10_000, 1_250_000, 25_000_001])


class Fates(RuleBasedStateMachine):
    """One town, and what may happen in it; ``opened`` gives a fresh one."""

    opened: ClassVar[Any]
    all_is_printed: bool = False
    bills = Bundle("bills")

    @initialize(all_is_printed=st.booleans())
    def open(self, all_is_printed: bool) -> None:
        self.all_is_printed = all_is_printed
        self.runner = asyncio.Runner()
        self.door = type(self).opened()
        self.town: Town = self.runner.run(self.door.__aenter__())
        self.company = Company(self.town)
        self.bookkeeper = Bookkeeper(self.town)
        self.inbox = Inbox(self.town, self.company.customer_id)
        self.runner.run(self.company.open())

    @rule(target=bills, amount=AMOUNTS)
    def a_bill_is_issued(self, amount: int) -> Any:
        return self.runner.run(self.company.issue(amount))

    @rule(bill=bills)
    def a_customer_pays(self, bill: str) -> None:
        self.runner.run(self.company.pay(bill))

    @rule(bill=bills, amount=AMOUNTS)
    def a_forger_tells_of_money(self, bill: str, amount: int) -> None:
        """C4, C6: it decodes, it names a real billing, and no such money came."""
        self.runner.run(self.company.forge(bill, amount))

    @rule(amount=AMOUNTS)
    def a_forger_tells_of_an_unknown_billing(self, amount: int) -> None:
        """C5: durable, asked about, and never money unless the bank says so."""
        self.runner.run(self.company.forge(None, amount))

    @rule(bill=bills)
    def a_bill_is_cancelled(self, bill: str) -> None:
        self.runner.run(self.company.cancel(bill))

    @rule(shape=SHAPES, period=PERIODS)
    def a_statement_is_imported(self, shape: Any, period: tuple[int, int]) -> None:
        """Of whole days, and of a day that is not over; before or after the bank tells."""
        self.runner.run(self.bookkeeper.imports(shape, *period))

    @rule()
    def the_same_file_is_imported_again(self) -> None:
        self.runner.run(self.bookkeeper.imports_again())

    @rule(amount=AMOUNTS)
    def somebody_transfers_money(self, amount: int) -> None:
        """M9: nobody knows whose it is until somebody says so."""
        self.runner.run(self.company.transfer(amount))

    @rule(action=ACTIONS)
    def a_person_decides(self, action: str) -> None:
        """ADR-0018: each decision is a movement, and the books follow it."""
        self.runner.run(self.inbox.decide(action))

    @rule(newest_first=st.integers(0, 2))
    def a_decision_is_undone(self, newest_first: int) -> None:
        self.runner.run(self.inbox.undo(newest_first))

    @rule()
    def the_next_day_is_closed(self) -> None:
        """R3: by a person, before two in the morning does it; what comes later is a reversal."""
        self.runner.run(self.inbox.close_next_day())

    @rule(amount=st.sampled_from([6_500, 1_000_000]), fee=st.booleans())
    def money_leaves_the_account(self, amount: int, fee: bool) -> None:
        self.runner.run(self.company.spend(amount, fee=fee))

    @rule(faults=FAULTS)
    def the_bank_misbehaves(self, faults: dict[str, Any]) -> None:
        self.runner.run(self.town.faults(**faults))

    @rule(pause=PAUSES)
    def time_passes(self, pause: timedelta) -> None:
        self.runner.run(self.town.pass_time(pause))

    @rule(target=bills)
    def everything_is_repeated(self) -> Any:
        """E1: every event that was ever published is delivered once more."""
        self.runner.run(self.town.replay())
        return multiple()

    @precondition(lambda self: isinstance(self.town.teller, Signer))
    @rule()
    def the_bank_uses_a_number_twice(self) -> None:
        self.runner.run(use_a_number_twice(self.town, self.town.teller))

    @precondition(lambda self: isinstance(self.town.teller, Signer))
    @rule()
    def somebody_pretends_to_be_the_bank(self) -> None:
        self.runner.run(pretend_to_be_the_bank(self.town, self.town.teller))

    def teardown(self) -> None:
        if not hasattr(self, "runner"):
            return
        try:
            self.runner.run(self._rest())
        finally:
            self.runner.run(self.door.__aexit__(None, None, None))
            self.runner.close()

    async def _rest(self) -> None:
        await self.town.faults()
        await self.town.pass_time(timedelta(days=3))
        if self.all_is_printed:
            await self.bookkeeper.imports("csv", 30)
        assert await untruths(self.town, self.bookkeeper, self.inbox) == []


@pytest.mark.timeout(86_400 if LONG else 600)
@pytest.mark.parametrize("va_mode", ["invoice", "customer"])
@pytest.mark.parametrize("protocol", ["ecollection", "snap"])
def test_whatever_happens_every_rupiah_is_explained(
    fresh_town: Any, protocol: str, va_mode: str
) -> None:
    opened = partial(fresh_town, protocol=protocol, va_mode=va_mode)
    machine = type("Fates", (Fates,), {"opened": staticmethod(opened)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=settings.default.max_examples if LONG else 3,
            stateful_step_count=settings.default.stateful_step_count if LONG else 14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
        ),
    )
