"""The caller's own second factor."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from gateway.api.house import TheHouse
from gateway.handlers.second_factor import FactorRequired, state_of, take_away
from shared.web import Caller, ServiceRouter, Transaction

router = ServiceRouter()


class SecondFactorView(BaseModel):
    """Whether the caller signs in with a code, whether he must, and his recovery codes left."""

    enabled: bool
    required: bool
    recovery_codes: int


class SetupView(BaseModel):
    """What the caller's app needs; told while he sets it up."""

    secret: str
    address: str


class CodeGiven(BaseModel):
    """A code that the app shows now."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(max_length=50)]


class RecoveryCodesView(BaseModel):
    """Codes that let the caller in without his phone, each once; told this once."""

    recovery_codes: list[str]


@router.get("/api/v1/me/second-factor")
async def second_factor(caller: Caller, house: TheHouse, session: Transaction) -> SecondFactorView:
    """Tell how the caller's second factor stands."""
    state = await state_of(caller.user_id, session)
    return SecondFactorView(
        enabled=state.enabled,
        required=house.requires_second_factor(caller),
        recovery_codes=state.recovery_codes,
    )


@router.post("/api/v1/me/second-factor", status_code=201)
async def begin(caller: Caller, house: TheHouse, session: Transaction) -> SetupView:
    """Start setting it up; it counts once a code has proved it."""
    setup = await house.keys.second_factors.begin(caller.user_id, session)
    return SetupView(secret=setup.secret, address=setup.address)


@router.post("/api/v1/me/second-factor/enable")
async def enable(
    given: CodeGiven, caller: Caller, house: TheHouse, session: Transaction
) -> RecoveryCodesView:
    """Prove that the app has it; from now on signing in asks for a code."""
    codes = await house.keys.second_factors.enable(caller.user_id, given.code, session)
    return RecoveryCodesView(recovery_codes=codes)


@router.post("/api/v1/me/second-factor/recovery-codes")
async def renew_codes(caller: Caller, house: TheHouse, session: Transaction) -> RecoveryCodesView:
    """Replace the recovery codes."""
    codes = await house.keys.second_factors.renew_codes(caller.user_id, session)
    return RecoveryCodesView(recovery_codes=codes)


@router.delete("/api/v1/me/second-factor", status_code=204)
async def remove(caller: Caller, house: TheHouse, session: Transaction) -> None:
    """Sign in with the password alone again, where that is allowed."""
    if house.requires_second_factor(caller):
        raise FactorRequired
    await take_away(caller.user_id, session)
