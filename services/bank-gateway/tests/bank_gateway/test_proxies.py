"""C8 behind a proxy of ours: who called it counts, as the proxy itself wrote it down."""

from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from bank_gateway.api import callback
from bank_gateway.main import behind_proxies
from bank_gateway.settings import Settings
from bni_protocol import envelope
from bni_protocol.cipher import Key

PROXIES = "10.9.0.0/24"


@pytest.mark.parametrize(("peer", "forwarded", "code"), [
    ("10.9.0.1", "127.0.0.1", 200),
    ("10.9.0.1", "127.0.0.1:40912", 200),
    ("10.9.0.1", "127.0.0.1, 10.9.0.7", 200),  # a second proxy of ours in front of the first
    ("10.9.0.1", "203.0.113.9", 403),
    ("10.9.0.1", "127.0.0.1, 203.0.113.9", 403),  # the stranger wrote the first one himself
    ("10.9.0.1", "", 403),  # our proxy says nothing, and is not the bank
    ("10.9.0.1", "unknown", 403),
    ("203.0.113.9", "127.0.0.1", 403),  # not our proxy
])  # fmt: skip
async def test_c8_the_caller_of_the_proxy_counts(
    bench: Any, settings: Settings, peer: str, forwarded: str, code: int
) -> None:
    members = bench.pay(await bench.open())
    key = Key(settings.client_id, "ea0c88921fb033387e66ef7d1e82ab83")
    sealed = envelope.seal(members, key, int(bench.clock.now().timestamp()))
    app = behind_proxies(bench.door, settings.model_copy(update={"trusted_proxies": PROXIES}))
    transport = httpx.ASGITransport(app, client=(peer, 1))

    async with httpx.AsyncClient(transport=transport, base_url="http://bank") as bank:
        headers = {"X-Forwarded-For": forwarded} if forwarded else {}
        answer = await bank.post(callback.PATH, content=sealed, headers=headers)

    assert answer.status_code == code
    assert len(await bench.payments()) == (1 if code == 200 else 0)


@pytest.mark.parametrize("field", ["allowed_networks", "trusted_proxies"])
@pytest.mark.parametrize("given", ["*", "bank.example", "10.0.0.1/8", "10.0.0.0/40"])
def test_c8_what_is_no_network_is_refused_at_the_start(
    settings: Settings, field: str, given: str
) -> None:
    with pytest.raises(ValidationError):
        Settings(**(settings.model_dump() | {field: given}))
