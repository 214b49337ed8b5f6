"""``/snap/...``: the SNAP BI services that a merchant's program calls (26 to 31, 35, 73)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from fastapi import APIRouter, Request, Response

from bni_protocol import moments
from bni_sandbox.api.context import Sandbox, sandbox
from bni_sandbox.api.disturbance import Disturbance, HangUp, disturb
from bni_sandbox.api.snap_door import TOKEN_SECONDS, Door
from bni_sandbox.domain.refusal import Refused
from bni_sandbox.domain.snap import SnapRefused
from bni_sandbox.handlers import snap
from bni_sandbox.models import Request as AskedRequest
from bni_sandbox.store import records
from shared.clock import business_day
from shared.errors import NotFound
from snap_protocol import messages, replies
from snap_protocol.codes import Code, Service
from snap_protocol.fields import MissingField, NumberUsed, SnapProblem
from snap_protocol.messages import Call
from snap_protocol.receiving import Signed, TokenRequest

router = APIRouter(prefix="/snap", include_in_schema=False)
OPERATIONS = {
    Service.CREATE: "createbilling",
    Service.UPDATE: "updatebilling",
    Service.INQUIRE: "inquirybilling",
    Service.STATUS: "inquirybilling",
    Service.REPORT: "inquirybilling",
    Service.DELETE: "inactivebilling",
    Service.UPDATE_STATUS: "inactivebilling",
}
"""The knobs name operations as eCollection does; the same trouble strikes their like here."""

_NOTED_LENGTH = 40
Told = tuple[int, dict[str, object]]


@router.post("/v1/access-token/b2b")
async def token(request: Request) -> Response:
    """Give a token for fifteen minutes."""
    bank = sandbox(request)
    door, now = _door(bank), await _now(bank)
    fate = await disturb(bank, "token", request.headers.get("x-client-key", ""))
    told = _fated(fate, Service.TOKEN) or await _token(request, door, now)
    await _note(bank, "access-token", "", told, fate)
    return _answer(told, fate, now)


async def _token(request: Request, door: Door, now: datetime) -> Told:
    try:
        asked = TokenRequest.read(request.headers.get, now)
        if _members(await request.body()).get("grantType") != "client_credentials":
            raise MissingField("grantType")
        issued = door.issue(asked, now)
    except SnapProblem as problem:
        return replies.reply(problem.http, Service.TOKEN, problem.case, problem.name)
    except SnapRefused as refused:
        return replies.reply(refused.http, Service.TOKEN, refused.case, refused.reason)
    expiry = {"tokenType": "Bearer", "expiresIn": str(TOKEN_SECONDS)}
    return replies.reply(200, Service.TOKEN, 0, "", accessToken=issued, **expiry)


@router.api_route("/v1.0/transfer-va/{name}", methods=["POST", "PUT", "DELETE", "GET"])
async def service(name: str, request: Request) -> Response:
    """Carry out one service; what is wrong comes in the order of the standard."""
    bank = sandbox(request)
    door, now = _door(bank), await _now(bank)
    asked = snap.CALLS.get(name)
    if asked is None:
        raise NotFound
    trx_id = _noted(await request.body())
    fate = await disturb(bank, OPERATIONS[asked.service], trx_id)
    told = _fated(fate, asked.service) or await _serve(asked, request, door, bank)
    if fate.timed_out:
        told = replies.reply(504, asked.service, 0, "")
    await _note(bank, asked.name, trx_id, told, fate)
    return _answer(told, fate, now)


async def _serve(asked: Call, request: Request, door: Door, bank: Sandbox) -> Told:
    try:
        await _let_in(asked, request, door, bank)
        desk = snap.Desk(bank.contract, await bank.knobs.read(), bank.knobs.chance)
        async with bank.sessions.begin(bank.principal) as session:
            found = await snap.serve(asked, _members(await request.body()), desk, session)
    except Refused as refused:
        no = SnapRefused.of(refused)
    except SnapProblem as problem:
        no = SnapRefused.field(problem)
    except SnapRefused as refused:
        no = refused
    else:
        return replies.reply(200, asked.service, 0, "", **found)
    return replies.reply(no.http, asked.service, no.case, no.reason)


async def _let_in(asked: Call, request: Request, door: Door, bank: Sandbox) -> None:
    """Check the caller; his number is used up even when the request is refused after it."""
    method, now = request.method, await _now(bank)
    if method != asked.method and (method, asked) != ("GET", messages.REPORT):
        raise SnapRefused(405, 1)
    path, body = _target(request), await request.body()
    signed = Signed.read(method, path, body, request.headers.get, now)
    door.check(signed, now)
    async with bank.sessions.begin(bank.principal) as session:
        given = (signed.partner_id, business_day(now), signed.external_id)
        if not await records.claim_number(session, *given):
            raise NumberUsed("X-EXTERNAL-ID")


def _door(bank: Sandbox) -> Door:
    if bank.door is None:
        raise NotFound
    return bank.door


def _target(request: Request) -> str:
    """Give the path as it was called, query included: that is what is signed."""
    query = f"?{request.url.query}" if request.url.query else ""
    path: bytes = request.scope["raw_path"]
    return path.decode("ascii").partition("?")[0] + query


def _members(body: bytes) -> Mapping[str, object]:
    try:
        return replies.parse_object(body)
    except replies.Malformed:
        raise SnapRefused(400, 0) from None


def _noted(body: bytes) -> str:
    """Find the billing that a request is about, for the record; it may be anything."""
    try:
        found = replies.parse_object(body).get("trxId")
    except replies.Malformed:
        return ""
    text = found if isinstance(found, str) else ""
    return "".join(sign for sign in text[:_NOTED_LENGTH] if sign.isprintable())


def _fated(fate: Disturbance, service: Service) -> Told | None:
    """Give the answer that a fault puts in the place of the true one."""
    if fate.refused:
        return 0, {}
    if not fate.error_code:
        return None
    refused = SnapRefused.of(Refused(fate.error_code))
    code = Code(refused.http, service, refused.case)
    return refused.http, {"responseCode": str(code), "responseMessage": code.message}


async def _note(bank: Sandbox, name: str, trx_id: str, told: Told, fate: Disturbance) -> None:
    async with bank.sessions.begin(bank.principal) as session:
        session.add(
            AskedRequest(
                at=session.clock.now(),
                operation=name,
                trx_id=trx_id,
                status=str(told[1].get("responseCode", "")),
                fault=fate.name,
            )
        )


def _answer(told: Told, fate: Disturbance, now: datetime) -> Response:
    if fate.refused or fate.answer_lost:
        return HangUp()
    http, members = told
    headers = {"X-TIMESTAMP": moments.iso(now)}
    return Response(replies.serialise(members), http, headers, media_type="application/json")


async def _now(bank: Sandbox) -> datetime:
    faults = await bank.knobs.read()
    return bank.sessions.clock.now() + timedelta(seconds=faults.clock_skew_s)
