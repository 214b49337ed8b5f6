"""What we do about every status code of eCollection, for every operation (protocol, section 7)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete
from sqlmodel import select

from bank_gateway.domain.bank import Outcome
from bank_gateway.ecollection import outcome_of
from bank_gateway.models import CallPause, Work
from bni_protocol.codes import MESSAGES, Answer

REFUSED = [
    *("001", "002", "004", "005", "006", "007", "011", "012", "013", "014", "015", "016", "017"),
    *("107", "108", "200", "201", "801", "998"),
]
DIFFERS = ["100", "103", "104", "105"]
LATER = ["008", "009", "010", "997", "999", "042", ""]
"""Also a code that nobody documented, and no answer at all."""

DAY_LIMIT, INQUIRY_LIMIT, MISSING, NUMBER_TAKEN = ["110"], ["996"], ["101"], ["102"]
SOON = (timedelta(), timedelta(seconds=1))
NOW = (timedelta(), timedelta())
UNCLEAR = "Bank belum menjawab"
LIMITED = "Bank sedang membatasi"
REJECTED = "Bank menolak permintaan ini (kode {code})"


@dataclass(frozen=True)
class Expected:
    """What follows one answer.

    Attributes:
        status: of the account, or the verification of the payment.
        trouble: how the words that people see begin; None when there are none.
        next_call: the bank's operation that the work goes on with; None when the work is over.
        pause: how long it waits, at least and at most.
    """

    status: str
    trouble: str | None = None
    next_call: str | None = None
    pause: tuple[timedelta, timedelta] = NOW


def answer(code: str) -> Outcome:
    return outcome_of(code) if code else Outcome(Answer.LATER)


def test_the_table_has_every_code_of_the_document_once() -> None:
    rows = [REFUSED, DIFFERS, LATER, DAY_LIMIT, INQUIRY_LIMIT, MISSING, NUMBER_TAKEN]
    codes = [code for row in rows for code in row]

    assert sorted(codes) == sorted([*MESSAGES, "042", ""][1:])  # all but 000


async def opening(bench: Any, code: str) -> Any:
    account = await bench.issue(number=f"INV/{code}")
    bench.bank.script = [answer(code)]
    await bench.worker.step()
    return account, "open", (await bench.account(account.invoice_id)).status


async def opening_asked(bench: Any, code: str) -> Any:
    account = await bench.issue(number=f"INV/{code}")
    bench.bank.script = [outcome_of("105"), answer(code)]
    await bench.worker.step()
    await bench.worker.step()
    return account, "open", (await bench.account(account.invoice_id)).status


async def updating(bench: Any, code: str) -> Any:
    account = await bench.open(number=f"INV/{code}")
    await bench.follow(bench.invoice(id=account.invoice_id, version=2, total_idr=900_000))
    bench.bank.script = [answer(code)]
    await bench.worker.step()
    kept = await bench.account(account.invoice_id)
    return account, "update", f"{kept.status} {kept.amount_idr}"


async def deactivating(bench: Any, code: str) -> Any:
    account = await bench.open(number=f"INV/{code}")
    await bench.follow(bench.invoice(id=account.invoice_id, version=2, status="cancelled"))
    bench.bank.script = [answer(code)]
    await bench.worker.step()
    return account, "deactivate", (await bench.account(account.invoice_id)).status


async def watching(bench: Any, code: str) -> Any:
    account = await bench.open(number=f"INV/{code}")
    await bench.ask(account)
    bench.bank.script = [answer(code)]
    await bench.worker.step()
    return account, "watch", (await bench.account(account.invoice_id)).status


async def verifying(bench: Any, code: str) -> Any:
    account = await bench.open(number=f"INV/{code}")
    await bench.told(bench.pay(account))
    bench.bank.script = [answer(code)]
    await bench.worker.step()
    (paid,) = [p for p in await bench.payments() if p.trx_id == account.trx_id]
    return account, "verify", paid.verification


Step = Callable[[Any, str], Awaitable[Any]]
DONE = ["000"]
DAILY = (timedelta(days=1), timedelta(days=1))
MINUTE = (timedelta(minutes=1), timedelta(minutes=1))
OLD = "active 1250000"
UNTOUCHED = Expected("unverified", None, "inquire", SOON)
TABLE: list[tuple[Step, list[str], Expected]] = [
    (opening, REFUSED, Expected("failed", REJECTED)),
    (opening, DIFFERS + MISSING, Expected("requested", None, "inquire")),
    (opening, NUMBER_TAKEN, Expected("requested", None, "create")),
    (opening, LATER, Expected("unknown", UNCLEAR, "inquire", SOON)),
    (opening, DAY_LIMIT, Expected("unknown", LIMITED, "inquire", SOON)),
    (opening, INQUIRY_LIMIT, Expected("unknown", LIMITED, "inquire", SOON)),
    (opening_asked, REFUSED, Expected("requested", REJECTED, "inquire", SOON)),
    (opening_asked, MISSING, Expected("requested", None, "create")),
    (opening_asked, DIFFERS + NUMBER_TAKEN + LATER,
     Expected("requested", UNCLEAR, "inquire", SOON)),
    (opening_asked, DAY_LIMIT, Expected("requested", LIMITED, "inquire", SOON)),
    (opening_asked, INQUIRY_LIMIT, Expected("requested", LIMITED, "inquire", SOON)),
    (updating, REFUSED, Expected(OLD, REJECTED)),
    (updating, DIFFERS + MISSING + NUMBER_TAKEN, Expected(OLD, None, "update", SOON)),
    (updating, LATER, Expected(OLD, UNCLEAR, "inquire", SOON)),
    (updating, DAY_LIMIT, Expected(OLD, LIMITED, "update", SOON)),
    (updating, INQUIRY_LIMIT, Expected(OLD, LIMITED, "update", SOON)),
    (deactivating, REFUSED, Expected("active", REJECTED)),
    (deactivating, DIFFERS + MISSING + NUMBER_TAKEN,
     Expected("active", None, "deactivate", SOON)),
    (deactivating, LATER, Expected("active", UNCLEAR, "deactivate", SOON)),
    (deactivating, DAY_LIMIT, Expected("active", LIMITED, "deactivate", SOON)),
    (watching, MISSING, Expected("active", "Bank tidak mengenal", "inquire", DAILY)),
    (watching, REFUSED + DIFFERS + NUMBER_TAKEN + LATER,
     Expected("active", None, "inquire", SOON)),
    (watching, DAY_LIMIT, Expected("active", None, "inquire", SOON)),
    (watching, INQUIRY_LIMIT, Expected("active", None, "inquire", SOON)),
    (verifying, MISSING, Expected("unverified", None, "inquire", MINUTE)),
    (verifying, REFUSED + DIFFERS + NUMBER_TAKEN + LATER, UNTOUCHED),
    (verifying, DAY_LIMIT, UNTOUCHED),
    (verifying, INQUIRY_LIMIT, UNTOUCHED),
    (opening, DONE, Expected("active")),
    (updating, DONE, Expected("active 900000")),
    (deactivating, DONE, Expected("cancelled")),
]  # fmt: skip
IDS = [f"{step.__name__}-{'-'.join(codes)[:23]}" for step, codes, _ in TABLE]


@pytest.mark.parametrize(("step", "codes", "expected"), TABLE, ids=IDS)
async def test_what_follows_each_code(
    bench: Any, step: Step, codes: list[str], expected: Expected
) -> None:
    for code in codes:
        if code == "000":
            bench.bank.script = []
        account, kind, status = await step(bench, code)
        await agrees(bench, account, kind, status, code, expected)
        await forget_work(bench)


async def agrees(
    bench: Any, account: Any, kind: str, status: str, code: str, expected: Expected
) -> None:
    trouble = (await bench.account(account.invoice_id)).trouble
    wanted = expected.trouble
    rows = [work for work in await bench.rows(Work) if work.kind == kind]

    assert status == expected.status, code
    assert trouble is None if wanted is None else trouble.startswith(wanted.format(code=code)), code
    assert [work.call for work in rows] == [expected.next_call] * (expected.next_call is not None)
    for work in rows:
        least, most = expected.pause
        assert least <= work.due_at - bench.clock.now() <= most, code


async def forget_work(bench: Any) -> None:
    async with bench.sessions.begin(bench.worker.principal) as session:
        await session.execute(delete(Work))


PAUSES = [
    (opening, "110", {"create": timedelta(hours=15)}),
    (updating, "110", {"update": timedelta(hours=15)}),
    (deactivating, "110", {"deactivate": timedelta(hours=15)}),
    (watching, "110", {"inquire": timedelta(hours=15)}),
    (watching, "996", {"inquire": timedelta(minutes=15)}),
    (verifying, "996", {"inquire": timedelta(minutes=15)}),
    (opening, "997", {}),
    (watching, "101", {}),
]


@pytest.mark.parametrize(("step", "code", "pauses"), PAUSES)
async def test_r2_which_operation_rests_for_all_and_until_when(
    bench: Any, step: Step, code: str, pauses: dict[str, timedelta]
) -> None:
    await step(bench, code)  # at nine in the morning in Jakarta

    async with bench.sessions.begin(bench.worker.principal) as session:
        rows = (await session.exec(select(CallPause))).all()
    assert {row.call: row.until - bench.clock.now() for row in rows} == pauses


@pytest.mark.parametrize("step", [updating, deactivating])
@pytest.mark.parametrize("code", ["103", "101"])
async def test_a_state_that_differs_is_asked_about_at_once(
    bench: Any, step: Step, code: str
) -> None:
    await step(bench, code)

    watch = {work.kind: work for work in await bench.rows(Work)}["watch"]
    assert (watch.call, watch.due_at) == ("inquire", bench.clock.now())
