"""Who stands at the door, and whether his browser speaks for him (W1, W4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import parse_qs
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from gateway.api.house import House
from gateway.api.identity import bearer_secret
from gateway.domain.browser import csrf_token, is_same_origin, is_same_token
from gateway.domain.credentials import TOUCH_EVERY, Kind, end_of, secret_hash
from gateway.domain.paths import encoded, encoded_query
from gateway.handlers.sign_in import principal_of, recognise
from shared.errors import Forbidden
from shared.principal import Principal
from shared.web.route import ANONYMOUS

COOKIE = "__Host-lunas"
CSRF_HEADER, CSRF_FIELD = "X-CSRF-Token", "csrf_token"
_FORM, _FORM_WITH_FILE = "application/x-www-form-urlencoded", "multipart/form-data"
_FIELDS_MAX, _FILES_MAX = 2000, 1
_SAFE = {"GET", "HEAD"}


class NotOurPage(Forbidden):
    """A browser sent a change that did not come from a page of this session."""

    detail = "Permintaan ini tidak berasal dari halaman yang masih berlaku. Muat ulang halaman."


@dataclass(frozen=True)
class Visitor:
    """A request's credential and whom it stands for; ``principal`` is None for nobody.

    ``ends_at`` is when it ends without further use; ``final`` when use no longer helps.
    """

    kind: Kind = Kind.SESSION
    secret: str = ""
    principal: Principal | None = None
    credential_id: UUID | None = None
    second_factor: bool = False
    ends_at: datetime | None = None
    final: bool = False

    @property
    def by_cookie(self) -> bool:
        return self.principal is not None and self.kind is Kind.SESSION


def is_api(request: Request) -> bool:
    """Tell whether a program's part of the house is meant; ``request.url`` would trust Host."""
    return str(request.scope["path"]).startswith("/api/")


def target_of(request: Request) -> str:
    """Give path and query, encoded."""
    query = encoded_query(request.scope["query_string"])
    return encoded(request.scope["path"]) + (f"?{query}" if query else "")


async def visitor_of(request: Request, house: House, *, use: bool = True) -> Visitor:
    """Resolve the credential; a page takes only the cookie, and a token outranks the cookie."""
    claimed = _claimed(request)
    if not claimed.secret:
        return claimed
    async with house.transaction(ANONYMOUS) as session:
        holder = await recognise(session, claimed.kind, claimed.secret, use=use)
        now = session.clock.now()
    if holder is None:
        return claimed
    principal, credential = principal_of(holder, now), holder.credential
    seen_at = now if use and now - credential.seen_at >= TOUCH_EVERY else credential.seen_at
    return replace(
        claimed,
        principal=principal,
        credential_id=credential.id,
        second_factor=holder.second_factor,
        ends_at=end_of(claimed.kind, seen_at, credential.expires_at),
        final=end_of(claimed.kind, now, credential.expires_at) == credential.expires_at,
    )


async def is_still(visitor: Visitor, house: House) -> bool:
    """Tell whether the visitor is who he was: neither ended nor disabled nor changed (A6)."""
    async with house.transaction(ANONYMOUS) as session:
        holder = await recognise(session, visitor.kind, visitor.secret, use=False)
        now = session.clock.now()
    return holder is not None and principal_of(holder, now) == visitor.principal


def _claimed(request: Request) -> Visitor:
    authorization = request.headers.get("authorization")
    if authorization is not None and is_api(request):
        return Visitor(Kind.TOKEN, bearer_secret(authorization) or "")
    return Visitor(Kind.SESSION, request.cookies.get(COOKIE, ""))


def seconds_left(visitor: Visitor, now: datetime) -> int:
    """Give how long the session lives without further use, rounded down."""
    return 0 if visitor.ends_at is None else max(0, int((visitor.ends_at - now).total_seconds()))


def csrf_of(visitor: Visitor, house: House) -> str:
    """Give the token for the forms of this session."""
    secret = house.settings.csrf_secret.get_secret_value()
    return csrf_token(secret, secret_hash(visitor.secret))


async def check_browser(request: Request, visitor: Visitor, house: House) -> None:
    """Accept a change that rides on a cookie only from a page of ours.

    Raises:
        NotOurPage: another site, or no valid token.
    """
    if request.method in _SAFE or not visitor.by_cookie:
        return
    check_origin(request)
    expected = csrf_of(visitor, house)
    given = request.headers.get(CSRF_HEADER)
    if given is None:
        given = (await form_of(request)).get(CSRF_FIELD)
    if not is_same_token(expected, given):
        raise NotOurPage


def check_origin(request: Request) -> None:
    """Accept only what a browser sends from this origin.

    Raises:
        NotOurPage: the headers say otherwise, or nothing.
    """
    headers = request.headers
    host, origin = headers.get("host", ""), headers.get("origin")
    if not is_same_origin(host, origin, headers.get("sec-fetch-site")):
        raise NotOurPage


async def form_of(request: Request) -> dict[str, str]:
    """Read a form; the last value of a field counts. What is no form has no fields."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    if kind == _FORM_WITH_FILE:
        return await _fields_beside_files(request)
    if kind != _FORM:
        return {}
    text = body.decode("utf-8", "replace")
    try:
        fields = parse_qs(text, keep_blank_values=True, max_num_fields=_FIELDS_MAX)
    except ValueError as error:
        raise HTTPException(400) from error
    return {name: values[-1] for name, values in fields.items()}


async def _fields_beside_files(request: Request) -> dict[str, str]:
    try:
        async with request.form(max_files=_FILES_MAX, max_fields=_FIELDS_MAX) as form:
            return {name: text for name, text in form.multi_items() if isinstance(text, str)}
    except MultiPartException as error:
        raise HTTPException(400) from error
