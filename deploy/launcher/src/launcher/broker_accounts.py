"""A broker account for each service, allowed what it needs and no more (P4)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from launcher.errors import Refusal
from shared.bus.topology import NAMESPACE
from shared.http import HttpClient

_EVERYWHERE = quote("/", safe="")
_OURS = rf"^({NAMESPACE}\..*|amq\.default)$"
POLICY = {
    "pattern": rf"^{NAMESPACE}\.",
    "apply-to": "queues",
    # A queue that nobody empties pushes back on the outbox before it fills the disk.
    "definition": {"max-length-bytes": 2_000_000_000},
}


async def ensure_accounts(management_url: str, passwords: Mapping[str, str]) -> None:
    """Make or renew an account per service through the broker's management API.

    Everyone declares the whole topology, so that starting needs no order.

    Raises:
        Refusal: the broker does not accept it.
    """
    parts = urlsplit(management_url)
    login = base64.b64encode(f"{parts.username}:{parts.password}".encode()).decode()
    client = HttpClient(f"{parts.scheme}://{parts.hostname}:{parts.port}")
    try:
        for service, password in passwords.items():
            user = {"password": password, "tags": ""}
            await _put(client, login, f"/api/users/{service}", user)
            rights = f"/api/permissions/{_EVERYWHERE}/{service}"
            await _put(client, login, rights, permissions())
        await _put(client, login, f"/api/policies/{_EVERYWHERE}/{NAMESPACE}", POLICY)
    finally:
        await client.close()


def permissions() -> dict[str, str]:
    """Give what an account may do: everything of this house, nothing of another's.

    Declaring a queue with a dead-letter exchange asks for the right to read that queue, and
    everyone declares them all.
    """
    return {"configure": _OURS, "write": _OURS, "read": _OURS}


async def _put(client: HttpClient, login: str, path: str, body: dict[str, Any]) -> None:
    headers = {"Authorization": f"Basic {login}"}
    answer = await client.request("PUT", path, headers=headers, json=body)
    if not answer.is_success:
        raise Refusal(f"RabbitMQ menolak {path}: {answer.status_code} {answer.text[:200]}")
