"""Signing in, confirming and signing out from a browser: plain forms (W1, W4, A8)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.api.house import SOURCE, House
from gateway.api.visitor import COOKIE, Visitor, check_origin, form_of
from gateway.domain.credentials import Kind
from gateway.domain.passwords import PasswordNotAccepted
from gateway.domain.paths import confirm_path, local_next, login_path, password_page
from gateway.handlers.confirming import Confirmation, Confirmed, confirm
from gateway.handlers.links import LinkOver, use_link
from gateway.handlers.sign_in import Attempt, end_session, sign_in, sign_out
from shared.principal import Principal
from shared.web.route import ANONYMOUS

_PASSWORD_LENGTH_MAX = 1000


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

    async def set_password(self, request: Request) -> Response:
        """Take the password that somebody chose by his link, and lead him to sign in with it.

        Raises:
            NotOurPage: the form is not ours.
        """
        check_origin(request)
        form = await form_of(request)
        secret = form.get("link", "")
        password = form.get("password", "")
        try:
            async with self._house.transaction(ANONYMOUS) as session:
                await use_link(secret, password, SOURCE.get(), self._house.passwords, session)
        except PasswordNotAccepted as refusal:
            return RedirectResponse(password_page(secret, refusal.fields["rule"]), 303)
        except LinkOver:
            return RedirectResponse(password_page(secret), 303)
        return RedirectResponse("/login?said=password", 303)

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

    async def sign_out(self, principal: Principal) -> Response:
        """End the sessions and take the cookie away."""
        async with self._house.transaction(principal) as session:
            await sign_out(session)
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax")
        return answer
