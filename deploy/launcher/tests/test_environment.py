"""The environment of a whole Lunas: the bank's protocol, and what is missing by its name."""

from __future__ import annotations

import pytest

from bank_gateway.settings import Settings as GatewaySettings
from bni_sandbox.settings import Settings as SandboxSettings
from launcher.databases import database_of
from launcher.environment import Doors, Plan, environment_of
from launcher.errors import Refusal
from launcher.house import RESIDENTS
from launcher.installation import Secrets
from shared.bus.memory import MemoryBus
from shared.clock import SystemClock
from shared.service import Outside
from snap_protocol.signing import private_key, public_key

SECRETS = Secrets(b"m" * 32)
BANK = tuple(each for each in RESIDENTS if each.name in {"bank-gateway", "bni-sandbox"})


def plan() -> Plan:
    return Plan(
        residents=BANK,
        databases={each.name: database_of(each.name, "t", "password") for each in BANK},
        admin_url="postgresql://postgres@127.0.0.1/postgres",
        broker_url="memory://",
        addresses={each.name: f"unix:/tmp/{each.name}" for each in BANK},
        doors=Doors.at("127.0.0.1", 8000),
        public_url="http://localhost:8000",
        secrets=SECRETS,
        demo=True,
    )


@pytest.fixture
def as_environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Nothing is given but what a test sets."""
    for name in ("BNI_PROTOCOL", "BNI_BASE_URL", "BNI_SECRET_KEY", "SNAP_PARTNER_ID"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def give(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


def test_the_demo_speaks_ecollection(as_environment: pytest.MonkeyPatch) -> None:
    environment = environment_of(plan())

    assert [name for name in environment if name.startswith("SNAP_")] == []
    give(as_environment, environment)
    assert GatewaySettings().protocol == "ecollection"


def test_for_snap_both_sides_get_what_they_need(as_environment: pytest.MonkeyPatch) -> None:
    as_environment.setenv("BNI_PROTOCOL", "snap")

    give(as_environment, environment_of(plan()))

    gateway, sandbox = GatewaySettings(), SandboxSettings()
    assert gateway.protocol == "snap"
    assert gateway.snap_partner_id == sandbox.snap_partner_id == "LUNAS"
    assert sandbox.told_at == "http://127.0.0.1:8001"
    assert gateway.snap_bank_client_id == sandbox.snap_bank_client_id
    assert gateway.snap_bank_client_secret == sandbox.snap_bank_client_secret
    theirs = private_key(sandbox.snap_bank_private_key.get_secret_value()).public_key()
    assert theirs.public_numbers() == public_key(gateway.snap_bank_public_key).public_numbers()
    ours = gateway.agreement.caller.private_key.public_key()
    assert ours.public_numbers() == public_key(sandbox.snap_partner_public_key).public_numbers()


def test_what_is_given_for_snap_stays(as_environment: pytest.MonkeyPatch) -> None:
    given = {"BNI_PROTOCOL": "snap", "SNAP_PARTNER_ID": "OURS", "SNAP_VERSION": "v2.0"}
    give(as_environment, given)

    environment = environment_of(plan())

    snap = {name: value for name, value in environment.items() if name.startswith("SNAP_")}
    assert snap == {"SNAP_PARTNER_ID": "OURS", "SNAP_VERSION": "v2.0"}


def test_p2_what_is_missing_is_told_by_its_name(as_environment: pytest.MonkeyPatch) -> None:
    given = {"BNI_PROTOCOL": "snap", "SNAP_PARTNER_ID": "OURS"}
    give(as_environment, given)
    give(as_environment, environment_of(plan()))
    outside = Outside(SystemClock(), MemoryBus({}))

    with pytest.raises(Refusal, match="BNI_PROTOCOL=snap needs SNAP_CLIENT_ID, SNAP_CLIENT_SECRET"):
        BANK[0].build(outside)
    as_environment.delenv("BNI_BASE_URL")
    as_environment.delenv("BANK_GATEWAY_VAULT_KEYS")
    with pytest.raises(Refusal, match=r"benar: BANK_GATEWAY_VAULT_KEYS; BNI_BASE_URL$"):
        BANK[0].build(outside)
