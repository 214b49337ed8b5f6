"""Both sides of an agreement for SNAP with the simulated bank, with keys made for one run."""

from __future__ import annotations

from typing import Any

from launcher.installation import rsa_pair

_COMMON = {
    "protocol": "snap",
    "snap_partner_id": "LUNAS",
    "snap_client_id": "CLIENT-1",
    "snap_client_secret": "our secret at the simulated bank, for a test",
    "snap_bank_client_id": "BANK-1",
    "snap_bank_client_secret": "the secret of the simulated bank, for a test",
}


def snap_contract(callback: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the settings of the bank-gateway, and of the bank that calls it at this address."""
    (private, public), (bank_private, bank_public) = rsa_pair(), rsa_pair()
    gateway = {
        **_COMMON,
        "snap_private_key": private,
        "snap_channel_id": "95231",
        "snap_bank_public_key": bank_public,
    }
    bank = {
        **_COMMON,
        "snap_url": f"http://{callback}",
        "snap_partner_public_key": public,
        "snap_bank_private_key": bank_private,
    }
    return gateway, bank
