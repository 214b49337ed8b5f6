"""What alerts watch: why a message was refused unread, or not believed (C6, C7, C10)."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bank_gateway.api.door import Refused
from bank_gateway.api.snap import PAYMENT_PATH
from bank_gateway.domain.notice import Contradiction
from bank_gateway.metrics import CALLBACK_REFUSALS, NOT_PROVED, OUT_OF_TIME, QUARANTINES
from bni_protocol import envelope, moments
from bni_protocol.cipher import Key

ECOLLECTION = "/bni/ecollection/callback"


class Counted:
    """How a counter grew since it was first looked at."""

    def __init__(self) -> None:
        self.start = self._now()

    def _now(self) -> dict[tuple[str, str], float]:
        return {
            (metric.name, sample.labels["reason"]): sample.value
            for counter in (CALLBACK_REFUSALS, QUARANTINES)
            for metric in counter.collect()
            for sample in metric.samples
            if sample.name.endswith("_total")
        }

    @property
    def grown(self) -> dict[str, float]:
        now = self._now()
        return {key[1]: now[key] - self.start.get(key, 0) for key in now
                if now[key] != self.start.get(key, 0)}  # fmt: skip


@pytest.fixture
def counted() -> Counted:
    return Counted()


def test_every_reason_of_an_alert_is_there_before_it_happens(counted: Counted) -> None:
    """A series that begins with one has not increased, says Prometheus."""
    there = {reason for _, reason in counted.start}

    assert there >= {*NOT_PROVED, *OUT_OF_TIME, *Contradiction}


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"X_SIGNATURE": "AAAA"}, "X-SIGNATURE"),
        ({"X_PARTNER_ID": "ORANG-LAIN"}, "X-PARTNER-ID"),
        ({"AUTHORIZATION": "Bearer abc"}, "Authorization"),
    ],
)
async def test_c10_a_refused_signature_is_counted_by_its_reason(
    bench: Any, snap: Any, counted: Counted, headers: dict[str, str], reason: str
) -> None:
    account = await bench.open()

    await snap.told(snap.payment(account), **headers)

    assert counted.grown == {reason: 1}


async def test_c10_so_is_a_token_asked_for_by_somebody_else(snap: Any, counted: Counted) -> None:
    await snap.ask_token(X_CLIENT_KEY="ORANG-LAIN")

    assert counted.grown == {"X-CLIENT-KEY": 1}


async def test_c10_and_a_wrong_clock(bench: Any, snap: Any, counted: Counted) -> None:
    account = await bench.open()
    late = moments.iso(bench.clock.now() - timedelta(minutes=6))

    await snap.told(snap.payment(account), X_TIMESTAMP=late)

    assert counted.grown == {"X-TIMESTAMP": 1}


@pytest.mark.parametrize("secret", ["f" * 32, "0123456789abcdef" * 2])
async def test_c7_a_callback_under_another_key_is_not_proved(
    bench: Any, counted: Counted, secret: str
) -> None:
    account = await bench.open()
    now = int(bench.clock.now().timestamp())
    sealed = envelope.seal(bench.pay(account), Key("001", secret), now)

    await bench.http.post(ECOLLECTION, content=sealed)

    (reason,) = counted.grown
    assert reason in NOT_PROVED


async def test_c7_an_old_callback_is_out_of_time(bench: Any, counted: Counted) -> None:
    account = await bench.open()
    key = Key("001", "ea0c88921fb033387e66ef7d1e82ab83")
    sealed = envelope.seal(bench.pay(account), key, int(bench.clock.now().timestamp()) - 481)

    await bench.http.post(ECOLLECTION, content=sealed)

    assert counted.grown == {"window": 1}


async def test_c6_a_contradiction_is_counted_once_by_what_contradicts(
    bench: Any, counted: Counted
) -> None:
    account = await bench.open()
    members = bench.pay(account) | {"payment_amount": "7"}

    await bench.told(members)
    await bench.told(members)
    await bench.told(members | {"payment_ntb": ""})

    assert counted.grown == {"amount_not_legal_for_type": 1, "field": 1}


async def test_r8_what_cannot_be_taken_in_time_is_asked_for_again(bench: Any) -> None:
    answer = bench.door.clerks[PAYMENT_PATH].refusal(Refused("busy", 429))

    assert (answer.http_status, json.loads(answer.body)["responseCode"]) == (429, "4292500")
