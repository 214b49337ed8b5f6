"""Each of the six billing types, opened, paid and asked about over either protocol (section 5)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bank_gateway.domain.bank import Bank, Inquiry
from bank_gateway.ecollection import ECollection
from bank_gateway.snap import Snap
from bank_gateway.snap_line import Line
from bni_protocol.cipher import Key
from bni_protocol.codes import Answer
from bni_protocol.fields import Billing, BillingType
from bni_sandbox.api.context import Sandbox
from bni_sandbox.main import build_app
from bni_sandbox.settings import Settings
from shared.clock import FrozenClock
from shared.http import HttpClient

NUMBER = "8001000000000001"
END = datetime(2027, 1, 31, 16, 59, 59, tzinfo=UTC)
BILL = Billing(
    trx_id="T1",
    trx_amount_idr=100_000,
    customer_name="MAHMUD SULAIMAN",
    virtual_account=NUMBER,
    expires_at=END,
    description="INV/2026/11/000001",
)
TYPES = [  # letter, billed, what is paid, what is not taken after it, payable still
    ("c", 100_000, [100_000], 100_000, False),
    ("o", 0, [1, 250_000], None, True),
    ("i", 100_000, [40_000, 50_000], 10_001, True),
    ("m", 100_000, [150_000], 100_000, False),
    ("n", 100_000, [100_000, 250_000], 99_999, True),
    ("x", 100_000, [100_000, 1], 100_001, True),
]


@pytest.fixture(params=["ecollection", "snap"])
def bank(
    request: pytest.FixtureRequest,
    line: Line,
    sandbox: Sandbox,
    settings: Settings,
    clock: FrozenClock,
) -> Bank:
    if request.param == "snap":
        return Snap(line)
    client = HttpClient("http://bank", httpx.ASGITransport(build_app(sandbox)))
    key = Key(settings.client_id, settings.secret_key.get_secret_value())
    return ECollection(client, [key], settings.prefix, clock)


def of_type(letter: str, billed_idr: int) -> Billing:
    return replace(BILL, billing_type=BillingType(letter), trx_amount_idr=billed_idr)


@pytest.mark.parametrize(("letter", "billed", "payments", "refused", "payable"), TYPES)
async def test_is_opened_paid_and_told_of(
    bank: Bank,
    client: Any,
    clock: FrozenClock,
    letter: str,
    billed: int,
    payments: list[int],
    refused: int | None,
    payable: bool,
) -> None:
    since = clock.now()
    created = await bank.create(of_type(letter, billed))
    paid = []
    for amount in payments:
        clock.advance(timedelta(minutes=1))
        paid.append((await client.pay(NUMBER, amount)).json()["payment_ntb"])

    state = (await bank.inquire(Inquiry("T1", NUMBER, since=since))).state

    assert (created.answer, created.virtual_account) == (Answer.DONE, NUMBER)
    assert state is not None
    assert (state.trx_amount_idr, state.paid_idr) == (billed, sum(payments))
    assert (state.payment_ntb, state.active) == (paid[-1], payable)
    assert state.paid_at == clock.now()
    if refused is not None:
        assert (await client.pay(NUMBER, refused)).status_code == 409


@pytest.mark.parametrize("letter", ["i", "o"])
async def test_an_account_that_is_paid_many_times_is_renewed(
    bank: Bank, client: Any, letter: str
) -> None:
    """What ADR-0025 rests on: an update moves the end, and an inquiry tells it."""
    billing = of_type(letter, 100_000 if letter == "i" else 0)
    await bank.create(billing)
    await client.pay(NUMBER, 40_000)
    later = replace(billing, expires_at=END + timedelta(days=365))

    updated = await bank.update(later)
    state = (await bank.inquire(Inquiry("T1", NUMBER))).state

    assert updated.answer is Answer.DONE
    assert state is not None
    assert state.has_terms(later.trx_amount_idr, later.expires_at)
    assert not state.has_terms(later.trx_amount_idr, END)
    (kept,) = (await client.http.get("/simulate/billings")).json()
    assert kept["description"] == billing.description  # an update overwrites what it leaves out


async def test_an_account_that_is_over_is_not_renewed(bank: Bank, clock: FrozenClock) -> None:
    billing = of_type("o", 0)
    await bank.create(billing)
    clock.move_to(END + timedelta(seconds=1))

    updated = await bank.update(replace(billing, expires_at=END + timedelta(days=365)))

    assert updated.answer is Answer.ASK
