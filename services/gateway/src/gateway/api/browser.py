"""Signing in and out from a browser: plain forms, a new session id each time (W1, W4)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.api.house import SOURCE, House
from gateway.api.visitor import COOKIE, check_origin, form_of
from gateway.domain.credentials import Kind
from gateway.domain.paths import local_next, login_path
from gateway.handlers.sign_in import Attempt, end_session, sign_in, sign_out
from shared.principal import Principal
from shared.web.route import ANONYMOUS

_PASSWORD_LENGTH_MAX = 1000


class Browser:
    """The two forms that the gateway answers itself."""

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
        attempt = Attempt(
            form.get("username", ""),
            form.get("password", "")[:_PASSWORD_LENGTH_MAX],
            Kind.SESSION,
            SOURCE.get(),
        )
        async with self._house.transaction(ANONYMOUS) as session:
            done = await sign_in(attempt, self._house.passwords, session)
            if done is None:
                return RedirectResponse(login_path(wanted, failed=True), 303)
            if carried := request.cookies.get(COOKIE):
                await end_session(session, carried)
        answer = RedirectResponse(wanted, 303)
        answer.set_cookie(COOKIE, done.secret, secure=True, httponly=True, samesite="lax")
        return answer

    async def sign_out(self, principal: Principal) -> Response:
        """End the sessions and take the cookie away."""
        async with self._house.transaction(principal) as session:
            await sign_out(session)
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax")
        return answer
