"""``/snap/v1.0/...``: what the bank asks of us in SNAP BI, at the door of its callbacks (C10)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bank_gateway.api.door import Clerk, Refused, Request, Response
from bank_gateway.handlers.presenting import Presenter
from bank_gateway.handlers.snap_intake import SnapIntake
from bank_gateway.handlers.taking import Outcome
from bank_gateway.handlers.together import Busy
from bank_gateway.metrics import CALLBACKS, SNAP_ANSWERS
from bank_gateway.partner import Partner
from bni_protocol import moments
from shared.clock import Clock
from shared.logs import logger
from snap_protocol import replies
from snap_protocol.codes import Service
from snap_protocol.fields import SnapProblem
from snap_protocol.merchant import Answer
from snap_protocol.messages import INQUIRY, PAYMENT, InquiryRequest
from snap_protocol.receiving import Signed, TokenRequest

TOKEN_PATH = "/snap/v1.0/access-token/b2b"  # noqa: S105
INQUIRY_PATH = INQUIRY.path("/snap", "v1.0")
PAYMENT_PATH = PAYMENT.path("/snap", "v1.0")
_GRANT = "client_credentials"
_AT_THE_DOOR = {
    "method": (405, 1),
    "network": (403, 1),
    "size": (400, 0),
    "disconnected": (400, 0),
    "timeout": (504, 0),
    "busy": (429, 0),
    "unavailable": (500, 0),
}


class Written(NamedTuple):
    """An answer as it is sent."""

    code: str
    body: bytes

    @classmethod
    def of(cls, answer: Answer) -> "Written":
        members = answer[1]
        return cls(str(members["responseCode"]), replies.serialise(members))


Serve = Callable[[Request, datetime], Awaitable[Written]]


class _Rejected(Refused):
    """A refusal that SNAP BI has a code for."""

    def __init__(self, problem: SnapProblem) -> None:
        super().__init__(problem.name, problem.http)
        self.case = problem.case


@dataclass(frozen=True, slots=True)
class SnapClerk:
    """Answers for one service in the words of SNAP BI; the HTTP status is the code's."""

    service: Service
    clock: Clock
    serve: Serve

    async def answer(self, request: Request) -> Response:
        try:
            written = await self.serve(request, self.clock.now())
        except SnapProblem as problem:
            raise _Rejected(problem) from None
        except replies.Malformed:
            raise Refused("json", 400) from None
        return self._response(written)

    def refusal(self, refused: Refused) -> Response:
        if isinstance(refused, _Rejected):
            words = f"[{refused.reason}]" if refused.http_status == 401 else refused.reason
            answer = replies.reply(refused.http_status, self.service, refused.case, words)
        else:
            http, case = _AT_THE_DOOR.get(refused.reason, (400, 0))
            answer = replies.reply(http, self.service, case)
        return self._response(Written.of(answer))

    def _response(self, written: Written) -> Response:
        SNAP_ANSWERS.labels(written.code).inc()
        timestamp = moments.iso(self.clock.now()).encode()
        http = int(written.code[:3])
        return Response(http, written.body, [(b"x-timestamp", timestamp)])


def clerks(partner: Partner, intake: SnapIntake) -> dict[str, Clerk]:
    """Give who answers where."""
    sessions = intake.payments.sessions
    presenter = Presenter(sessions, intake.payments.vault)

    async def token(request: Request, now: datetime) -> Written:
        return Written.of(give_token(partner, request, now))

    async def inquiry(request: Request, now: datetime) -> Written:
        proved(partner, request, now)
        asked = InquiryRequest.parse(replies.parse_object(request.body))
        return Written(*await presenter.answer(asked, request.body))

    async def payment(request: Request, now: datetime) -> Written:
        signed = proved(partner, request, now)
        try:
            told = await intake.take(signed, request.source)
        except Busy:
            raise Refused("busy", 429) from None
        CALLBACKS.labels(told.outcome).inc()
        if told.outcome == Outcome.QUARANTINED:
            logger("bank-gateway").error("callback quarantined", source=request.source)
        return Written(told.code, told.body)

    clock = sessions.clock
    return {
        TOKEN_PATH: SnapClerk(Service.TOKEN, clock, token),
        INQUIRY_PATH: SnapClerk(Service.INQUIRY, clock, inquiry),
        PAYMENT_PATH: SnapClerk(Service.PAYMENT, clock, payment),
    }


def proved(partner: Partner, request: Request, now: datetime) -> Signed:
    """Prove that the bank sent this body just now; nothing is parsed before (C10).

    Raises:
        SnapProblem: it is not proved.
    """
    target = partner.prefix + request.target
    signed = Signed.read("POST", target, request.body, request.header, now)
    partner.check(signed, now)
    return signed


def give_token(partner: Partner, request: Request, now: datetime) -> Answer:
    """Let the bank in for a quarter of an hour, on its signature.

    Raises:
        SnapProblem, Malformed: it is not the bank, or it asks for something else.
    """
    partner.check_token_request(TokenRequest.read(request.header, now))
    if replies.parse_object(request.body).get("grantType") != _GRANT:
        raise SnapProblem("grantType")
    return replies.reply(
        200,
        Service.TOKEN,
        0,
        accessToken=partner.tokens.issue(partner.client_id, now),
        tokenType="Bearer",
        expiresIn=str(int(partner.tokens.lifetime.total_seconds())),
    )
