from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from gateway.domain.routing import SERVICES
from gateway.main import build
from gateway.settings import Settings
from shared.clock import FrozenClock
from shared.http import HttpClient
from shared.http import Response as Answer
from shared.principal import Principal, PrincipalVerifier
from shared.server import make_server
from shared.service import Outside, Service

PASSWORD = "tujuh-gajah-menari"


@pytest.fixture
def service_folder() -> Path:
    return Path(__file__).parents[1]


class Upstream:
    """Every service behind the door at once: says what it was asked."""

    def __init__(self, clock: FrozenClock, public_key: str) -> None:
        self._clock = clock
        self._public_key = public_key
        self.streaming = asyncio.Event()
        self.seen: list[Request] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        self.seen.append(request)
        answer = await self._answer(request)
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        path = request.url.path
        if path in {"/live", "/api/v1/events"}:
            return StreamingResponse(self._endless(), media_type="text/event-stream")
        if path == "/static/app-1a2b3c.css":
            kept = {"Cache-Control": "public, max-age=31536000, immutable"}
            return Response("body{}" * 500, headers=kept, media_type="text/css")
        if path == "/internal/audit":
            id_ = "00000000-0000-7000-8000-000000000001"
            row = {"id": id_, "at": "2026-11-23T01:00:00Z", "action": "x", "service": "echo"}
            return JSONResponse({"rows": [row], "count": 1})
        if path == "/internal/audit/chain":
            checked = {"checked_at": "2026-11-22T19:00:00Z", "seals": 3, "unsealed": 0}
            return JSONResponse(checked | {"service": "echo", "broken_no": None})
        if path == "/openapi.json":
            return JSONResponse(DOCUMENT)
        echo = {
            "method": request.method,
            "path": path,
            "query": request.url.query,
            "headers": dict(request.headers),
            "body": (await request.body()).decode(),
        }
        own = {"Set-Cookie": "evil=1", "Server": "secret/1.0", "X-Lunas-Inner": "1", "ETag": '"7"'}
        return JSONResponse(echo, headers=own)

    async def _endless(self) -> AsyncIterator[bytes]:
        yield b"event: hello\n\n"
        self.streaming.set()
        await asyncio.Event().wait()

    def principal(self, echo: Answer, service: str) -> Principal:
        """Verify what came inward, as this service would."""
        token = echo.json()["headers"]["x-lunas-principal"]
        return PrincipalVerifier(self._public_key, service).verify(token, self._clock.now())


DOCUMENT: dict[str, Any] = {
    "paths": {
        "/api/v1/customers": {
            "get": {
                "summary": "List customers",
                "responses": {
                    "200": {"content": {"x": {"schema": {"$ref": "#/components/schemas/View"}}}},
                    "422": {"description": "Validation Error"},
                },
            }
        },
        "/internal/audit": {"get": {}},
    },
    "components": {"schemas": {"View": {"type": "object"}, "ValidationError": {}}},
}


@pytest.fixture
async def upstream(
    tmp_path: Path, clock: FrozenClock, keys: tuple[str, str]
) -> AsyncIterator[Upstream]:
    made = Upstream(clock, keys[1])
    server = make_server(made, f"unix:{tmp_path}/echo")
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup()
    yield made
    server.force_exit = True
    await server.shutdown()


@pytest.fixture
def settings(common_settings: dict[str, Any], keys: tuple[str, str], tmp_path: Path) -> Settings:
    return Settings(
        **common_settings,
        services=dict.fromkeys(SERVICES, f"unix:{tmp_path}/echo"),
        principal_private_key=keys[0],
        csrf_secret="9f2c4b7a1e8d3f6059c2b4a7d1e8f306",
        admin_password=PASSWORD,
        demo_password="lunas-demo",
    )


@pytest.fixture
async def service(settings: Settings, outside: Outside) -> AsyncIterator[Service]:
    made = build(settings, outside)
    for prepare in made.starters:
        await prepare()
    yield made
    for close in made.closers:
        closing = close()
        if isinstance(closing, Awaitable):
            await closing
    await made.engine.dispose()


ORIGIN = {"Host": "lunas.test", "Origin": "http://lunas.test"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Door:
    """Somebody outside, before the door."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.app = next(iter(service.public.values()))
        self._client = HttpClient.of_app(self.app)

    async def ask(self, method: str, path: str, **options: Any) -> Answer:
        headers = {"Host": "lunas.test"} | dict(options.pop("headers", {}))
        return await self._client.request(method, path, headers=headers, **options)

    async def token(self, username: str = "admin", password: str = PASSWORD) -> dict[str, str]:
        """Sign a program in; give its headers."""
        body = {"username": username, "password": password}
        answer = await self.ask("POST", "/api/v1/tokens", json=body)
        assert answer.status_code == 201, answer.text
        return {"Authorization": f"Bearer {answer.json()['token']}"}

    async def sign_in(
        self, username: str = "admin", password: str = PASSWORD, cookie: str = "", **more: str
    ) -> Answer:
        return await self.post_form(
            "/login", {"Cookie": cookie}, username=username, password=password, **more
        )

    async def post_form(
        self, path: str, headers: dict[str, str] | None = None, **fields: str
    ) -> Answer:
        """Send a form of ours."""
        whole = ORIGIN | FORM | (headers or {})
        return await self.ask("POST", path, headers=whole, content=urlencode(fields).encode())

    async def browser(self, username: str = "admin", password: str = PASSWORD) -> dict[str, str]:
        """Sign a browser in; give its headers."""
        answer = await self.sign_in(username, password)
        cookie = answer.headers["set-cookie"].partition(";")[0]
        assert cookie.startswith("__Host-lunas=")
        return ORIGIN | {"Cookie": cookie, "Accept": "text/html"}

    async def csrf(self, browser: dict[str, str]) -> str:
        """Read the token that the dashboard would put into its forms."""
        echo = await self.ask("GET", "/", headers=browser)
        token: str = echo.json()["headers"]["x-lunas-csrf"]
        return token


@pytest.fixture
def door(service: Service, upstream: Upstream) -> Door:
    return Door(service)


@pytest.fixture
async def admin(door: Door) -> dict[str, str]:
    """The headers of a program of Admin's."""
    return await door.token()


MakeUser = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def make_user(door: Door, admin: dict[str, str]) -> MakeUser:
    async def make(username: str = "wawan", role: str = "marketing", **more: Any) -> Any:
        body = {"username": username, "name": f"Bapak {username}", "role": role}
        body |= {"password": PASSWORD} | more
        answer = await door.ask("POST", "/api/v1/users", headers=admin, json=body)
        assert answer.status_code == 201, answer.text
        return json.loads(answer.text)

    return make
