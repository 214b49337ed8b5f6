"""Money on a billing that the bank keeps for us and that we never registered (C5, M8, M9)."""

from __future__ import annotations

from datetime import timedelta

from town import Town, untruths
from town.people import Company
from town.truth import payments

from bni_protocol.fields import BillingType


async def test_c5_m9_that_the_bank_confirms_is_in_suspense_and_verify_is_green(
    town: Town,
) -> None:
    company = Company(town)
    number = await company.open_unregistered(750_000)

    await company.pay_number(number, 750_000)
    await town.pass_time(timedelta(days=1))

    (booked,) = await payments(town)
    assert (booked["amount_idr"], booked["customer"]) == (750_000, None)
    assert booked["verification"] == "verified"
    assert await untruths(town) == []


async def test_r2_m8_of_which_a_callback_was_lost_is_found_below_the_one_that_came(
    town: Town,
) -> None:
    company = Company(town)
    number = await company.open_unregistered(750_000, BillingType.INSTALLMENT)
    await town.faults(drop=1)
    await company.pay_number(number, 500_000)
    await town.faults()
    await company.pay_number(number, 250_000)

    await town.pass_time(timedelta(days=1))

    assert sorted(payment["amount_idr"] for payment in await payments(town)) == [250_000, 500_000]
    assert await untruths(town) == []
