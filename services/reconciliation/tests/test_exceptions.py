"""What needs a person: one is open per kind and key, whoever asks and however often."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from reconciliation.domain.exception import ExceptionKind, Finding
from reconciliation.handlers.exceptions import close_exception, open_exception
from reconciliation.models import MoneyException
from shared.contracts.reconciliation import ExceptionClosed, ExceptionOpened
from shared.database import Sessions
from shared.money import Rupiah
from shared.principal import Principal

SYSTEM = Principal.system("reconciliation")
MISSING = ExceptionKind.MISSING_HERE


def finding(amount: int = 500, **more: Any) -> Finding:
    facts = {"evidence": "Baris mutasi tanpa pembayaran.", "facts": {"line": 7}}
    return Finding(kind=MISSING, key="line 7", amount=Rupiah(amount), **facts | more)


@pytest.fixture
def ask(sessions: Sessions) -> Any:
    """``await ask(finding)``: open it in a transaction of its own."""

    async def once(found: Finding) -> None:
        async with sessions.begin(SYSTEM) as session:
            await open_exception(session, found)

    return once


class TestAskingForAPerson:
    async def test_it_keeps_the_evidence_for_and_against(self, ask: Any, rows: Any) -> None:
        line = uuid4()

        await ask(finding(bank_line_id=line, supports=("a", "b"), contradicts=("c",)))

        (found,) = await rows(MoneyException)
        assert (found.kind, found.key, found.bank_line_id) == ("missing_here", "line 7", line)
        assert (found.supports, found.contradicts, found.facts) == (["a", "b"], ["c"], {"line": 7})

    async def test_twice_is_once(self, ask: Any, rows: Any, told: Any) -> None:
        await ask(finding())
        await ask(finding())

        assert len(await rows(MoneyException)) == 1
        assert len(await told(ExceptionOpened)) == 1

    async def test_k1_two_at_once_are_one(self, ask: Any, rows: Any) -> None:
        await asyncio.gather(*(ask(finding()) for _ in "ab"))

        assert len(await rows(MoneyException)) == 1

    async def test_another_amount_brings_the_open_one_up_to_date(
        self, ask: Any, rows: Any, told: Any
    ) -> None:
        await ask(finding(500))
        await ask(finding(700, evidence="Dua baris."))

        (found,) = await rows(MoneyException)
        assert (found.amount_idr, found.evidence, found.version) == (700, "Dua baris.", 2)
        assert [event.amount_idr for event in await told(ExceptionOpened)] == [500, 700]

    async def test_a_closed_one_opens_anew(
        self, ask: Any, rows: Any, told: Any, sessions: Sessions
    ) -> None:
        await ask(finding())
        async with sessions.begin(SYSTEM) as session:
            assert await close_exception(session, MISSING, "line 7", "Sudah tercatat.")
            assert not await close_exception(session, MISSING, "line 7", "Sudah tercatat.")

        await ask(finding())

        found = sorted(await rows(MoneyException), key=lambda item: item.closed_at is None)
        assert [item.outcome for item in found] == ["Sudah tercatat.", None]
        assert [event.outcome for event in await told(ExceptionClosed)] == ["Sudah tercatat."]
