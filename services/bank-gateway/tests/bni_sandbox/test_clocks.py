"""T3 against the simulated bank: its answers tell its time, in both protocols."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from bank_gateway.domain.bank import Bank, Inquiry
from bank_gateway.domain.clocks import Clocks
from bank_gateway.ecollection import ECollection
from bank_gateway.snap import Snap
from bank_gateway.snap_line import Line
from bni_protocol.cipher import Key
from bni_protocol.codes import Answer
from bni_protocol.fields import Billing
from bni_sandbox.api.context import Sandbox
from bni_sandbox.main import build_app
from bni_sandbox.settings import Settings
from shared.clock import FrozenClock
from shared.http import HttpClient

NUMBER = "8001000000000001"
BILL = Billing(
    trx_id="T1",
    trx_amount_idr=100_000,
    customer_name="MAHMUD SULAIMAN",
    virtual_account=NUMBER,
    expires_at=datetime(2027, 1, 31, 16, 59, 59, tzinfo=UTC),
)


@pytest.fixture(params=["ecollection", "snap"])
def bank(
    request: pytest.FixtureRequest,
    settings: Settings,
    sandbox: Sandbox,
    clock: FrozenClock,
    line: Line,
) -> tuple[Bank, Clocks]:
    if request.param == "snap":
        return Snap(line), line.clocks
    client = HttpClient("http://bank", httpx.ASGITransport(build_app(sandbox)))
    key = Key(settings.client_id, settings.secret_key.get_secret_value())
    adapter = ECollection(client, [key], settings.prefix, clock)
    return adapter, adapter.clocks


@pytest.mark.parametrize("skew", [0, 90, -90, 470])
async def test_t3_every_answer_with_data_tells_the_difference(
    bank: tuple[Bank, Clocks], client: Any, skew: int
) -> None:
    adapter, clocks = bank
    await adapter.create(BILL)
    await client.faults(clock_skew_s=skew)

    await adapter.inquire(Inquiry("T1", NUMBER))

    assert clocks.seconds == pytest.approx(skew, abs=1)


async def test_t3_snap_tells_it_even_where_the_bank_refuses_us_for_it(
    line: Line, client: Any
) -> None:
    await client.faults(clock_skew_s=-600)

    outcome = await Snap(line).inquire(Inquiry("T1", NUMBER))

    assert outcome.answer is Answer.LATER
    assert line.clocks.seconds == pytest.approx(-600, abs=1)
