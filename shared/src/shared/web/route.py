"""The one kind of route: permission, one transaction, idempotency, retries, commit, answer."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.exceptions import HTTPException

from shared.database import TRIES, Session, may_succeed_again
from shared.errors import (
    ConfirmationNeeded,
    Forbidden,
    Invalid,
    NotFound,
    Unauthenticated,
    Unavailable,
    VersionMissing,
)
from shared.operations import BY_ROUTE, PUBLIC, SIGNED_IN, Operation
from shared.principal import HEADER, SYSTEM_ID, Principal
from shared.web.idempotency import HEADER as KEY_HEADER
from shared.web.idempotency import Claim

if TYPE_CHECKING:
    from shared.service import Service


class NotText(Invalid):
    """An address with NUL in it."""

    detail = "Alamat ini berisi tanda yang bukan teks. Periksa alamatnya."


Answer = Callable[[Request], Coroutine[Any, Any, Response]]

_BUSY = (OperationalError, InterfaceError, PoolExhausted, OSError, TimeoutError)  # R7, R8
_JSON = "application/json"
ANONYMOUS = Principal(SYSTEM_ID, "", "anonymous", SYSTEM_ID)
"""Nobody: sees the customers of nobody."""


class UndeclaredRoute(Exception):
    """A route that the catalogue of operations does not hold; the service refuses to start."""


class ServiceRoute(APIRoute):
    """A route whose operation is declared in ``shared.operations``."""

    def get_route_handler(self) -> Answer:
        return _Edge(self.operation(), super().get_route_handler()).answer

    def operation(self) -> Operation:
        """Find the declaration of this route.

        Raises:
            UndeclaredRoute: there is none (A1).
        """
        method = next(iter(self.methods or {"GET"}))
        try:
            return BY_ROUTE[method, self.path]
        except KeyError:
            raise UndeclaredRoute(f"{method} {self.path}") from None


class ServiceRouter(APIRouter):
    """A router of such routes; paths are written in full, as the catalogue has them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(route_class=ServiceRoute, **options)


class _Edge:
    """What happens around a path function."""

    def __init__(self, operation: Operation, path_function: Answer) -> None:
        self._operation = operation
        self._path_function = path_function

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        principal = authorise(request, self._operation)
        request.state.principal = principal
        require_text(request)
        if self._operation.stream:
            return await self._path_function(request)
        _require_kind(request, "multipart/form-data" if self._operation.upload else _JSON)
        for attempt in range(1, TRIES + 1):
            try:
                return await self._in_transaction(request, principal)
            except _BUSY as error:
                if attempt == TRIES or not self._may_repeat(request, error):
                    raise Unavailable from error
            except DBAPIError as error:
                if attempt == TRIES or not may_succeed_again(error):
                    raise
        raise AssertionError("unreachable")

    async def _in_transaction(self, request: Request, principal: Principal) -> Response:
        service: Service = request.app.state.service
        async with service.sessions.begin(principal) as session:
            request.state.session = session
            if self._operation.money or self._brings_a_key(request):
                return await self._once(request, session)
            return await self._path_function(request)

    def _may_repeat(self, request: Request, error: Exception) -> bool:
        """A lost connection may have lost the answer to a commit: repeat only what has no effect,
        or has it once by its key."""
        lost = isinstance(error, DBAPIError) and error.connection_invalidated
        once = self._operation.money or self._brings_a_key(request)
        return lost and (request.method == "GET" or once)

    def _brings_a_key(self, request: Request) -> bool:
        """A key is required where money moves, and honoured wherever a known user makes something.

        Never for the public: what one nobody was answered is not for the next.
        """
        known = self._operation.permission != PUBLIC
        known = known and not self._operation.told_once
        return known and request.method == "POST" and KEY_HEADER in request.headers

    async def _once(self, request: Request, session: Session) -> Response:
        claim = Claim(request, self._operation, session)
        body = await request.body()
        past = await claim.past_answer(body)
        if past is not None:
            return past
        answer = await self._path_function(request)
        await claim.store(body, answer)
        return answer


def authorise(request: Request, operation: Operation) -> Principal:
    """Check who asks and whether his role has the function.

    Raises:
        Unauthenticated: no valid token came along.
        Forbidden: the role lacks the permission.
        ConfirmationNeeded: the act is sensitive and his password was not given lately (A8).
    """
    service: Service = request.app.state.service
    token = request.headers.get(HEADER)
    if token is None:
        if operation.permission == PUBLIC:
            return ANONYMOUS
        raise Unauthenticated
    principal = service.verifier.verify(token, service.clock.now())
    open_to_all = operation.permission in {PUBLIC, SIGNED_IN}
    if not open_to_all and operation.permission not in principal.permissions:
        raise Forbidden
    if operation.confirmed and not principal.confirmed:
        raise ConfirmationNeeded
    return principal


def _require_kind(request: Request, wanted: str) -> None:
    if request.method not in {"POST", "PUT", "PATCH"}:
        return
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    empty = request.headers.get("content-length", "0") == "0"
    if kind != wanted and not (empty and not kind):
        raise HTTPException(415)


def require_text(request: Request) -> None:
    """Refuse an address that no database can hold, before anybody looks it up (B5).

    Raises:
        NotFound: there is NUL in its path, so nothing is there.
        NotText: there is NUL in its query.
    """
    if any("\x00" in str(value) for value in request.path_params.values()):
        raise NotFound
    for name, value in request.query_params.multi_items():
        if "\x00" in value:
            raise NotText(field=name)


def _session(request: Request) -> Session:
    session: Session = request.state.session
    return session


def _principal(request: Request) -> Principal:
    principal: Principal = request.state.principal
    return principal


def read_version(if_match: str | None) -> int:
    """Read the version out of ``If-Match``.

    Raises:
        VersionMissing: there is none in it.
    """
    try:
        return int((if_match or "").strip().strip('"'))
    except ValueError:
        raise VersionMissing from None


def _if_match(if_match: Annotated[str | None, Header()] = None) -> int:
    return read_version(if_match)


Transaction = Annotated[Session, Depends(_session)]
"""The request's session; the edge commits it before the answer leaves."""

Caller = Annotated[Principal, Depends(_principal)]
"""Who asks."""

IfMatch = Annotated[int, Depends(_if_match)]
"""The version that the writer saw (K4)."""
