"""Tokens for programs, who the caller is, and his password again (A8)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Header, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from gateway.api.house import CREDENTIAL, SOURCE, TheHouse, place_of
from gateway.domain.credentials import CONFIRMED_FOR, Kind
from gateway.handlers.confirming import Confirmation, Confirmed, PasswordWrong, confirm
from gateway.handlers.sign_in import (
    Attempt,
    SecondFactorNeeded,
    SignInRefused,
    charge,
    check_code,
    check_password,
    let_in,
    needs_code,
    revoke_token,
)
from shared.errors import NotFound, Unauthenticated
from shared.web import Caller, ServiceRouter, Transaction
from shared.web.problems import domain_problem
from shared.web.route import ANONYMOUS

router = ServiceRouter()
BEARER = "bearer "


class TokenWanted(BaseModel):
    """Who wants a token."""

    model_config = ConfigDict(extra="forbid")

    username: Annotated[str, Field(max_length=200)]
    password: Annotated[SecretStr, Field(max_length=1000)]
    code: Annotated[str | None, Field(max_length=50)] = None


class Person(BaseModel):
    """A user, shortly."""

    id: UUID
    name: str
    role: str


class TokenView(BaseModel):
    """A token, told once."""

    token: str
    expires_at: datetime
    user: Person


class MeView(Person):
    """The caller and what he may do."""

    permissions: list[str]


class ConfirmWanted(BaseModel):
    """The caller's own password, again."""

    model_config = ConfigDict(extra="forbid")

    password: Annotated[SecretStr, Field(max_length=1000)]


class ConfirmedView(BaseModel):
    """Until when sensitive acts are allowed without the password."""

    confirmed_until: datetime


class TokenUnknown(NotFound):
    """The caller came without a token of his own, with a browser session for example."""

    detail = "Permintaan ini tidak memakai token."


@router.post("/api/v1/tokens", status_code=201, response_model=TokenView)
async def issue_token(
    request: Request, wanted: TokenWanted, house: TheHouse, session: Transaction
) -> TokenView | Response:
    """Sign a program in for eight hours."""
    password = wanted.password.get_secret_value()
    attempt = Attempt(wanted.username, password, Kind.TOKEN, place_of())
    async with house.transaction(ANONYMOUS) as counting:
        charged = await charge(attempt, house.keys.throttle, counting)
    user = await check_password(attempt, charged, house.keys, session)
    if user is None:  # an answer, not an exception: the audit row of the refusal must stay
        return await domain_problem(request, SignInRefused(seconds=charged.wait_seconds))
    if await needs_code(user, session):
        if wanted.code is None:
            return await domain_problem(request, SecondFactorNeeded())
        async with house.transaction(ANONYMOUS) as counting:
            await house.keys.throttle.charge_code(user, counting)
        if not await check_code(user, wanted.code, attempt.place, house.keys, session):
            return await domain_problem(request, SignInRefused())
    done = await let_in(user, Kind.TOKEN, attempt.place, house.keys, session)
    person = Person(id=done.user.id, name=done.user.name, role=done.user.role)
    return TokenView(token=done.secret, expires_at=done.expires_at, user=person)


@router.delete("/api/v1/tokens/current", status_code=204)
async def revoke_current_token(
    session: Transaction, authorization: Annotated[str, Header(include_in_schema=False)] = ""
) -> None:
    """End the token that this request carries."""
    if not await revoke_token(session, bearer_secret(authorization) or ""):
        raise TokenUnknown


@router.get("/api/v1/me")
async def me(caller: Caller) -> MeView:
    """Tell who is asking and what his role may do."""
    return MeView(
        id=caller.user_id,
        name=caller.name,
        role=caller.role,
        permissions=sorted(caller.permissions),
    )


@router.post("/api/v1/me/confirm", response_model=ConfirmedView)
async def confirm_me(
    request: Request,
    wanted: ConfirmWanted,
    house: TheHouse,
    session: Transaction,
    credential: Annotated[UUID, Header(alias=CREDENTIAL, include_in_schema=False)],
) -> ConfirmedView | Response:
    """Give the password again, so that sensitive acts are allowed for some minutes."""
    given = Confirmation(credential, wanted.password.get_secret_value(), SOURCE.get())
    match await confirm(given, house.passwords, session):
        case Confirmed.DONE:
            return ConfirmedView(confirmed_until=session.clock.now() + CONFIRMED_FOR)
        case Confirmed.REFUSED:  # an answer, not an exception: what was counted must stay
            return await domain_problem(request, PasswordWrong(field="password"))
        case Confirmed.ENDED:
            return await domain_problem(request, Unauthenticated())


def bearer_secret(authorization: str) -> str | None:
    """Read the secret out of an ``Authorization`` header; None when it is of another kind."""
    if not authorization.lower().startswith(BEARER):
        return None
    return authorization[len(BEARER) :].strip()
