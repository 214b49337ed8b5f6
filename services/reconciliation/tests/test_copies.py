"""Copies of virtual accounts: the newest state wins, whatever its order (E5)."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from reconciliation.models import VirtualAccount
from reconciliation.store.copies import CustomerNotFound
from shared.contracts.bank_gateway import VaChanged, VaClosed
from shared.tables import AuditEntry


class TestVirtualAccounts:
    async def test_e1_e5_any_order_ends_alike(self, story: Any, arrive: Any, find: Any) -> None:
        for order in permutations(range(3)):
            customer = story.customer()
            created = story.account(customer.aggregate_id)
            changed = story.next(created, VaChanged, amount_idr=700)
            closed = story.next(changed, VaClosed, status="cancelled")
            await arrive(customer)

            events = [created, changed, closed]
            await arrive(*(events[index] for index in order))

            kept = await find(VirtualAccount, created.aggregate_id)
            assert (kept.version, kept.amount_idr, kept.status) == (3, 700, "cancelled")
            assert (kept.number, kept.ended_at) == (created.number, closed.occurred_at)

    async def test_an_expired_one_ended_when_it_expired(
        self, story: Any, arrive: Any, find: Any, clock: Any
    ) -> None:
        customer = story.customer()
        end = clock.now() - timedelta(days=2)
        account = story.account(customer.aggregate_id, status="expired", expires_at=end)

        await arrive(customer, account)

        assert (await find(VirtualAccount, account.aggregate_id)).ended_at == end

    async def test_e1_of_a_customer_who_has_not_arrived_waits(
        self, story: Any, arrive: Any, rows: Any
    ) -> None:
        with pytest.raises(CustomerNotFound):
            await arrive(story.account(story.customer().aggregate_id))

        assert await rows(VirtualAccount) == await rows(AuditEntry) == []
