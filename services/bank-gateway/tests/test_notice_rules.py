"""Whether a notice agrees with itself and with the billing we registered (C4, C6, M8)."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from bank_gateway.domain.notice import (
    Contradiction,
    Notice,
    Origin,
    Registered,
    contradiction,
)
from bni_protocol.fields import BillingType

NOTICE = Notice(
    origin=Origin("001", "127.0.0.1"),
    trx_id="T-1",
    virtual_account="8001000000000001",
    payer_name="MAHMUD SULAIMAN",
    billed_idr=500_000,
    amount_idr=500_000,
    cumulative_idr=500_000,
    payment_ntb="012345",
    paid_at=datetime(2026, 11, 23, 2, tzinfo=UTC),
)
REGISTERED = Registered(
    account_id=UUID(int=1),
    virtual_account="8001000000000001",
    billing_type=BillingType.FIXED,
    amounts_idr=frozenset({500_000}),
    holder_name="Mahmud Sulaiman",
    customer_id=UUID(int=2),
    invoice_id=UUID(int=3),
    plan_id=None,
)


class TestByItself:
    def test_c6_a_payment_of_nothing_is_none(self) -> None:
        assert contradiction(replace(NOTICE, amount_idr=0), None) is Contradiction.AMOUNT_ZERO

    def test_m8_the_total_holds_the_payment(self) -> None:
        short = replace(NOTICE, cumulative_idr=499_999)

        assert contradiction(short, None) is Contradiction.CUMULATIVE

    def test_m8_a_total_nobody_told_contradicts_nothing(self) -> None:
        assert contradiction(replace(NOTICE, cumulative_idr=None), None) is None


class TestAgainstTheBilling:
    @pytest.mark.parametrize(
        ("kind", "billed", "amount", "total", "legal"),
        [
            ("c", 500, 500, 500, True),
            ("c", 500, 500, None, True),
            ("c", 500, 499, 499, False),
            ("c", 500, 500, 1000, False),
            ("o", 0, 123, 456, True),
            ("o", 500, 500, 500, False),
            ("i", 500, 200, 500, True),
            ("i", 500, 200, 501, False),
            ("m", 500, 600, 600, True),
            ("m", 500, 600, 1200, False),
            ("n", 500, 500, 1500, True),
            ("n", 500, 499, 499, False),
            ("x", 500, 500, 1500, True),
            ("x", 500, 501, 501, False),
        ],
    )
    def test_c4_the_amount_is_legal_for_the_type(
        self, kind: str, billed: int, amount: int, total: int | None, legal: bool
    ) -> None:
        told = replace(NOTICE, billed_idr=billed, amount_idr=amount, cumulative_idr=total)
        ours = replace(REGISTERED, billing_type=BillingType(kind), amounts_idr=frozenset({billed}))

        assert contradiction(told, ours) is (None if legal else Contradiction.TYPE)

    def test_c4_the_account_and_the_billed_amount_are_ours(self) -> None:
        elsewhere = replace(NOTICE, virtual_account="8001000000000002")
        other = replace(NOTICE, billed_idr=1, amount_idr=1, cumulative_idr=1)

        assert contradiction(elsewhere, REGISTERED) is Contradiction.ACCOUNT
        assert contradiction(other, REGISTERED) is Contradiction.BILLED
        assert contradiction(NOTICE, REGISTERED) is None
