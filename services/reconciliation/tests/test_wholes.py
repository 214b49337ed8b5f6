"""A part of a payment told of before the whole: no rupiah is counted twice (C4, M8).

Whoever holds the bank's key tells of Rp400 of a payment of Rp1.000; the true message then overlaps
and is not believed, and the inquiry brings the other Rp600. The line prints Rp1.000.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tellings import Acts, House, Telling, every_order

from reconciliation.domain.matching import Comparison, Printed, Told, compare
from reconciliation.domain.wholes import unshown, within
from reconciliation.models import MoneyException
from shared.contracts.bank_gateway import VaInquired
from shared.money import Rupiah


def open_account(telling: Telling) -> Telling:
    """Its account takes any amount."""
    changes = {"billing_type": "o", "amount_idr": 0}
    telling.account = telling.account.model_copy(update=changes)
    return telling


def total(telling: Telling, bank_idr: int, *, after: int = 1) -> Any:
    """The bank is asked so many days after the story began."""
    last = telling.callback(bank_idr, "NTB777").paid_at
    return VaInquired.of(
        1,
        telling.house.clock.now(),
        telling.account.aggregate_id,
        trx_id=telling.account.trx_id,
        virtual_account=telling.account.number,
        customer_id=telling.customer.aggregate_id,
        invoice_id=None,
        billed_idr=0,
        bank_paid_idr=bank_idr,
        known_paid_idr=bank_idr,
        last_reference="NTB777",
        last_paid_at=last,
        state="active",
        asked_at=last + timedelta(days=after),
    )


def in_pieces(telling: Telling, *, plain: bool) -> Acts:
    part = telling.callback(400, "000099", paid_at=telling.callback(1, "").paid_at)
    rest = telling.callback(
        600, "NTB777", cumulative_idr=1_000, source="inquiry", verification="verified"
    )
    return {
        "part": telling.tell(part),
        "bank": telling.tell(telling.verified(part), rest, total(telling, 1_000)),
        "statement": telling.statement(telling.row(1_000, "NTB777", plain=plain)),
    }


@pytest.mark.parametrize("plain", [False, True], ids=["with its reference", "without"])
async def test_m8_what_the_bank_holds_once_is_counted_once_in_every_order(
    house: House, differing: Any, plain: bool
) -> None:
    ends = await every_order(house, lambda telling: in_pieces(open_account(telling), plain=plain))

    not_asked = ends[frozenset({"part", "statement"})]
    assert not_asked.total_idr == 1_000
    assert (400, "unverified", "000099", "bni_va", True) in not_asked.payments
    whole = ends[frozenset({"part", "bank", "statement"})]
    assert (whole.total_idr, whole.bills) == (1_000, Counter({(1_000, 1_000): 1}))
    assert Counter(row[:3] for row in whole.payments) == Counter(
        {(400, "verified", "000099"): 1, (600, "verified", "NTB777"): 1}
    )
    assert whole.exceptions == Counter({("amount_differs", 400): 1})
    assert await differing() == []


@pytest.fixture
async def telling(house: House) -> Telling:
    telling = open_account(house.open())
    await house.arrive(telling.customer, telling.bill, telling.account)
    for act in in_pieces(telling, plain=True).values():
        await act()
    return telling


async def test_the_person_is_told_what_fits(telling: Telling, rows: Any, inbox: Any) -> None:
    (found,) = [each for each in await rows(MoneyException) if each.closed_at is None]

    day = f"{telling.day:%d/%m/%Y}"
    assert found.evidence == (
        f"Mutasi {day} mencetak satu pembayaran Rp1.000 ke VA {telling.account.number}, tetapi"
        f" Rp1.000 di antaranya sudah diberitakan sebagai Rp400 (referensi 000099, {day}) + Rp600"
        f" (referensi NTB777, {day}). Uangnya dihitung satu kali."
    )
    assert found.bank_line_id is not None
    offered = (await inbox.one("amount_differs"))["actions"]
    assert [each["action"] if isinstance(each, dict) else each for each in offered] == ["explain"]


async def test_r3_money_that_comes_later_is_money_again(telling: Telling, rows: Any) -> None:
    """The bank's total grows with it, and the line of the whole stays one of pieces."""
    later = telling.callback(500, "NTB778", cumulative_idr=1_500, after=2)
    await telling.tell(later, telling.verified(later), total(telling, 1_500, after=3))()

    state = await telling.state()
    assert state.total_idr == 1_500
    assert ("amount_differs", 400) in state.exceptions


async def test_a_line_of_another_day_is_the_same_money_where_the_bank_holds_no_more(
    house: House, differing: Any
) -> None:
    def begin(telling: Telling) -> Acts:
        open_account(telling)
        payment = telling.callback(1_000, "NTB777")
        return {
            "told": telling.tell(payment, telling.verified(payment)),
            "total": telling.tell(total(telling, 1_000)),
            "statement": telling.statement(telling.row(1_000, "NTB777", 1, plain=True)),
        }

    ends = await every_order(house, begin)

    assert ends[frozenset({"told", "statement"})].total_idr == 1_000  # the bank was not asked yet
    whole = ends[frozenset({"told", "total", "statement"})]
    assert (whole.total_idr, whole.exceptions) == (1_000, Counter())
    assert await differing() == []


MONDAY = date(2026, 11, 16)


def message(amount: int, day: int = 0, *, is_sum: bool = False) -> Told:
    on = MONDAY + timedelta(days=day)
    facts = {"day": on, "reference": f"T{amount}", "is_sum": is_sum, "in_total": True}
    return Told(id=uuid4(), amount=Rupiah(amount), **facts)


def line(amount: int, day: int = 0) -> Printed:
    on = MONDAY + timedelta(days=day)
    facts = {"day": on, "words": frozenset[str](), "in_total": True}
    return Printed(id=uuid4(), amount=Rupiah(amount), **facts)


def held(comparison: Comparison) -> int:
    claims = sum(claim.amount.amount for claim in comparison.claims)
    return claims + comparison.proved.amount


@pytest.mark.parametrize(
    ("told", "printed", "bank_idr", "unclear"),
    [
        ([message(400), message(600, 1, is_sum=True)], [400, 300, 300], 1_000, 0),
        ([message(400), message(600, 1, is_sum=True)], [500, 500], 1_000, 1),
        ([message(200), message(500, 1, is_sum=True)], [400, 300], 700, 1),
        ([message(400), message(600, 1, is_sum=True)], [400, 300, 300], 1_400, 0),
        ([message(400), message(600, 1, is_sum=True)], [400, 300, 300], 1_300, 1),
    ],
)
def test_m8_lines_beside_a_sum_are_counted_no_higher_than_the_bank_holds(
    told: list[Told], printed: list[int], bank_idr: int, unclear: int
) -> None:
    """Lost callbacks were found as a sum; one was told of, and the statement dates it a day on."""
    lines = [line(each, 1) for each in printed]

    after, wholes = within(compare(told, lines), Rupiah(bank_idr))

    assert (held(after), len(wholes)) == (bank_idr, unclear)


def test_the_line_of_the_amount_told_shows_that_payment() -> None:
    told, lines = (
        [message(400), message(600, 1, is_sum=True)],
        [line(each, 1) for each in (400, 600)],
    )

    after, _ = within(compare(told, lines), Rupiah(1_000))

    (claim,) = [each for each in after.claims if each.told == told[0]]
    assert (claim.line, claim.differs) == (lines[0], False)


AMOUNTS = st.lists(st.sampled_from([300, 400, 600, 1_000]), max_size=4)


@given(st.data(), AMOUNTS, AMOUNTS, st.integers(0, 4_000))
def test_m8_the_books_never_hold_more_than_the_bank_while_a_line_may_be_what_was_told(
    data: st.DataObject, told: list[int], printed: list[int], bank_idr: int
) -> None:
    """Nor less than the bank where sources show it, nor less than what was told."""
    days, kinds = st.sampled_from([0, 1]), st.booleans()
    messages = [message(each, data.draw(days), is_sum=data.draw(kinds)) for each in told]
    lines = [line(each, data.draw(days)) for each in printed]
    before = compare(messages, lines)

    after, wholes = within(before, Rupiah(bank_idr))

    was, now = held(before), held(after)
    assert min(was, bank_idr) <= now <= was
    assert now >= sum(told)
    may_be_told = [claim for claim in after.claims if claim.told is None]
    may_be_told += [each for each in after.parts if after.unexplained[each.id]]
    open_ = [each for each in unshown(after) if after.unshown.get(each.id, each.amount)]
    assert now <= bank_idr or not (may_be_told and open_)
    assert all(sum(p.amount.amount for p in each.pieces) >= each.again.amount for each in wholes)


def test_what_the_bank_was_not_asked_about_stays_as_it_is() -> None:
    found = compare([Told(id=uuid4(), amount=Rupiah(1), day=date(2026, 1, 1), reference="A")], [])

    assert within(found, None) == (found, [])
