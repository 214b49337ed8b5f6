"""The services behind the door."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from starlette.types import ASGIApp

from gateway.domain.routing import SERVICES
from shared.http import HttpClient, Response
from shared.principal import HEADER, Principal, sign

OWN = "gateway"
_STREAMS_MAX = 2000


class AddressMissing(Exception):
    """A service of the catalogue has no base address; the gateway refuses to start."""


class Upstreams:
    """One client per service, and the pen that signs who is asking (A5).

    Streams have clients of their own, so that many open pages never starve a request.
    """

    def __init__(self, bases: Mapping[str, str], private_key: str, own_app: ASGIApp) -> None:
        others = SERVICES - {OWN}
        if missing := others - set(bases):
            raise AddressMissing(", ".join(sorted(missing)))
        self._private_key = private_key
        self._clients = {name: HttpClient(bases[name]) for name in others}
        self._clients[OWN] = HttpClient.of_app(own_app)
        self._streams = {name: HttpClient(bases[name], connections=_STREAMS_MAX) for name in others}

    def client(self, service: str, *, stream: bool = False) -> HttpClient:
        """Give the client of a service."""
        return self._streams[service] if stream else self._clients[service]

    def token(self, principal: Principal, audience: list[str], now: datetime) -> str:
        """Sign who is asking, for these services and the next minute only."""
        return sign(principal, self._private_key, audience, now)

    async def ask(
        self, service: str, path: str, principal: Principal | None, now: datetime
    ) -> Response:
        """GET an inner path of one service.

        Raises:
            Unreachable: it does not answer.
        """
        signed = {HEADER: self.token(principal, [service], now)} if principal else {}
        return await self.client(service).request("GET", path, headers=signed)

    async def close(self) -> None:
        """Let the connections go."""
        for client in (*self._clients.values(), *self._streams.values()):
            await client.close()
