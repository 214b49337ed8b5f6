"""No other web page may press the sandbox's buttons (W4).

The sandbox has no sign-in, so a token would protect nothing; a browser tells where a request
comes from, and a program sends neither header. ``Sec-Fetch-Site`` is decisive where it is sent:
no page can forge it, while ``Origin`` is "null" from pages that send no referrer, as ours.
"""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.web.problems import problem

_OWN = {"same-origin", "none"}


class SameOrigin:
    """Refuses a request that changes something and comes from another site."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in {"GET", "HEAD"}:
            request = Request(scope)
            if not _is_own(request):
                detail = "Permintaan ini datang dari situs lain. Tidak ada yang berubah."
                await problem(request, 403, "Cross site", detail)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _is_own(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in _OWN
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
