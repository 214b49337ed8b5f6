"""R3: what statements print as balances, and why a day's movement differs; pure (ADR-0031)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from reconciliation.domain.balance import (
    Cause,
    DayBalance,
    Group,
    balance_of,
    cause_of,
    day_balance,
    finding_of,
)
from reconciliation.domain.certificate import Figure
from reconciliation.domain.passbook import Hold, Passbook

FIRST = date(2026, 11, 2)
FEE = -7


def day(after: int) -> date:
    return FIRST + timedelta(days=after)


def hold(after: int, days: int, opening_idr: int, account: str = "A") -> Hold:
    return Hold(account, day(after), day(after + days - 1), opening_idr)


def book(*holds: Hold, accounts: tuple[str, ...] = ("A",)) -> Passbook:
    """Every day moves 10 on account A and 1 on account B."""
    moved = {(each, day(n)): {"A": 10, "B": 1}[each] for each in accounts for n in range(9)}
    return Passbook(accounts, holds, moved)


def group(apart_idr: int, **known: object) -> Group:
    return Group(day=FIRST, apart_idr=apart_idr, **known)  # type: ignore[arg-type]


class TestWhatIsPrinted:
    def test_a_balance_is_the_opening_and_all_lines_since(self) -> None:
        told = book(hold(0, 3, 100))

        assert [told.closing(day(n)) for n in range(3)] == [110, 120, 130]
        assert (told.opening(day(2)), told.before(day(2)), told.before(day(0))) == (120, 120, 100)

    def test_days_lead_back_to_the_first_gap(self) -> None:
        told = book(hold(0, 2, 100), hold(3, 1, 500), hold(4, 2, 510))

        assert [told.covers(day(n)) for n in range(6)] == [True, True, False, True, True, True]
        assert (told.since(day(1)), told.since(day(5))) == (day(0), day(3))

    def test_the_file_that_came_last_is_believed(self) -> None:
        told = book(hold(0, 3, 100), hold(1, 2, 900))

        assert (told.closing(day(0)), told.closing(day(1))) == (110, 910)

    def test_of_several_accounts_all_have_to_hold_the_day(self) -> None:
        told = book(hold(0, 2, 100), hold(1, 1, 50, "B"), accounts=("A", "B"))

        assert (told.covers(day(0)), told.covers(day(1))) == (False, True)
        assert told.closing(day(1)) == 120 + 51

    def test_without_accounts_nothing_is_covered(self) -> None:
        assert not book(accounts=()).covers(FIRST)

    def test_the_lines_of_every_statement_that_is_asked_are_needed(self) -> None:
        told = book(hold(0, 4, 100), hold(4, 2, 140))

        assert told.reaches(day(5), day(5)) == day(0)


class TestWhyItDiffers:
    @pytest.mark.parametrize(
        ("known", "cause"),
        [
            ({"pending": True, "is_open": True}, Cause.PENDING),
            ({"evens_out": True, "is_open": True}, Cause.OTHER_DAY),
            ({"is_open": True, "is_decided": True}, Cause.OPEN),
            ({"is_decided": True}, Cause.DECIDED),
            ({"is_returned": True}, Cause.RETURNED),
            ({"unprinted": [day(0)]}, Cause.UNPRINTED),
            ({}, None),
        ],
    )
    def test_each_group_has_one_cause(self, known: dict[str, object], cause: Cause | None) -> None:
        assert cause_of(group(5, **known), lambda *_: False) is cause

    def test_what_should_be_printed_by_now_is_explained_by_nothing(self) -> None:
        def is_covered(first: date, last: date) -> bool:
            return (first, last) == (day(0), day(1))

        assert cause_of(group(-5, unprinted=[day(0)]), is_covered) is None
        assert cause_of(group(-5, unprinted=[day(0), day(1)]), is_covered) is Cause.UNPRINTED


def compare(told: Passbook, after: int, *groups: Group, settled: int = 0) -> DayBalance:
    return day_balance(told, day(after), groups, is_covered=lambda *_: True, settled_idr=settled)


class TestADay:
    def test_what_its_groups_explain_is_explained(self) -> None:
        found = compare(book(hold(0, 1, 100)), 0, group(FEE, is_open=True))

        assert (found.printed_idr, found.booked_idr, found.unexplained_idr) == (10, 17, 0)
        assert found.causes == {Cause.OPEN: Figure(count=1, amount_idr=FEE)}

    def test_what_no_group_explains_is_unexplained(self) -> None:
        found = compare(book(hold(0, 1, 100)), 0, group(FEE))

        assert (found.unexplained_idr, found.causes) == (FEE, {})

    def test_a_balance_that_does_not_join_is_unexplained(self) -> None:
        found = compare(book(hold(0, 1, 100), hold(1, 1, 150)), 1)

        assert (found.printed_idr, found.broken_idr, found.unexplained_idr) == (50, 40, 40)
        asked = finding_of(found)
        assert (asked.kind, asked.key, asked.amount.amount) == ("balance_differs", "2026-11-03", 40)
        assert "berbeda Rp40 dari saldo akhir sehari sebelumnya" in asked.supports[1]

    def test_what_a_person_settled_is_decided_while_it_is_the_same(self) -> None:
        told = book(hold(0, 1, 100), hold(1, 1, 150))

        assert compare(told, 1, settled=40).causes == {
            Cause.DECIDED: Figure(count=1, amount_idr=40)
        }
        assert compare(told, 1, group(1), settled=40).unexplained_idr == 41


class TestABalance:
    def test_the_ledger_starts_with_the_first_printed_balance(self) -> None:
        told = book(hold(0, 2, 100))
        days = [compare(told, 0), compare(told, 1)]

        found = balance_of(told, days[1:], (1_000, 1_020))

        assert (found.since, found.printed_idr, found.ledger_idr) == (day(0), 120, 120)
        assert (found.brought_idr, found.causes, found.unexplained_idr) == (0, {}, 0)

    def test_what_was_apart_before_is_brought_and_all_adds_up(self) -> None:
        told = book(hold(0, 3, 100))
        late = group(FEE, evens_out=True)

        found = balance_of(told, [compare(told, 1, late)], (0, 10 + 4 + 17))

        assert (found.printed_idr, found.ledger_idr, found.difference_idr) == (120, 131, -11)
        assert (found.brought_idr, found.causes["other_day"].amount_idr) == (-4, FEE)
        assert found.difference_idr == -4 + FEE + found.unexplained_idr

    def test_what_evens_out_within_the_days_is_not_told(self) -> None:
        told = book(hold(0, 2, 100))
        moved = [group(each, evens_out=True) for each in (FEE, -FEE)]

        found = balance_of(told, [compare(told, 0, moved[0]), compare(told, 1, moved[1])], (0, 20))

        assert (found.difference_idr, found.causes) == (0, {})
