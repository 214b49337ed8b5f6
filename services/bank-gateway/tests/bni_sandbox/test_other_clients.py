"""Programs of other merchants differ in spelling; the bank serves them all (protocol, 2 to 4)."""

import json
from typing import Any

import pytest

from bni_protocol import envelope
from bni_protocol.cipher import Key

KEY = Key("001", "ea0c88921fb033387e66ef7d1e82ab83")
CREATE = {
    "client_id": "001",
    "type": "createbilling",
    "trx_id": "T1",
    "trx_amount": "100000",
    "billing_type": "c",
    "customer_name": "MAHMUD SULAIMAN",
}


async def told(client: Any, clock: Any, body: dict[str, Any], **members: Any) -> str:
    """Send a create sealed by hand, with the envelope changed by ``body``."""
    sealed = envelope.seal({**CREATE, **members}, KEY, int(clock.now().timestamp()))
    closed = json.loads(sealed)
    changed = {name: make(closed) if callable(make) else make for name, make in body.items()}
    return str((await client.http.post("/", json=closed | changed)).json()["status"])


async def test_a_prefix_may_be_missing(client: Any, clock: Any) -> None:
    assert await told(client, clock, {}) == "000"


async def test_members_the_bank_does_not_know_are_ignored(client: Any, clock: Any) -> None:
    assert await told(client, clock, {"prefix": "8", "channel": [1]}, note={"a": 1}) == "000"


@pytest.mark.parametrize("kind", ["createBilling", "CREATEBILLING"])
async def test_a_type_may_be_in_camel_case(client: Any, clock: Any, kind: str) -> None:
    assert await told(client, clock, {}, type=kind) == "000"


async def test_m1_an_amount_may_be_a_json_number_but_not_a_fraction(
    client: Any, clock: Any
) -> None:
    assert await told(client, clock, {}, trx_amount=100_000) == "000"
    assert await told(client, clock, {}, trx_amount=100_000.5, trx_id="T2") == "013"


def padded(closed: dict[str, Any]) -> str:
    text = str(closed["data"])
    return text + "=" * (-len(text) % 4)


def standard_alphabet(closed: dict[str, Any]) -> str:
    return padded(closed).replace("-", "+").replace("_", "/")


@pytest.mark.parametrize("spelling", [padded, standard_alphabet])
@pytest.mark.parametrize("trx_id", ["T1", "T12", "T123"])  # one of them needs padding
async def test_base64_may_be_padded_and_in_the_standard_alphabet(
    client: Any, clock: Any, spelling: Any, trx_id: str
) -> None:
    assert await told(client, clock, {"data": spelling}, trx_id=trx_id) == "000"


async def test_null_and_empty_mean_absent(client: Any, clock: Any) -> None:
    assert await told(client, clock, {}, customer_email=None, virtual_account="") == "000"
