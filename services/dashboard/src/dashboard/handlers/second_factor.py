"""One's own second factor: its state, the picture to scan, and the codes for a lost phone."""

from __future__ import annotations

from typing import Any

import segno

from dashboard.domain.answers.second_factor import FactorSetup, FactorState, RecoveryCodes
from dashboard.store.services import Reader

_PATH = "/me/second-factor"
_GROUP = 4


async def state(reader: Reader) -> FactorState:
    """Read how it stands."""
    return await reader.get("gateway", _PATH, FactorState)


async def begin(reader: Reader) -> dict[str, Any]:
    """Start setting it up; the picture is drawn here and goes nowhere else."""
    setup = await reader.send("gateway", "POST", _PATH, {}, FactorSetup)
    picture = segno.make(setup.address, error="m", micro=False)
    spelled = [setup.secret[at : at + _GROUP] for at in range(0, len(setup.secret), _GROUP)]
    return {
        "picture": picture.svg_data_uri(scale=4, border=3, dark="#16202e", light="#ffffff"),
        "secret": " ".join(spelled),
        "address": setup.address,
    }


async def enable(reader: Reader, code: str) -> tuple[str, ...]:
    """Prove the app has it; give the recovery codes."""
    path = f"{_PATH}/enable"
    told = await reader.send("gateway", "POST", path, {"code": code.strip()[:50]}, RecoveryCodes)
    return told.recovery_codes


async def renew_codes(reader: Reader) -> tuple[str, ...]:
    """Replace the recovery codes."""
    told = await reader.send("gateway", "POST", f"{_PATH}/recovery-codes", {}, RecoveryCodes)
    return told.recovery_codes


async def remove(reader: Reader) -> None:
    """Sign in with the password alone again."""
    await reader.send("gateway", "DELETE", _PATH, {}, dict)
