"""``POST /``: the eCollection protocol, with the checks in the bank's order."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_address

from fastapi import APIRouter, Request, Response

from bni_protocol import envelope
from bni_protocol.cipher import Undecodable, decrypt
from bni_protocol.codes import MESSAGES, SUCCESS
from bni_sandbox import handlers, store
from bni_sandbox.api.context import Sandbox, sandbox
from bni_sandbox.domain.faults import Faults, strikes
from bni_sandbox.domain.refusal import Refused
from bni_sandbox.models import Request as AskedRequest

router = APIRouter(include_in_schema=False)
JSON = "application/json"


@router.post("/")
async def ecollection(request: Request) -> Response:
    """Answer a client as the bank does: HTTP 200, and the truth in ``status``."""
    bank = sandbox(request)
    async with bank.sessions.begin(bank.principal) as session:
        faults = await store.read_faults(session)
    await asyncio.sleep(faults.answer_delay_ms / 1000)
    if faults.refuse_connections:
        return Response(status_code=503)
    body = await request.body()
    answer = await _answer(request, body, bank, faults)
    if strikes(faults.answer_lost, bank.chance):
        return Response("<html>Gateway Time-out</html>", 504, media_type="text/html")
    return Response(answer, media_type=JSON)


async def _answer(request: Request, body: bytes, bank: Sandbox, faults: Faults) -> bytes:
    try:
        if faults.error_code:
            raise Refused(faults.error_code)
        members = _open(request, body, bank, faults)
        found = await _serve(members, bank)
    except Refused as refused:
        return envelope.status_only(refused.status, refused.message or MESSAGES["999"])
    return envelope.success(found, bank.contract.key, _now_unix(bank, faults))


def _open(request: Request, body: bytes, bank: Sandbox, faults: Faults) -> dict[str, object]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != JSON:
        raise Refused("998")
    try:
        closed = envelope.Envelope.parse(body)
    except envelope.Malformed:
        raise Refused("001") from None
    key = bank.contract.key
    if closed.client_id != key.client_id or not _known_caller(request, bank):
        raise Refused("002")
    try:
        members = decrypt(closed.ciphertext, key, _now_unix(bank, faults), bank.window_seconds)
    except Undecodable:
        raise Refused("009") from None
    if members.get("client_id") != key.client_id:
        raise Refused("002")
    return members


async def _serve(members: Mapping[str, object], bank: Sandbox) -> dict[str, str | None]:
    """Carry the request out in one transaction; keep what was asked and told in another."""
    status = SUCCESS
    try:
        async with bank.sessions.begin(bank.principal) as session:
            return await handlers.serve(members, bank.contract, session)
    except Refused as refused:
        status = refused.status
        raise
    finally:
        async with bank.sessions.begin(bank.principal) as session:
            session.add(
                AskedRequest(
                    at=session.clock.now(),
                    operation=_noted(members.get("type")).lower(),
                    trx_id=_noted(members.get("trx_id")),
                    status=status,
                )
            )


def _noted(value: object) -> str:
    text = value if isinstance(value, str) else ""
    return "".join(sign for sign in text[:40] if sign.isprintable())


def _known_caller(request: Request, bank: Sandbox) -> bool:
    if not bank.networks:
        return True
    if request.client is None:
        return False
    address = ip_address(request.client.host)
    return any(address in network for network in bank.networks)


def _now_unix(bank: Sandbox, faults: Faults) -> int:
    skewed = bank.sessions.clock.now() + timedelta(seconds=faults.clock_skew_s)
    return int(skewed.timestamp())
