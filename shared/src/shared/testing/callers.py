"""Calling a service's app as somebody, over the real HTTP machinery."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import httpx

from shared import principal as principals
from shared.http import HttpClient, Response
from shared.operations import ROLES
from shared.principal import Principal
from shared.service import Service


def _person(number: int, name: str, role: str) -> Principal:
    user_id = UUID(int=number)
    own = user_id if ROLES[role].scope_kind == "marketing" else None
    return Principal(user_id, name, role, own, ROLES[role].permissions)


ADMIN = _person(0xA, "Ibu Ratna", "admin")
WAWAN = _person(0xB, "Bapak Wawan", "marketing")
SARI = _person(0xC, "Ibu Sari", "marketing")


def confirmed(principal: Principal) -> Principal:
    """The same person, who has just given his password again (A8)."""
    return replace(principal, confirmed=True)


class Caller:
    """One person calling one service."""

    def __init__(self, service: Service, private_key: str, principal: Principal | None) -> None:
        self._service = service
        self._private_key = private_key
        self._principal = principal
        self._client = HttpClient("http://service", httpx.ASGITransport(service.app, False))

    async def get(self, path: str, **options: Any) -> Response:
        """GET; ``params`` as keyword."""
        return await self.call("GET", path, **options)

    async def post(
        self, path: str, json: Any = None, *, key: str | None = None, version: int | None = None
    ) -> Response:
        """POST with a fresh (or the given) Idempotency-Key, and the version where it is an edit."""
        headers = {"Idempotency-Key": key or uuid4().hex}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return await self.call("POST", path, json=json, headers=headers)

    async def patch(self, path: str, json: Any, *, version: int | None) -> Response:
        """PATCH with the version that the writer saw."""
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        return await self.call("PATCH", path, json=json, headers=headers)

    async def delete(self, path: str, **options: Any) -> Response:
        """DELETE."""
        return await self.call("DELETE", path, **options)

    async def call(self, method: str, path: str, **options: Any) -> Response:
        """Any call; adds the signed principal."""
        headers = dict(options.pop("headers", {}))
        if self._principal is not None:
            headers[principals.HEADER] = self._token(self._principal)
        return await self._client.request(method, path, headers=headers, **options)

    def _token(self, principal: Principal) -> str:
        now = self._service.clock.now()
        return principals.sign(principal, self._private_key, [self._service.name], now)
