"""How the door says no: problem details to programs, a page or a way on to people."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from gateway.api import plain
from gateway.api.visitor import is_api, target_of
from gateway.domain.paths import HOME, local_next, login_path
from shared import context
from shared.errors import Forbidden, Unauthenticated
from shared.web import problems

_READING = {"GET", "HEAD"}
SECOND_FACTOR = "/profile/second-factor"


class SecondFactorMissing(Forbidden):
    """Admin works only with a second factor here, and has none yet."""

    detail = "Admin perlu mengaktifkan faktor kedua lebih dahulu, di halaman Profil."


async def domain(request: Request, error: Exception) -> Response:
    """Answer an expected refusal."""
    return _for_people(request, await problems.domain_problem(request, error))


async def http(request: Request, error: Exception) -> Response:
    """Answer what routing refuses."""
    return _for_people(request, await problems.http_problem(request, error))


def limit(request: Request, status: int, title: str, detail: str) -> Response:
    """Answer what is too large, too slow or cut off."""
    return _for_people(request, problems.problem(request, status, title, detail))


def to_sign_in(request: Request) -> Response:
    """Lead a person to the sign-in page and back; tell a program that it must sign in.

    Raises:
        Unauthenticated: a program asks.
    """
    if request.headers.get("hx-request") == "true" and not is_api(request):
        target = login_path(_local(request.headers.get("hx-current-url")))
        return Response(status_code=401, headers={"HX-Redirect": target})
    if not _is_navigation(request):
        raise Unauthenticated
    if request.method in _READING:
        wanted = target_of(request)
    else:
        wanted = _local(request.headers.get("referer"))
    return RedirectResponse(login_path(wanted), 303)


def to_second_factor(request: Request) -> Response:
    """Lead a person to set up his second factor; tell a program that somebody has to.

    Raises:
        SecondFactorMissing: a program asks, or a part of a page.
    """
    if not _is_navigation(request):
        raise SecondFactorMissing
    return RedirectResponse(SECOND_FACTOR, 303)


def _local(address: str | None) -> str:
    """Keep path and query of a page's full address; where it lies is checked later."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return HOME
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _for_people(request: Request, answer: Response) -> Response:
    if not _is_navigation(request):
        return answer
    detail = json.loads(bytes(answer.body))["detail"]
    kept = {n: v for n, v in answer.headers.items() if n in {"retry-after", "allow"}}
    back = HOME if request.method in _READING else _local(request.headers.get("referer"))
    body = plain.refusal(answer.status_code, detail, context.correlation_id(), local_next(back))
    return HTMLResponse(body, answer.status_code, kept)


def _is_navigation(request: Request) -> bool:
    """Tell whether a person's browser opens or sends a page (and not a part of one)."""
    if is_api(request) or request.headers.get("hx-request") == "true":
        return False
    return "text/html" in request.headers.get("accept", "")
