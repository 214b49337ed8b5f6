"""The door: every request from outside comes through here."""

from __future__ import annotations

import re

from starlette.exceptions import HTTPException
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.api import refusals
from gateway.api.browser import Browser
from gateway.api.compressed import Compressed
from gateway.api.headers import SecureHeaders
from gateway.api.house import AGENT, SOURCE, House
from gateway.api.passing import Passing
from gateway.api.visitor import Visitor, check_browser, visitor_of
from gateway.domain.guesses import Guesses
from gateway.domain.paths import TARGET_LENGTH_MAX, is_plain
from gateway.domain.routing import Routes
from gateway.handlers.denials import note_denial
from shared.errors import ConfirmationNeeded, DomainError, Forbidden
from shared.operations import DOOR, PUBLIC, SIGNED_IN, Operation
from shared.principal import Principal
from shared.web import problems
from shared.web.limits import BodyLimit
from shared.web.observe import Observe

_READING = {"GET", "HEAD"}
_AGENT_LENGTH_MAX = 300
_WITHOUT_FACTOR = re.compile(
    r"/(profile/second-factor|confirm|session|logout)|/api/v1/(me|tokens/current)(/|$)"
)
"""What somebody may do who must have a second factor and has none: set it up, and leave."""
_ALSO_VIEWING = {"/view/end", "/session/keep", "/logout"}


class OnlyLooking(Forbidden):
    """An Admin looks through the eyes of a Marketing; nothing can be changed meanwhile."""

    detail = (
        "Anda sedang melihat sebagai {name} dan hanya dapat membaca. Tidak ada yang berubah."
        " Akhiri dahulu lewat tombol di atas halaman."
    )


def make_door(house: House) -> ASGIApp:
    """Make the public app: headers, log, limits and errors around the door."""
    handlers = {DomainError: refusals.domain, HTTPException: refusals.http}
    bounded = BodyLimit(Door(house), answer=refusals.limit)
    guarded = ExceptionMiddleware(bounded, handlers=handlers)
    whole = ServerErrorMiddleware(guarded, handler=problems.defect)
    return SecureHeaders(Observe(Compressed(whole), "door"))


class Door:
    """Finds out who asks and what for, refuses or passes on."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._routes = Routes()
        self._browser = Browser(house)
        self._passing = Passing(house)
        self._guesses = Guesses()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        SOURCE.set(request.client.host if request.client else "?")
        agent = request.headers.get("user-agent", "")[:_AGENT_LENGTH_MAX]
        AGENT.set(agent if agent.isprintable() else "")
        answer = await self._answer(request)
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> ASGIApp:
        path = request.scope["path"]
        if path == "/healthz" and request.method in _READING:
            return JSONResponse({"status": "ok"})
        if len(path) + len(request.scope["query_string"]) > TARGET_LENGTH_MAX:
            raise HTTPException(414)
        operation = self._routes.find(request.method, path) if is_plain(path) else None
        if operation is None:
            return await self._unknown(request, path)
        if operation.stream and request.method == "HEAD":
            raise _no_such(["GET"])
        if operation.permission == PUBLIC:
            return await self._open_to_all(request, operation)
        return await self._signed_in_only(request, operation)

    async def _open_to_all(self, request: Request, operation: Operation) -> ASGIApp:
        if operation.method == "POST" and operation.path == "/login":
            return await self._browser.sign_in(request)
        if operation.method == "POST" and operation.path == "/login/code":
            return await self._browser.give_code(request)
        if operation.method == "POST" and operation.path == "/password":
            return await self._browser.set_password(request)
        now = self._house.service.clock.now()
        if operation.guessed and not self._guesses.take(SOURCE.get(), now):
            raise HTTPException(429, headers={"Retry-After": "60"})
        return await self._passing.on(request, operation, Visitor())

    async def _signed_in_only(self, request: Request, operation: Operation) -> ASGIApp:
        use = not operation.stream and operation.path != "/session/left"
        visitor = await visitor_of(request, self._house, use=use)
        principal = visitor.principal
        if principal is None:
            return refusals.to_sign_in(request)
        try:
            await check_browser(request, visitor, self._house)
        except Forbidden:
            await self._note_denial(operation, principal, "not our page")
            raise
        if principal.viewing and operation.method != "GET" and operation.path not in _ALSO_VIEWING:
            await self._note_denial(operation, principal, "only looking")
            raise OnlyLooking(name=principal.viewing)
        if self._lacks_second_factor(visitor, operation):
            return refusals.to_second_factor(request)
        if operation.permission in principal.permissions | {SIGNED_IN}:
            return await self._allowed(request, operation, visitor)
        await self._note_denial(operation, principal, "permission missing")
        if _is_api(operation.path) or request.method not in _READING:
            raise Forbidden
        return self._passing.not_found_page(request, visitor)

    async def _allowed(self, request: Request, operation: Operation, visitor: Visitor) -> ASGIApp:
        assert visitor.principal is not None
        if operation.confirmed and not visitor.principal.confirmed:
            raise ConfirmationNeeded
        if operation in DOOR:
            return await self._browser.take(operation, request, visitor)
        return await self._passing.on(request, operation, visitor)

    def _lacks_second_factor(self, visitor: Visitor, operation: Operation) -> bool:
        """Tell whether somebody has to set one up before anything else."""
        assert visitor.principal is not None
        required = self._house.requires_second_factor(visitor.principal)
        own = _WITHOUT_FACTOR.match(operation.path) is not None
        return required and not visitor.second_factor and not own

    async def _note_denial(self, operation: Operation, principal: Principal, why: str) -> None:
        async with self._house.transaction(principal) as session:
            note_denial(session, f"{operation.method} {operation.path}", why, SOURCE.get())

    async def _unknown(self, request: Request, path: str) -> ASGIApp:
        """Answer for a path or method that nobody serves."""
        methods = self._routes.methods(path) if is_plain(path) else []
        if _is_api(path):
            raise _no_such(methods)
        visitor = await visitor_of(request, self._house)
        if visitor.principal is None:
            return refusals.to_sign_in(request)
        if methods or request.method not in _READING:
            raise _no_such(methods)
        return self._passing.not_found_page(request, visitor)


def _is_api(path: str) -> bool:
    return path.startswith("/api/")


def _no_such(methods: list[str]) -> HTTPException:
    if methods:
        return HTTPException(405, headers={"Allow": ", ".join(methods)})
    return HTTPException(404)
