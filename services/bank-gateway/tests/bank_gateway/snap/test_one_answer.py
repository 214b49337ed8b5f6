"""Signed notifications, too, are settled by one answer of the bank (C10, C11, M8)."""

from datetime import timedelta
from typing import Any

import pytest

from bank_gateway.domain.bank import Outcome
from bank_gateway.models import VirtualAccount
from bni_protocol import moments
from bni_protocol.codes import Answer
from bni_protocol.fields import BillingState

EACH = 100_000


def rupiah(amount_idr: int) -> dict[str, str]:
    return {"value": f"{amount_idr}.00", "currency": "IDR"}


@pytest.fixture
async def account(bench: Any) -> Any:
    (account,) = await bench.register("o")
    return account


async def pay(bench: Any, snap: Any, account: VirtualAccount, no: int, *, total: bool) -> None:
    """The bank tells of its n-th payment, with or without the running total."""
    members = snap.payment(
        account,
        paymentRequestId=f"BAYAR-{no}",
        paidAmount=rupiah(EACH),
        cumulativePaymentAmount=rupiah(no * EACH) if total else None,
        journalNum=f"{no:06}",
        trxDateTime=moments.iso(bench.clock.now() + timedelta(seconds=no)),
    )
    assert await snap.told(members) == "2002500"


def bank_holds(bench: Any, account: VirtualAccount, count: int) -> None:
    state = BillingState(
        trx_id=account.trx_id,
        virtual_account=account.account_number,
        trx_amount_idr=0,
        paid_idr=count * EACH,
        active=True,
        payment_ntb=f"{count:06}",
        paid_at=bench.clock.now(),
    )
    bench.bank.script = [Outcome(Answer.DONE, "2003000", state=state)] * 20


async def verdicts(bench: Any) -> list[str]:
    found = sorted(await bench.payments(), key=lambda each: each.cumulative_idr)
    return [payment.verification for payment in found]


@pytest.mark.parametrize("total", [True, False], ids=["with the total", "without a total"])
async def test_c11_all_at_or_below_the_banks_total_are_verified_at_once(
    bench: Any, snap: Any, account: VirtualAccount, total: bool
) -> None:
    for no in range(1, 8):
        await pay(bench, snap, account, no, total=total)
    bank_holds(bench, account, 7)

    await bench.work()

    assert await verdicts(bench) == ["verified"] * 7
    assert bench.bank.calls == ["inquire"]


async def test_c11_what_the_bank_does_not_hold_yet_is_asked_about_again(
    bench: Any, snap: Any, account: VirtualAccount
) -> None:
    for no in (1, 2, 3):
        await pay(bench, snap, account, no, total=True)
    bank_holds(bench, account, 2)

    await bench.work()
    early = await verdicts(bench)
    bank_holds(bench, account, 3)
    await bench.heal(minutes=1)

    assert early == ["verified", "verified", "unverified"]
    assert await verdicts(bench) == ["verified"] * 3
