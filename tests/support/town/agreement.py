"""What the company and its bank have agreed, in one of the two protocols."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Literal

from snap_contract import snap_contract

Protocol = Literal["ecollection", "snap"]
Settings = Mapping[str, dict[str, Any]]

CONTRACT = {"client_id": "001", "secret_key": "ea0c88921fb033387e66ef7d1e82ab83", "prefix": "8"}


def agree(callback: str, bank: str, hands: int, protocol: Protocol) -> Settings:
    """Give the settings of both sides, by service; ``callback`` and ``bank`` are addresses."""
    snap = snap_contract(callback) if protocol == "snap" else ({}, {})
    gateway = {
        "public_listen": callback,
        "vault_keys": base64.b64encode(b"k" * 32).decode(),
        "base_url": f"http://{bank}",
        "allowed_networks": "127.0.0.0/8",
        "workers": hands,
        "calls_per_second": 1_000_000,
    }
    sandbox = {
        "public_listen": bank,
        "callback_url": f"http://{callback}/bni/ecollection/callback",
    }
    return {
        "bank-gateway": gateway | CONTRACT | snap[0],
        "bni-sandbox": sandbox | CONTRACT | snap[1],
    }
