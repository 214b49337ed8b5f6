"""``/api/v1/hooks``: what carriers tell, believed only when it is signed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel

from notification import sms, whatsapp
from notification.handlers import news as handlers
from shared.errors import Forbidden
from shared.web import ServiceRouter, Transaction

router = ServiceRouter()


class NotSigned(Forbidden):
    """It does not come from the carrier."""

    detail = "Tanda tangan tidak cocok."


@dataclass(frozen=True, slots=True)
class Hooks:
    """The secrets that prove who tells; an empty one proves nothing, so nobody is believed."""

    whatsapp_secret: str = ""
    whatsapp_verify_token: str = ""
    sms_secret: str = ""


class Taken(BaseModel):
    """How many of the news said something new."""

    taken: int


def _hooks(request: Request) -> Hooks:
    hooks: Hooks = request.app.state.hooks
    return hooks


@router.get("/api/v1/hooks/whatsapp", response_class=PlainTextResponse)
async def verify_whatsapp(
    request: Request,
    mode: Annotated[str, Query(alias="hub.mode", max_length=20)],
    token: Annotated[str, Query(alias="hub.verify_token", max_length=200)],
    challenge: Annotated[str, Query(alias="hub.challenge", max_length=200)],
) -> PlainTextResponse:
    """Answer Meta's trial of the address."""
    wanted = _hooks(request).whatsapp_verify_token
    if not wanted or mode != "subscribe" or not handlers.same(token, wanted):
        raise NotSigned
    return PlainTextResponse(challenge)


@router.post("/api/v1/hooks/whatsapp")
async def hear_whatsapp(request: Request, session: Transaction) -> Taken:
    """Take what Meta tells of messages, and what customers answer."""
    body, secret = await request.body(), _hooks(request).whatsapp_secret
    header = request.headers.get("x-hub-signature-256", "")
    if not secret or not whatsapp.is_signed(body, header, secret):
        raise NotSigned
    told, inbound = whatsapp.read_webhook(body)
    await handlers.take_inbound(session, inbound)
    return Taken(taken=await handlers.take(session, told))


@router.post("/api/v1/hooks/sms")
async def hear_sms(request: Request, session: Transaction) -> Taken:
    """Take what the SMS service tells of messages."""
    body, secret = await request.body(), _hooks(request).sms_secret
    given = request.headers.get("authorization", "")
    if not secret or not sms.is_signed(body, given, secret, session.clock.now()):
        raise NotSigned
    return Taken(taken=await handlers.take(session, sms.read_webhook(body)))
