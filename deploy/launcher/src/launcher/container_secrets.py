"""``./lunas secrets``: the ``.env`` that ``docker-compose.yml`` asks for, fresh each time (P4)."""

from __future__ import annotations

import secrets

from launcher.environment import DEMO_SNAP, snap_keys
from launcher.house import RESIDENTS
from launcher.installation import Secrets

_HEADER = """\
# Secrets of one installation in containers. Keep this file to yourself: chmod 600 .env
"""
_COMPANY = """\
# How customers reach the gateway, and the name on their bills.
LUNAS_PUBLIC_URL=http://localhost:8000
LUNAS_COMPANY_NAME="PT Kavling Pakuan Asri"
"""
_BANK = """\
# The contract with BNI. These are the simulated bank's; put the real ones in their place,
# set COMPOSE_PROFILES to nothing and PRODUCTION to true.
COMPOSE_PROFILES=demo
PRODUCTION=false
BNI_PROTOCOL=ecollection
BNI_BASE_URL=http://bni-sandbox:8002
BNI_CLIENT_ID=00988
BNI_PREFIX=988
# Where callbacks may come from: here the containers' own networks.
BNI_ALLOWED_NETWORKS=10.0.0.0/8,172.16.0.0/12,192.168.0.0/16
"""


_SNAP = """\
# For BNI_PROTOCOL=snap. Away with these lines where a real bank speaks eCollection.
"""


def dotenv() -> str:
    """Give the whole file with new random secrets."""
    made = Secrets(secrets.token_bytes(32))
    private_key, public_key = made.signing_keys()
    lines = [f"{name}={made.text(name)}" for name in secret_names()]
    lines += [f"VAULT_KEYS={made.base64('vault')}"]
    lines += [f"PRINCIPAL_PRIVATE_KEY={_one_line(private_key)}"]
    lines += [f"PRINCIPAL_PUBLIC_KEY={_one_line(public_key)}"]
    return (
        _HEADER
        + _COMPANY
        + _BANK
        + f"BNI_SECRET_KEY={secrets.token_hex(16)}\n"
        + _SNAP
        + "\n".join([*_snap(), *lines])
        + "\n"
    )


def _snap() -> list[str]:
    texts = DEMO_SNAP | {
        "SNAP_CLIENT_SECRET": secrets.token_hex(32),
        "SNAP_BANK_CLIENT_SECRET": secrets.token_hex(32),
    }
    keys = {name: _one_line(pem) for name, pem in snap_keys().items()}
    return [f"{name}={value}" for name, value in (texts | keys).items()]


def secret_names() -> list[str]:
    """Name what is random text."""
    names = [
        "POSTGRES_PASSWORD",
        "RABBITMQ_PASSWORD",
        "FIRST_ADMIN_PASSWORD",
        "DOCUMENT_KEY",
        "CSRF_SECRET",
    ]
    for resident in RESIDENTS:
        names += [resident.prefix + "DATABASE_PASSWORD", resident.prefix + "BROKER_PASSWORD"]
    return names


def _one_line(pem: str) -> str:
    r"""Write the line ends as ``\n``, which both generations of compose read inside quotes."""
    escaped = pem.strip().replace("\n", "\\n")
    return f'"{escaped}\\n"'
