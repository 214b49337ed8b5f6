"""Sign-in and the small pages around."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from dashboard.api.desk import desk_of
from dashboard.api.pages import CSRF_HEADER, PRIVATE, PageRouter, Visiting
from dashboard.domain import finding
from dashboard.domain.forms import number
from dashboard.handlers import notices, recents, search, users

router = PageRouter()
_LONGEST_WAIT = 900
RULES = {
    "length": "Kata sandi perlu 12 sampai 128 huruf atau tanda.",
    "username": "Jangan memakai nama pengguna di dalam kata sandi.",
    "common": "Kata sandi ini terlalu umum dan mudah ditebak. Pilih yang lain.",
}
"""What a password must be, in the words of the page (W2)."""


@router.get("/login")
async def login(request: Request) -> HTMLResponse:
    """Show the sign-in form; the gateway takes its answer."""
    desk, query = desk_of(request), request.query_params
    html = desk.templates.render(
        "login.html",
        company=desk.settings.company,
        csrf=request.headers.get(CSRF_HEADER, ""),
        failed="error" in query,
        wait=wait_of(request),
        next=page_after(request),
        password_set=query.get("said") == "password",
    )
    return HTMLResponse(html, headers=PRIVATE)


@router.get("/password/{secret}")
async def password(request: Request, secret: str, rule: str = "") -> HTMLResponse:
    """Let whoever holds a link choose his password; the gateway takes it."""
    desk = desk_of(request)
    owner = await users.owner_of_link(desk.services.reader(""), secret)
    html = desk.templates.render(
        "password.html",
        company=desk.settings.company,
        owner=owner,
        secret=secret,
        fault=RULES.get(rule, ""),
    )
    return HTMLResponse(html, 200 if owner else 404, headers=PRIVATE)


@router.get("/more")
async def more(visit: Visiting) -> HTMLResponse:
    """Show the rest of the menu, for phones."""
    return await visit.show("more.html")


@router.get("/help")
async def help_page(visit: Visiting) -> HTMLResponse:
    """Show how the work goes and the keyboard's ways."""
    return await visit.show("help.html")


@router.get("/search")
async def search_page(visit: Visiting, q: str = "") -> HTMLResponse:
    """Look everywhere for a text; the palette asks for the hits alone."""
    words = q[:100]
    rights = visit.principal.permissions
    groups = await search.search(visit.reader, words, visit.clock.today(), rights)
    if not words.strip():
        recent = await recents.latest(visit.sessions, visit.principal)
        groups = [finding.recent(recent), *groups] if recent else groups
    if visit.request.headers.get("HX-Target") == "palette-hits":
        html = visit.desk.templates.render("parts/hits.html", q=q, groups=groups, boxed=True)
        return HTMLResponse(html, headers=PRIVATE)
    return await visit.show("search.html", q=words, groups=groups)


@router.get("/notifications")
async def notifications(visit: Visiting) -> HTMLResponse:
    """Show the bell's list."""
    return await visit.show("notifications.html", **await notices.list_notices(visit.reader))


@router.get("/notifications/bell")
async def bell(visit: Visiting, place: str = "desk") -> HTMLResponse:
    """Show the bell alone, with its count."""
    where = "phone" if place == "phone" else "desk"
    return await visit.show("parts/bell.html", place=where)


@router.post("/notifications/read")
async def read_all(visit: Visiting) -> RedirectResponse:
    """Mark all as read."""
    await notices.read_all(visit.reader)
    return visit.go("/notifications", said="read")


def wait_of(request: Request) -> int:
    """Give the seconds of the countdown that the gateway asked for."""
    return min(number(request.query_params.get("wait", "")) or 0, _LONGEST_WAIT)


def page_after(request: Request) -> str:
    """Give the page of ours to land on after signing in."""
    after = request.query_params.get("next", "/")
    return after if _is_ours(after) else "/"


def _is_ours(address: str) -> bool:
    """Only a path of this site; ``//host`` and ``/\\host`` are other sites to a browser."""
    return address.startswith("/") and not address.startswith(("//", "/\\"))
