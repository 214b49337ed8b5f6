"""S, K1: the database itself refuses a move that the tables of states do not have."""

from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from shared.database import Sessions
from shared.principal import Principal

VERIFICATIONS = ("unverified", "verified", "disputed")
ALLOWED = {("unverified", "verified"), ("unverified", "disputed")}


async def is_allowed(sessions: Sessions, move: str) -> bool:
    """Tell whether a row may be moved, as the service itself would."""
    try:
        async with sessions.begin(Principal.system("bank-gateway")) as session:
            assert (await session.execute(text(f"{move} RETURNING id"))).first() is not None
    except IntegrityError as refused:
        return "cannot move from" not in str(refused)
    return True


@pytest.mark.parametrize("move", list(permutations(VERIFICATIONS, 2)))
async def test_s_a_verdict_on_a_payment_is_final(
    bench: Any, sessions: Sessions, forge: Any, move: tuple[str, str]
) -> None:
    await bench.told(bench.pay(await bench.open()))
    await forge(f"UPDATE payments SET verification = '{move[0]}'")

    allowed = await is_allowed(sessions, f"UPDATE payments SET verification = '{move[1]}'")

    assert allowed is (move in ALLOWED)


async def test_s_a_rejected_message_stays_rejected(bench: Any, sessions: Sessions) -> None:
    await bench.told(bench.pay(await bench.open()) | {"payment_amount": "7"})

    moves = [f"UPDATE quarantined_notices SET state = '{to}'" for to in ("rejected", "quarantined")]

    assert [await is_allowed(sessions, move) for move in moves] == [True, False]
