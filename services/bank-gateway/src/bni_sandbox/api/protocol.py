"""``POST /``: the eCollection protocol, with the checks in the bank's order."""

from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_address

from fastapi import APIRouter, Request, Response

from bni_protocol import envelope
from bni_protocol.cipher import Undecodable, decrypt
from bni_protocol.codes import MESSAGES, SUCCESS
from bni_sandbox.api.context import Sandbox, sandbox
from bni_sandbox.api.disturbance import HangUp, disturb
from bni_sandbox.domain.refusal import Refused
from bni_sandbox.handlers import billing
from bni_sandbox.models import Request as AskedRequest

router = APIRouter(include_in_schema=False)
JSON = "application/json"
TIMED_OUT = "010"
_NOTED_LENGTH = 40


@router.post("/")
async def ecollection(request: Request) -> Response:
    """Answer a client as the bank does: HTTP 200, and the truth in ``status``."""
    bank = sandbox(request)
    members: Mapping[str, object] = {}
    refusal: Refused | None = None
    try:
        members = await _open(request, bank)
    except Refused as refused:
        refusal = refused
    operation, trx_id = _noted(members.get("type")).lower(), _noted(members.get("trx_id"))
    fate = await disturb(bank, operation, trx_id)
    status, body = "", b""
    if not fate.refused:
        refusal = Refused(fate.error_code) if fate.error_code else refusal
        status, body = await _serve(members, refusal, bank)
    if fate.timed_out:
        status, body = TIMED_OUT, envelope.status_only(TIMED_OUT, MESSAGES[TIMED_OUT])
    async with bank.sessions.begin(bank.principal) as session:
        noted = AskedRequest(
            at=session.clock.now(), operation=operation, trx_id=trx_id, status=status
        )
        noted.fault = fate.name
        session.add(noted)
    if fate.refused or fate.answer_lost:
        return HangUp()
    return Response(body, media_type=JSON)


async def _open(request: Request, bank: Sandbox) -> dict[str, object]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != JSON:
        raise Refused("998")
    try:
        closed = envelope.Envelope.parse(await request.body())
    except envelope.Malformed:
        raise Refused("001") from None
    key, now_unix = bank.contract.key, await _now_unix(bank)
    if closed.client_id != key.client_id or not _known_caller(request, bank):
        raise Refused("002")
    if closed.prefix not in {"", bank.contract.prefix}:
        raise Refused("009")  # a wrong pairing looks to the bank like a wrong key
    try:
        members = decrypt(closed.ciphertext, key, now_unix, bank.window_seconds)
    except Undecodable:
        raise Refused("009") from None
    if members.get("client_id") != key.client_id:
        raise Refused("002")
    return members


async def _serve(
    members: Mapping[str, object], refusal: Refused | None, bank: Sandbox
) -> tuple[str, bytes]:
    """Carry the request out in one transaction; give the status and the whole answer."""
    try:
        if refusal is not None:
            raise refusal
        async with bank.sessions.begin(bank.principal) as session:
            found = await billing.serve(members, bank.contract, session)
    except Refused as refused:
        words = refused.message or MESSAGES["999"]
        return refused.status, envelope.status_only(refused.status, words)
    return SUCCESS, envelope.success(found, bank.contract.key, await _now_unix(bank))


def _noted(value: object) -> str:
    text = value if isinstance(value, str) else ""
    return "".join(sign for sign in text[:_NOTED_LENGTH] if sign.isprintable())


def _known_caller(request: Request, bank: Sandbox) -> bool:
    if not bank.networks:
        return True
    if request.client is None:
        return False
    address = ip_address(request.client.host)
    return any(address in network for network in bank.networks)


async def _now_unix(bank: Sandbox) -> int:
    faults = await bank.knobs.read()
    skewed = bank.sessions.clock.now() + timedelta(seconds=faults.clock_skew_s)
    return int(skewed.timestamp())
