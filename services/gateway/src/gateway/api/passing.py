"""Making a passage: what a service is asked, by whom, and what goes along."""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import ASGIApp

from gateway.api.headers import STATIC
from gateway.api.house import CREDENTIAL, House
from gateway.api.proxy import Passage, Seats, Stream, inward
from gateway.api.visitor import Visitor, csrf_of, is_still, seconds_left, target_of
from gateway.domain.routing import audience
from gateway.handlers.upstreams import OWN
from shared.operations import SIGNED_IN, Operation
from shared.principal import HEADER

SECONDS_INWARD = "X-Lunas-Session-Seconds"
CSRF_INWARD = "X-Lunas-CSRF"
HOOKS = "/api/v1/hooks/"
_NOT_FOUND_PAGE = Operation("GET", "/404", "dashboard", SIGNED_IN)
"""No route of the dashboard has this path, so it answers as it does for what is not there."""


class Passing:
    """Sends requests inward with the signed principal of their visitor."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._seats = Seats()

    async def on(self, request: Request, operation: Operation, visitor: Visitor) -> ASGIApp:
        """Pass a request on to the service of its operation."""
        client = self._house.upstreams.client(operation.service, stream=operation.stream)
        passage = Passage(
            client=client,
            method=operation.method,
            path=target_of(request),
            headers=self._headers(request, operation, visitor),
            content=await _body(request),
            cacheable=operation.path.startswith(STATIC),
        )
        if not operation.stream:
            return passage
        return self._stream(passage.endless(), visitor)

    def _stream(self, passage: Passage, visitor: Visitor) -> Stream:
        assert visitor.principal is not None, "no stream is open to all"
        return Stream(
            passage,
            self._seats.taken_by(visitor.principal.user_id),
            lambda: is_still(visitor, self._house),
            self._house.service.stopping,
        )

    def not_found_page(self, request: Request, visitor: Visitor) -> ASGIApp:
        """Let the dashboard say that there is no such page; no other path of it is asked."""
        return Passage(
            client=self._house.upstreams.client("dashboard"),
            method="GET",
            path=_NOT_FOUND_PAGE.path,
            headers=self._headers(request, _NOT_FOUND_PAGE, visitor),
            status=404,
        )

    def _headers(self, request: Request, operation: Operation, visitor: Visitor) -> dict[str, str]:
        headers = inward(request.headers)
        if operation.service in {OWN, "dashboard"} and visitor.credential_id is not None:
            # POST /me/confirm is about the very credential that it carries; a page of the
            # dashboard names it to say which of the caller's sessions is this one
            headers[CREDENTIAL] = str(visitor.credential_id)
        if operation.service == OWN and "authorization" in request.headers:
            # stays in this process: DELETE /tokens/current ends the very token it carries
            headers["authorization"] = request.headers["authorization"]
        if operation.path.startswith(HOOKS) and "authorization" in request.headers:
            # a carrier's signature over the body, for the service that keeps its secret
            headers["authorization"] = request.headers["authorization"]
        if visitor.principal is None:
            return headers
        now = self._house.service.clock.now()
        token = self._house.upstreams.token(visitor.principal, audience(operation), now)
        headers[HEADER] = token
        if visitor.by_cookie and operation.service == "dashboard":
            headers[CSRF_INWARD] = csrf_of(visitor, self._house)
            headers[SECONDS_INWARD] = str(seconds_left(visitor, now))
        return headers


async def _body(request: Request) -> bytes | None:
    """Give the body of a change; what comes along with a GET is never read (B4)."""
    return None if request.method in {"GET", "HEAD"} else await request.body() or None
