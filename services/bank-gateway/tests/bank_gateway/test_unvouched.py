"""A statement shows money that the bank did not tell of: the bank is asked at once (M8, R3)."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from bank_gateway.domain.bank import Outcome
from bank_gateway.handlers.accounts import ask_about
from bank_gateway.models import VirtualAccount, Work
from bni_protocol.codes import Answer
from shared.contracts.reconciliation import LineUnvouched


def shows(bench: Any, number: str) -> LineUnvouched:
    facts = {"virtual_account": number, "amount_idr": 1_000, "day": date(2026, 11, 23)}
    return LineUnvouched.of(1, bench.clock.now(), uuid4(), **facts)


@pytest.fixture
async def account(bench: Any) -> VirtualAccount:
    """The own account of a customer, open at the bank."""
    await bench.customer()
    await bench.follow(bench.invoice(va_mode="customer"))
    await bench.work()
    (opened,) = await bench.rows(VirtualAccount)
    bench.bank.calls.clear()
    return opened


async def test_the_bank_is_asked_about_the_account(bench: Any, account: VirtualAccount) -> None:
    await bench.handle(ask_about, shows(bench, account.number))
    await bench.work()

    assert bench.bank.calls == ["inquire"]
    assert (await bench.events("va.inquired"))[-1].asked_at == bench.clock.now()


async def test_m8_every_billing_under_the_number_is_asked_about(
    bench: Any, account: VirtualAccount
) -> None:
    """The total of an account is that of all its billings, also of one that is over (ADR-0025)."""
    bench.clock.move_to(account.expires_at + timedelta(minutes=2))
    await bench.work()
    billings = await bench.rows(VirtualAccount)
    bench.bank.calls.clear()
    bench.clock.move_to(bench.clock.now() + timedelta(hours=1))

    await bench.handle(ask_about, shows(bench, account.number))
    await bench.work()

    assert len(billings) == 2
    assert bench.bank.calls == ["inquire", "inquire"]


async def test_a_number_of_nobody_is_not_asked_about(bench: Any, account: VirtualAccount) -> None:
    await bench.handle(ask_about, shows(bench, "8810000000000000"))
    await bench.work()

    assert bench.bank.calls == []


async def test_an_account_that_is_being_opened_is_left_to_that(bench: Any) -> None:
    await bench.customer()
    await bench.follow(bench.invoice())
    bench.bank.script.append(Outcome(Answer.LATER))
    await bench.work()
    before = await bench.rows(Work)
    (account,) = await bench.rows(VirtualAccount)

    await bench.handle(ask_about, shows(bench, account.account_number))

    assert account.number is None
    assert [(each.kind, each.due_at) for each in await bench.rows(Work)] == [
        (each.kind, each.due_at) for each in before
    ]
