"""A bill becomes an account, money, a verified payment; over real HTTP, in both protocols."""

from typing import Any

import pytest


async def test_a_bill_is_opened_paid_and_verified(house: Any) -> None:
    invoice = await house.issue()
    (created,) = await house.until("va.created", invoice)

    paid = await house.pay(created.number, 1_250_000)

    (received,) = await house.until("payment.received", invoice)
    (verified,) = await house.until("payment.verified", invoice)
    (closed,) = await house.until("va.closed", invoice)
    assert paid["callback"] == "delivered"
    assert received.amount_idr == verified.amount_idr == 1_250_000
    assert received.bank_reference == verified.bank_reference == paid["payment_ntb"]
    assert closed.status == "paid"


@pytest.mark.parametrize(
    ("fault", "answered"),
    [
        pytest.param("answer_lost", {"000", "2002700"}, id="lost"),
        pytest.param("answer_timeout", {"010", "5042700"}, id="it took too long"),
    ],
)
async def test_i_an_answer_that_tells_nothing_opens_no_second_account(
    house: Any, fault: str, answered: set[str]
) -> None:
    await house.faults(**{fault: 1}, operations=["createbilling"])
    invoice = await house.issue()
    (unknown,) = await house.until("va.changed", invoice)

    await house.faults()
    (created,) = await house.until("va.created", invoice)

    (said,) = await house.creations(created.trx_id)
    assert (unknown.status, said in answered) == ("unknown", True)
    assert created.trx_id == unknown.trx_id


async def test_a_bank_that_comes_back_heals_the_bill_by_itself(house: Any) -> None:
    await house.faults(refuse_connections=True)
    invoice = await house.issue()
    (down,) = await house.until("va.changed", invoice)

    await house.faults()

    (created,) = await house.until("va.created", invoice)
    assert "Bank belum menjawab" in down.trouble
    assert (created.status, created.trouble) == ("active", None)


async def test_c3_a_duplicated_callback_is_one_payment(house: Any) -> None:
    invoice = await house.issue()
    (created,) = await house.until("va.created", invoice)
    await house.faults(duplicate=1)

    await house.pay(created.number, 1_250_000)

    await house.until("payment.verified", invoice)
    assert len(await house.until("payment.received", invoice)) == 1


async def test_c6_c7_corrupted_callbacks_still_end_in_the_true_payment(house: Any) -> None:
    invoice = await house.issue(777_777)
    (created,) = await house.until("va.created", invoice)
    await house.faults(corrupt=1)
    await house.pay(created.number, 777_777)

    await house.faults()

    verified = (await house.until("payment.verified", invoice))[-1]
    assert verified.amount_idr == 777_777


async def test_c6_c10_another_amount_well_signed_ends_in_the_true_payment(house: Any) -> None:
    invoice = await house.issue(777_777)
    (created,) = await house.until("va.created", invoice)
    await house.faults(other_amount=1)

    told = await house.pay(created.number, 777_777)
    await house.faults()

    (verified,) = await house.until("payment.verified", invoice)
    assert told["callback"] == "failed"
    assert verified.amount_idr == 777_777
