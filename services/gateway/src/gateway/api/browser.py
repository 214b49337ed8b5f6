"""Signing in, confirming and signing out from a browser: plain forms (W1, W4, A8)."""

from __future__ import annotations

import re
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from gateway.api.house import SOURCE, House, place_of
from gateway.api.visitor import COOKIE, Visitor, check_origin, form_of, seconds_left
from gateway.domain.credentials import Kind, new_secret
from gateway.domain.passwords import PasswordNotAccepted
from gateway.domain.paths import code_path, confirm_path, local_next, login_path, password_page
from gateway.domain.second_factor import HALF_FOR
from gateway.domain.throttle import FAMILIAR_FOR
from gateway.handlers import viewing
from gateway.handlers.confirming import Confirmation, Confirmed, confirm
from gateway.handlers.links import LinkOver, use_link
from gateway.handlers.own_account import NewPassword, change_password
from gateway.handlers.sign_in import (
    Attempt,
    charge,
    check_code,
    check_password,
    end_half,
    end_session,
    let_half_in,
    let_in,
    needs_code,
    recognise,
    sign_out,
)
from shared.database import Session
from shared.errors import NotFound, TooOften
from shared.operations import Operation
from shared.principal import Principal
from shared.web.route import ANONYMOUS

_PASSWORD_LENGTH_MAX = 1000
_CODE_LENGTH_MAX = 50
HALF_COOKIE = "__Host-lunas-half"
KNOWN_COOKIE = "__Host-lunas-known"
"""Says only that this browser was here before, so that strangers' failures do not make it wait."""
_KNOWN = re.compile(r"[A-Za-z0-9_-]{43}")


async def _leave_the_old(request: Request, session: Session) -> None:
    """End the session that a browser still carries: signing in makes a new id (W1)."""
    if carried := request.cookies.get(COOKIE):
        await end_session(session, carried)


def _welcome(wanted: str, secret: str, browser: str) -> Response:
    answer = RedirectResponse(wanted, 303)
    _give(answer, COOKIE, secret)
    _give(answer, KNOWN_COOKIE, browser, int(FAMILIAR_FOR.total_seconds()))
    answer.delete_cookie(HALF_COOKIE, secure=True, httponly=True, samesite="lax")
    return answer


def _browser_of(request: Request) -> str:
    """Give what the browser is known by, else what it will be known by."""
    carried = request.cookies.get(KNOWN_COOKIE, "")
    return carried if _KNOWN.fullmatch(carried) else new_secret()


def _give(answer: Response, name: str, value: str, seconds: int | None = None) -> None:
    answer.set_cookie(name, value, seconds, secure=True, httponly=True, samesite="lax")


class Browser:
    """The forms that the gateway answers itself; signing in makes a new session id each time."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def sign_in(self, request: Request) -> Response:
        """Set the cookie and lead on, or back to the form.

        Raises:
            NotOurPage: the form is not ours.
        """
        check_origin(request)
        form = await form_of(request)
        wanted = local_next(form.get("next"))
        browser = _browser_of(request)
        attempt = Attempt(
            form.get("username", ""),
            form.get("password", "")[:_PASSWORD_LENGTH_MAX],
            Kind.SESSION,
            place_of(browser),
        )
        try:
            async with self._house.transaction(ANONYMOUS) as session:
                charged = await charge(attempt, self._house.keys.throttle, session)
        except TooOften as early:
            return RedirectResponse(login_path(wanted, wait=early.fields["seconds"]), 303)
        keys = self._house.keys
        async with self._house.transaction(ANONYMOUS) as session:
            user = await check_password(attempt, charged, keys, session)
            if user is None:
                failed = login_path(wanted, failed=True, wait=charged.wait_seconds)
                return RedirectResponse(failed, 303)
            if await needs_code(user, session):
                half = await let_half_in(user, session)
                answer = RedirectResponse(code_path(wanted), 303)
                _give(answer, HALF_COOKIE, half, int(HALF_FOR.total_seconds()))
                return answer
            done = await let_in(user, Kind.SESSION, attempt.place, keys, session)
            await _leave_the_old(request, session)
        return _welcome(wanted, done.secret, browser)

    async def give_code(self, request: Request) -> Response:
        """Take the code of the second factor from somebody whose password was right.

        Raises:
            NotOurPage: the form is not ours.
        """
        check_origin(request)
        form = await form_of(request)
        wanted, code = local_next(form.get("next")), form.get("code", "")[:_CODE_LENGTH_MAX]
        browser, half = _browser_of(request), request.cookies.get(HALF_COOKIE, "")
        async with self._house.transaction(ANONYMOUS) as session:
            holder = await recognise(session, Kind.HALF, half, use=False)
        if holder is None:
            return RedirectResponse(login_path(wanted), 303)
        user, keys, place = holder.user, self._house.keys, place_of(browser)
        try:
            async with self._house.transaction(ANONYMOUS) as session:
                charged = await keys.throttle.charge_code(user, session)
        except TooOften as early:
            return RedirectResponse(code_path(wanted, early.fields["seconds"], failed=True), 303)
        async with self._house.transaction(ANONYMOUS) as session:
            if not await check_code(user, code, place, keys, session):
                again = code_path(wanted, charged.wait_seconds, failed=True)
                return RedirectResponse(again, 303)
            if not await end_half(session, half):
                return RedirectResponse(login_path(wanted), 303)
            done = await let_in(user, Kind.SESSION, place, keys, session)
            await _leave_the_old(request, session)
        return _welcome(wanted, done.secret, browser)

    async def set_password(self, request: Request) -> Response:
        """Take the password that somebody chose by his link, and lead him to sign in with it.

        Raises:
            NotOurPage: the form is not ours.
        """
        check_origin(request)
        form = await form_of(request)
        secret, browser = form.get("link", ""), _browser_of(request)
        password = form.get("password", "")
        try:
            async with self._house.transaction(ANONYMOUS) as session:
                place = place_of(browser)
                await use_link(secret, password, place, self._house.keys, session)
        except PasswordNotAccepted as refusal:
            return RedirectResponse(password_page(secret, refusal.fields["rule"]), 303)
        except LinkOver:
            return RedirectResponse(password_page(secret), 303)
        answer = RedirectResponse("/login?said=password", 303)
        _give(answer, KNOWN_COOKIE, browser, int(FAMILIAR_FOR.total_seconds()))
        return answer

    async def take(self, operation: Operation, request: Request, visitor: Visitor) -> Response:
        """Take a form of somebody who is signed in."""
        assert visitor.principal is not None
        if operation.path == "/logout":
            return await self.sign_out(visitor.principal)
        if operation.path == "/users/{user_id}/view":
            return await self.start_viewing(request, visitor)
        if operation.path.startswith("/session/"):
            left = seconds_left(visitor, self._house.service.clock.now())
            return JSONResponse({"seconds": left, "final": visitor.final})
        if operation.path == "/view/end":
            return await self.end_viewing(visitor)
        if operation.path == "/profile/password":
            return await self.change_password(request, visitor)
        return await self.confirm(request, visitor)

    async def confirm(self, request: Request, visitor: Visitor) -> Response:
        """Take the password again and lead back to the page that asked for it."""
        assert visitor.principal is not None
        assert visitor.credential_id is not None
        form = await form_of(request)
        wanted = form.get("next", "")
        password = form.get("password", "")[:_PASSWORD_LENGTH_MAX]
        confirmation = Confirmation(visitor.credential_id, password, SOURCE.get())
        async with self._house.transaction(visitor.principal) as session:
            done = await confirm(confirmation, self._house.passwords, session)
        if done is Confirmed.ENDED:
            return RedirectResponse(login_path(wanted), 303)
        return RedirectResponse(confirm_path(wanted, failed=done is Confirmed.REFUSED), 303)

    async def start_viewing(self, request: Request, visitor: Visitor) -> Response:
        """Look at the dashboard as a Marketing sees it.

        Raises:
            NotFound: there is no such user.
            NotToBeViewed: he is none to look through.
        """
        assert visitor.principal is not None
        assert visitor.credential_id is not None
        try:
            user_id = UUID(request.scope["path"].split("/")[2])
        except ValueError:
            raise NotFound from None
        async with self._house.transaction(visitor.principal) as session:
            secret = await viewing.start(visitor.credential_id, user_id, session)
        answer = RedirectResponse("/", 303)
        _give(answer, COOKIE, secret)
        return answer

    async def end_viewing(self, visitor: Visitor) -> Response:
        """Be oneself again, on the page where the look began."""
        assert visitor.principal is not None
        assert visitor.credential_id is not None
        async with self._house.transaction(visitor.principal) as session:
            secret, viewed = await viewing.end(visitor.credential_id, session)
        answer = RedirectResponse(f"/users/{viewed}" if viewed else "/", 303)
        _give(answer, COOKIE, secret)
        return answer

    async def change_password(self, request: Request, visitor: Visitor) -> Response:
        """Change one's own password, and go on here with a new session."""
        assert visitor.principal is not None
        assert visitor.credential_id is not None
        form, browser = await form_of(request), _browser_of(request)
        present = form.get("present", "")[:_PASSWORD_LENGTH_MAX]
        chosen, place = form.get("password", ""), place_of(browser)
        wanted = NewPassword(visitor.credential_id, present, chosen, place)
        try:
            async with self._house.transaction(visitor.principal) as session:
                done, signed_in = await change_password(wanted, self._house.keys, session)
        except PasswordNotAccepted as refusal:
            return RedirectResponse(f"/profile?rule={refusal.fields['rule']}", 303)
        if done is Confirmed.ENDED:
            return RedirectResponse(login_path("/profile"), 303)
        if signed_in is None:
            return RedirectResponse("/profile?rule=present", 303)
        return _welcome("/profile?said=password", signed_in.secret, browser)

    async def sign_out(self, principal: Principal) -> Response:
        """End the sessions and take the cookie away."""
        async with self._house.transaction(principal) as session:
            await sign_out(session)
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax")
        return answer
