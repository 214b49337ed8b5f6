"""What a bank-gateway needs to know before it starts, by the protocol it speaks (P4)."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from bank_gateway.domain.clocks import Clocks
from bank_gateway.ecollection import ECollection
from bank_gateway.main import build_bank, build_door
from bank_gateway.settings import Settings
from bank_gateway.snap import Snap
from shared.clock import FrozenClock
from shared.database import Sessions
from shared.http import HttpClient

FILE: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors/snap-bi.json").read_text())
SNAP = {
    "protocol": "snap",
    "snap_partner_id": "LUNAS",
    "snap_client_id": "CLIENT-1",
    "snap_client_secret": "a secret",
    "snap_private_key": FILE["rsa_private_key_pem"],
    "snap_channel_id": "95231",
}


def changed(settings: Settings, **changes: Any) -> Settings:
    return Settings(**(settings.model_dump() | changes))


def test_p4_each_protocol_gets_its_adapter(settings: Settings, clock: FrozenClock) -> None:
    client = HttpClient("http://bank")

    assert isinstance(build_bank(settings, client, clock, Clocks()), ECollection)
    snap = build_bank(changed(settings, **SNAP), client, clock, Clocks())
    assert isinstance(snap, Snap)
    assert snap.line.agreement.service_id == "8001"
    assert snap.line.agreement.token_path == "/snap/v1/access-token/b2b"


@pytest.mark.parametrize(
    ("field", "variable"),
    [
        ("snap_partner_id", "SNAP_PARTNER_ID"),
        ("snap_client_id", "SNAP_CLIENT_ID"),
        ("snap_client_secret", "SNAP_CLIENT_SECRET"),
        ("snap_private_key", "SNAP_PRIVATE_KEY"),
        ("snap_channel_id", "SNAP_CHANNEL_ID"),
    ],
)
def test_p4_snap_does_not_start_without(settings: Settings, field: str, variable: str) -> None:
    with pytest.raises(ValidationError, match=f"BNI_PROTOCOL=snap needs {variable}"):
        changed(settings, **SNAP | {field: ""})


def test_p4_ecollection_does_not_start_without_its_secret(settings: Settings) -> None:
    with pytest.raises(ValidationError, match="BNI_PROTOCOL=ecollection needs BNI_SECRET_KEY"):
        changed(settings, secret_key=None)


def test_an_unknown_protocol_is_refused(settings: Settings) -> None:
    with pytest.raises(ValidationError, match="'ecollection' or 'snap'"):
        changed(settings, protocol="soap")


def test_a_key_may_be_the_text_with_escaped_line_ends_or_a_file(
    settings: Settings, tmp_path: Path
) -> None:
    pem = FILE["rsa_private_key_pem"]
    (tmp_path / "key.pem").write_text(pem)
    spellings = [pem, pem.replace("\n", "\\n"), str(tmp_path / "key.pem")]

    found = {
        changed(
            settings, **SNAP | {"snap_private_key": spelling}
        ).agreement.caller.private_key.key_size
        for spelling in spellings
    }

    assert found == {2048}


@pytest.mark.parametrize("key", ["/nowhere/key.pem", FILE["rsa_public_key_pem"]])
def test_p4_p2_a_key_that_is_none_is_refused_and_not_shown(settings: Settings, key: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        changed(settings, **SNAP | {"snap_private_key": key})

    said = "".join(problem["msg"] for problem in refusal.value.errors())
    assert "key" in said
    assert key[:40] not in said


async def test_c7_without_a_secret_no_callback_of_ecollection_is_taken(
    settings: Settings, sessions: Sessions
) -> None:
    alone = changed(settings, **SNAP, secret_key=None, secret_key_previous=None)
    transport = httpx.ASGITransport(build_door(alone, sessions), client=("127.0.0.1", 40000))
    async with httpx.AsyncClient(transport=transport, base_url="http://callback") as http:
        answer = await http.post("/bni/ecollection/callback", json={})

    assert answer.status_code == 404
