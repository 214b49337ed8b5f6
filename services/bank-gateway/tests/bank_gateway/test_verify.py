"""M8, M11: the rupiah of one billing are counted once, from zero, and all that the bank holds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from bank_gateway.models import VirtualAccount
from bank_gateway.store.verification import BOOKS
from bni_protocol.fields import Notification
from shared.database import Sessions
from shared.principal import Principal

NINE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CONTRACT = {"va_mode": "contract", "plan_id": UUID(int=0xA1), "total_idr": 1_000_000}
ALL_ASKED = "DELETE FROM work"
"""Nobody asks the bank any more, so nothing that is missing may still come by itself."""


@pytest.fixture
async def account(bench: Any) -> VirtualAccount:
    """A contract's account, on which 300.000 and 200.000 were paid."""
    await bench.customer()
    await bench.follow(bench.invoice(**CONTRACT))
    await bench.work()
    opened: VirtualAccount
    (opened,) = await bench.rows(VirtualAccount)
    for amount, total, ntb in ((300_000, 300_000, "000001"), (200_000, 500_000, "000002")):
        notice = Notification(
            trx_id=opened.trx_id,
            virtual_account=opened.account_number,
            customer_name="MAHMUD SULAIMAN",
            trx_amount_idr=opened.amount_idr,
            payment_amount_idr=amount,
            cumulative_idr=total,
            payment_ntb=ntb,
            paid_at=NINE,
        )
        assert await bench.told(notice.members()) == "000"
    return opened


class TestVerify:
    async def test_m11_an_honest_history_has_no_difference(
        self, differing: Any, account: VirtualAccount
    ) -> None:
        assert await differing() == []

    async def test_m8_a_gap_is_found(
        self, differing: Any, account: VirtualAccount, forge: Any
    ) -> None:
        await forge(ALL_ASKED, "DELETE FROM payments WHERE payment_ntb = '000001'")

        assert await differing() == [
            f"M8: trx_id {account.trx_id} di bawah 500000: seharusnya Rp0, tercatat Rp300.000"
        ]

    async def test_r2_a_gap_about_which_the_bank_is_still_asked_is_no_difference(
        self, differing: Any, account: VirtualAccount, forge: Any
    ) -> None:
        await forge("DELETE FROM payments WHERE payment_ntb = '000001'")

        assert await differing() == []

    async def test_m8_money_that_the_bank_holds_and_nobody_recorded_is_found(
        self, differing: Any, account: VirtualAccount, forge: Any
    ) -> None:
        await forge(ALL_ASKED, "UPDATE virtual_accounts SET bank_paid_idr = 500001")

        assert await differing() == [
            f"M8: trx_id {account.trx_id}: seharusnya Rp500.001, tercatat Rp500.000"
        ]

    async def test_m8_an_overlap_is_found_although_the_database_forbids_it(
        self, account: VirtualAccount, owner_sessions: Sessions
    ) -> None:
        async with owner_sessions.begin(Principal.system("owner")) as session:
            await session.execute(
                text("ALTER TABLE payments DROP CONSTRAINT payments_do_not_overlap")
            )
            await session.execute(
                text("UPDATE payments SET amount_idr = 200001 WHERE payment_ntb = '000002'")
            )
            found = [str(each) for check in BOOKS.checks for each in await check.find(session)]
            await session.rollback()

        assert found == [
            f"M8: trx_id {account.trx_id} pembayaran 000002:"
            " seharusnya Rp300.000, tercatat Rp299.999"
        ]
