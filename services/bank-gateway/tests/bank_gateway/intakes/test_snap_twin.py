"""What many SNAP payments at once bring about is what one after another does (C3, C6, C10, M8)."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlmodel import select

from bank_gateway.handlers.snap_intake import SnapIntake
from bank_gateway.handlers.snap_payment import SnapPayments
from bank_gateway.models import SnapAnswer, VirtualAccount
from shared.database import Sessions
from shared.principal import Principal
from snap_protocol.fields import SnapProblem
from snap_protocol.fields import amount as rupiah
from snap_protocol.receiving import Signed

FAST, SLOW = "FAST", "SLOW"
SOURCE = "127.0.0.1"


CHANGES: tuple[dict[str, Any], ...] = (
    {},
    {},
    {},
    {"paidAmount": rupiah(400), "cumulativePaymentAmount": rupiah(400)},
    {"paidAmount": rupiah(600), "journalNum": "000002"},
    {"cumulativePaymentAmount": None},
    {"trxId": None},
    {"trxId": "ASING-1"},
    {"virtualAccountName": "ORANG LAIN"},
    {"totalAmount": rupiah(999)},
    {"paidAmount": rupiah(0)},
    {"trxDateTime": "2027-11-23T09:00:00+07:00"},
    {"trxDateTime": None, "journalNum": None},
    {"flagAdvise": "?"},
    {"customerNo": "999999999999", "virtualAccountNo": "8001999999999999"},
)
MESSAGES = st.tuples(
    st.integers(0, 2), st.integers(0, len(CHANGES) - 1), st.integers(0, 5), st.integers(0, 5)
)
BATCHES = st.lists(st.lists(MESSAGES, max_size=8), min_size=1, max_size=2)


def message(
    told_by_bank: Any, account: VirtualAccount, run: str, told: tuple[int, int, int]
) -> Signed:
    """A payment of all that is asked, changed, under the n-th name and the m-th number."""
    change, name, number = told
    named = {"paymentRequestId": f"{run}-{name}", "journalNum": f"{name:06}"}
    external_id = f"{int(run[4:], 16)}{number}"
    signed: Signed = told_by_bank(account, external_id, **named | CHANGES[change])
    return signed


@pytest.fixture
def fast(snap_intake: SnapIntake) -> SnapIntake:
    return snap_intake


@pytest.fixture
def slow(fast: SnapIntake) -> SnapPayments:
    return SnapPayments(fast.payments.sessions, fast.payments.vault, "001", SLOW)


async def answer(taker: SnapIntake | SnapPayments, signed: Signed, run: str) -> list[str]:
    try:
        told = await taker.take(signed, SOURCE)
    except SnapProblem as problem:
        return [type(problem).__name__]
    return [told.outcome, told.code, told.body.decode().replace(run, "R")]


async def kept(sessions: Sessions, partner_id: str, run: str) -> list[tuple[Any, ...]]:
    async with sessions.begin(Principal.system("bank-gateway")) as session:
        query = select(SnapAnswer).where(SnapAnswer.partner_id == partner_id)
        rows = (await session.exec(query)).all()
    ours = [each for each in rows if each.answer.decode().count(run)]
    return sorted((each.day, each.external_id[-1], each.code) for each in ours)


@examples(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(kinds=st.text("cio", min_size=3, max_size=3), batches=BATCHES)
async def test_c3_c6_c10_m8_a_batch_gives_what_its_slow_twin_gives(
    bench: Any,
    told_by_bank: Any,
    fast: SnapIntake,
    slow: SnapPayments,
    brought_about: Any,
    kinds: str,
    batches: list[list[tuple[int, int, int, int]]],
) -> None:
    ours, theirs = await bench.register(kinds), await bench.register(kinds)
    run, twin = f"{FAST}{uuid4().hex[:12]}", f"{SLOW}{uuid4().hex[:12]}"

    for batch in batches:
        at_once = [message(told_by_bank, ours[which], run, told) for which, *told in batch]
        answers = await asyncio.gather(*(answer(fast, each, run) for each in at_once))
        expected = [
            await answer(slow, message(told_by_bank, theirs[which], twin, told), twin)
            for which, *told in batch
        ]
        names = {each.account_number[4:]: "N" for each in [*ours, *theirs]}
        assert [nameless(each, names) for each in answers] == [
            nameless(each, names) for each in expected
        ]

    for one, other in zip(ours, theirs, strict=True):
        found = await brought_about(one, **{run: "R", one.account_number[4:]: "C"})
        assert found == await brought_about(other, **{twin: "R", other.account_number[4:]: "C"})
    sessions = fast.payments.sessions
    assert await kept(sessions, FAST, run) == await kept(sessions, SLOW, twin)


def nameless(words: list[str], names: dict[str, str]) -> list[str]:
    for name, sign in names.items():
        words = [each.replace(name, sign) for each in words]
    return words


async def test_the_comparison_sees_a_batch_and_its_answer(
    bench: Any, told_by_bank: Any, fast: SnapIntake, brought_about: Any
) -> None:
    (account,) = await bench.register("c")

    told = await fast.take(message(told_by_bank, account, f"{FAST}0a", (0, 1, 1)), SOURCE)

    assert (told.outcome, told.code) == ("received", "2002500")
    found = await brought_about(account)
    assert {what: len(rows) for what, rows in found.items()} == {
        "payments": 1, "notices": 0, "events": 1, "audit": 1, "work": 1, "exchanges": 1
    }  # fmt: skip
    assert await kept(fast.payments.sessions, FAST, f"{FAST}0a")
