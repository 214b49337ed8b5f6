"""Pages: a route of its own kind, the visit that a page is made for, and pages of trouble."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.routing import APIRoute
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from dashboard.api.desk import Desk, desk_of
from dashboard.api.trouble import Trouble, trouble_of
from dashboard.domain import status
from dashboard.domain.listing import Listing, ListKind
from dashboard.handlers import people, views
from dashboard.handlers.exceptions import count_open
from dashboard.handlers.notices import unread
from dashboard.store.services import Reader
from shared.database import Sessions
from shared.errors import DomainError, Invalid, NotFound, Unauthenticated, Unavailable
from shared.logs import logger
from shared.operations import Operation
from shared.principal import HEADER, Principal
from shared.web.route import NotText, ServiceRoute, authorise, require_text

CSRF_HEADER = "X-Lunas-CSRF"
SECONDS_HEADER = "X-Lunas-Session-Seconds"
PRIVATE = {"Cache-Control": "no-store"}
SAID = {
    "customer": "Pelanggan tersimpan.",
    "changed": "Perubahan tersimpan.",
    "moved": "Pelanggan dipindahkan.",
    "asked_change": "Permintaan terkirim. Anda diberi tahu di bel setelah Admin memutuskan.",
    "change_applied": "Permintaan dijalankan. Peminta diberi tahu.",
    "change_refused": "Permintaan ditolak. Peminta diberi tahu.",
    "product": "Produk tersimpan.",
    "draft": "Booking tersimpan sebagai draf.",
    "confirmed": "Booking dikonfirmasi. Jadwal dan tagihan pertama sedang dibuat.",
    "cancelled": "Booking dibatalkan.",
    "issued": "Tagihan terbit. VA sedang dibuat di BNI.",
    "voided": "Tagihan dibatalkan.",
    "retried": "Permintaan VA dikirim lagi ke bank.",
    "statement": "Mutasi terimpor.",
    "mended": "Perbaikan tersimpan di impor ini. Data Anda belum berubah.",
    "statement_known": "Semua baris berkas ini sudah dikenal. Tidak ada yang berubah.",
    "asked": "Bank sedang ditanya. Jawabannya muncul di percakapan.",
    "closed": "Hari ditutup. Sertifikatnya di bawah ini.",
    "rules": "Aturan tersimpan. Tagihan yang belum lunas langsung mengikutinya.",
    "message_sent": "Dicatat terkirim.",
    "message_queued": "Pesan menunggu lagi di antrean.",
    "message_skipped": "Pesan dilewati dan tidak akan dikirim.",
    "words": "Kata-kata pesan tersimpan. Pesan berikutnya memakainya.",
    "user": "Pengguna tersimpan.",
    "user_disabled": "Pengguna dinonaktifkan. Semua sesi dan tokennya sudah berakhir.",
    "password": "Kata sandi diganti. Semua perangkat lain sudah keluar.",
    "others_out": "Perangkat dan token lain sudah keluar.",
    "factor_off": "Faktor kedua dimatikan. Masuk hanya meminta kata sandi.",
    "user_factor": "Faktor kedua dihapus. Ia masuk dengan kata sandi saja.",
    "user_enabled": "Pengguna aktif lagi.",
    "kept": "Tampilan tersimpan sebagai tab.",
    "renamed": "Nama tampilan diganti.",
    "forgotten": "Tampilan dihapus. Datanya tidak berubah.",
    "read": "Semua pemberitahuan ditandai dibaca.",
}


@dataclass(frozen=True)
class Page:
    """What the shell shows around every page."""

    name: str
    role: str
    viewing: str
    session_seconds: str
    permissions: frozenset[str]
    csrf: str
    company: str
    unread: int
    open_exceptions: int
    live_after: int
    today: date
    said: str

    @property
    def role_word(self) -> str:
        """The role as people say it."""
        return status.ROLES.get(self.role, "Pengguna")

    def word_of(self, role: str) -> str:
        """Any role as people say it."""
        return status.ROLES.get(role, "Pengguna")

    def may(self, permission: str) -> bool:
        """Tell whether the role has a function; the services check it again."""
        return permission in self.permissions


class Typed(dict[str, str]):
    """The fields of a plain form; a field that was not sent is empty."""

    def __missing__(self, name: str) -> str:
        return ""


class Visit:
    """One request for a page by a person."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.desk: Desk = desk_of(request)
        self.principal: Principal = request.state.principal
        self.clock = request.app.state.service.clock
        self.csrf = request.headers.get(CSRF_HEADER, "")

    @cached_property
    def reader(self) -> Reader:
        """Asks the services as this person."""
        return self.desk.services.reader(self.request.headers.get(HEADER, ""))

    @property
    def query(self) -> dict[str, str]:
        """The address's query; of a repeated name the last value."""
        return dict(self.request.query_params)

    @property
    def phone(self) -> bool:
        """Tell whether the browser calls itself a phone's; it only shortens pages of lists."""
        headers = self.request.headers
        return headers.get("Sec-CH-UA-Mobile") == "?1" or "Mobi" in headers.get("User-Agent", "")

    async def listing(self, kind: ListKind) -> Listing:
        """Read which part of a list the address asks for."""
        owners = await people.sellers_if_any(self.reader, wanted=self.may("users.read"))
        choices = [(str(owner.id), owner.name) for owner in owners]
        offered = kind.with_choices("marketing_id", choices)
        listing = offered.read(self.request.query_params.multi_items(), phone=self.phone)
        saved = await views.of_list(self.sessions, self.principal, offered)
        return replace(listing, saved=saved)

    @property
    def sessions(self) -> Sessions:
        """Opens transactions on the dashboard's own database."""
        found: Sessions = self.request.app.state.service.sessions
        return found

    def may(self, permission: str) -> bool:
        """Tell whether the person's role has a function."""
        return permission in self.principal.permissions

    async def values(self) -> Typed:
        """Read a plain form."""
        form = await self.request.form()
        return Typed((name, value) for name, value in form.items() if isinstance(value, str))

    async def page(self) -> Page:
        """Make what the shell shows."""
        said = SAID.get(self.request.query_params.get("said", ""), "")
        return Page(
            name=self.principal.name,
            role=self.principal.role,
            viewing=self.principal.viewing,
            session_seconds=self.request.headers.get(SECONDS_HEADER, ""),
            permissions=self.principal.permissions,
            csrf=self.csrf,
            company=self.desk.settings.company,
            unread=await unread(self.reader),
            open_exceptions=await count_open(self.reader, wanted=self.may("exceptions.read")),
            live_after=self.desk.hub.newest,
            today=self.clock.today(),
            said=said,
        )

    async def show(self, template: str, status_code: int = 200, **context: Any) -> HTMLResponse:
        """Render a page inside the shell."""
        page = await self.page()
        html = self.desk.templates.render(template, page=page, **context)
        headers = dict(PRIVATE)
        if self.request.headers.get("HX-Target") == "list-rows" and "list" in context:
            headers["HX-Push-Url"] = context["list"].here  # without the fields left empty
        return HTMLResponse(html, status_code, headers=headers)

    def back(self, address: str, said: str) -> RedirectResponse:
        """Send the browser back to an address of ours that has its own query."""
        mark = "&" if "?" in address else "?"
        return RedirectResponse(f"{address}{mark}said={said}", 303, headers=PRIVATE)

    def go(self, path: str, **query: str) -> RedirectResponse:
        """Send the browser on after a form (POST, redirect, GET)."""
        address = f"{path}?{urlencode(query)}" if query else path
        return RedirectResponse(address, 303, headers=PRIVATE)


def _visit(request: Request) -> Visit:
    return Visit(request)


Visiting = Annotated[Visit, Depends(_visit)]
"""The request as a visit."""

Answer = Callable[[Request], Coroutine[Any, Any, Response]]


class PageRoute(ServiceRoute):
    """A declared route that answers a browser: forms in, HTML out, no transaction of ours."""

    def get_route_handler(self) -> Answer:
        return _Door(self.operation(), APIRoute.get_route_handler(self))


class PageRouter(APIRouter):
    """A router of such routes."""

    def __init__(self) -> None:
        super().__init__(route_class=PageRoute, include_in_schema=False)


class _Door:
    """What happens around a page: who comes, and what he sees when it goes wrong."""

    def __init__(self, operation: Operation, path_function: Answer) -> None:
        self._operation = operation
        self._path_function = path_function

    async def __call__(self, request: Request) -> Response:
        try:
            request.state.principal = authorise(request, self._operation)
            require_text(request)
            return await self._path_function(request)
        except Unauthenticated:
            return to_login(request)
        except (RequestValidationError, NotText):
            return await refuse(request, NotFound())
        except ValidationError as error:  # a service answered what we cannot read
            logger("dashboard").error("answer not understood", exc_info=error)
            return await refuse(request, Unavailable())
        except DomainError as error:
            return await refuse(request, error)


def to_login(request: Request) -> Response:
    """Send the browser to the sign-in page, and back afterwards."""
    path = request.url.path
    after = "/" if request.method != "GET" else path
    if request.method == "GET" and request.url.query:
        after = f"{path}?{request.url.query}"
    address = f"/login?next={quote(after, safe='')}"
    if request.headers.get("HX-Request"):
        return Response(status_code=204, headers={"HX-Redirect": address, **PRIVATE})
    return RedirectResponse(address, 303, headers=PRIVATE)


async def refuse(request: Request, error: DomainError) -> Response:
    """Show an expected outcome as a page, in the shell where somebody is signed in."""
    return await _trouble_page(request, trouble_of(error, request.url.path))


async def refused_by_router(request: Request, error: Exception) -> Response:
    """Show what the router itself refuses."""
    assert isinstance(error, HTTPException)
    found = NotFound() if error.status_code in {403, 404, 405} else Invalid()
    return await _trouble_page(request, trouble_of(found, request.url.path), error.status_code)


async def _trouble_page(
    request: Request, trouble: Trouble, status_code: int | None = None
) -> Response:
    page = await _page_if_signed_in(request)
    html = desk_of(request).templates.render("error.html", page=page, trouble=trouble)
    headers = dict(PRIVATE)
    if trouble.status == 503:
        headers["Retry-After"] = "5"
    return HTMLResponse(html, status_code or trouble.status, headers=headers)


async def _page_if_signed_in(request: Request) -> Page | None:
    principal = getattr(request.state, "principal", None)
    if principal is None:
        try:
            principal = authorise(request, _ANYBODY)
        except DomainError:
            return None
        request.state.principal = principal
    if principal.role == "anonymous":
        return None
    return await Visit(request).page()


_ANYBODY = Operation("GET", "/", "dashboard", "signed_in")
