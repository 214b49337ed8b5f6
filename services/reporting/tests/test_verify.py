"""M10, M11: what all Marketing see of their own together is what Admin sees."""

from __future__ import annotations

from typing import Any

import pytest

from reporting.store.verification import recap_differences
from shared.database import Sessions
from shared.principal import Principal
from shared.testing import SARI, WAWAN

MAHMUD, SITI = "Bapak Mahmud Sulaiman", "Ibu Siti Aminah"
STRANGER = "00000000-0000-0000-0000-00000000dead"


@pytest.fixture
async def town(company: Any) -> Any:
    await company.tell(
        company.user(WAWAN),
        company.user(SARI),
        company.customer(MAHMUD),
        company.customer(SITI, SARI),
        company.invoice("000001", MAHMUD, 1_000_000),
        company.payment("A", MAHMUD, 400_000, {"000001": 400_000}),
        company.invoice("000002", SITI, 500_000),
        company.payment("B", SITI, 600_000, {"000002": 500_000}),
        company.payment("X", None, 70_000, {}),
    )
    return company


class TestVerify:
    async def test_m11_an_honest_history_has_no_difference(self, differing: Any, town: Any) -> None:
        assert await differing() == []

    async def test_m10_a_bill_in_nobodys_recap_is_found(
        self, differing: Any, town: Any, forge: Any
    ) -> None:
        await forge(f"UPDATE invoices SET customer_id = '{STRANGER}' WHERE total_idr = 1000000")

        assert await differing() == [
            "M10: tagihan INV/2026/12/000001 tidak ada di rekap Marketing mana pun:"
            " seharusnya Rp1.000.000, tercatat Rp0",
            "M10: alokasi ke tagihan INV/2026/12/000001 ada di rekap Marketing lain:"
            " seharusnya Rp400.000, tercatat Rp0",
            "M10: rekap Bapak Wawan: terbayar: seharusnya Rp400.000, tercatat Rp0",
            "M10: tanpa Marketing: ditagih: seharusnya Rp0, tercatat Rp1.000.000",
            "M10: tanpa Marketing: terbayar: seharusnya Rp0, tercatat Rp400.000",
            "M10: semua Marketing bersama: ditagih: seharusnya Rp1.500.000, tercatat Rp500.000",
        ]

    async def test_m10_a_payment_in_another_ones_recap_is_found(
        self, differing: Any, town: Any, forge: Any
    ) -> None:
        await forge(
            f"UPDATE payments SET customer_id = '{town.id(MAHMUD)}' WHERE amount_idr = 600000"
        )

        (found, *_rest) = await differing()
        assert found.startswith("M10: alokasi ke tagihan INV/2026/12/000002")

    async def test_m10_a_marketing_who_sees_too_much_is_found(
        self, town: Any, owner_sessions: Sessions
    ) -> None:
        """An administrator of the database is bound by no row-level security: all see all."""
        async with owner_sessions.begin(Principal.system("owner")) as session:
            found = list(map(str, await recap_differences(session)))

        assert found[0] == (
            "M10: rekap Bapak Wawan: ditagih: seharusnya Rp1.500.000, tercatat Rp1.000.000"
        )
