"""Asking the services behind the pages, as the person who looks at the page (A5)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter

from dashboard.domain.files import File
from dashboard.domain.refusals import Outdated, Refused
from shared.errors import ConfirmationNeeded, NotFound, Unauthenticated, Unavailable
from shared.http import HttpClient, Response
from shared.principal import HEADER

BASE = "/api/v1"
CREDENTIAL = "X-Lunas-Credential"
"""Names which of his sessions the reader looks from; it only ever chooses among his own."""
_CONFIRM, _SECOND_PERSON = "/problems/confirmation-needed", "/problems/second-person-needed"
Kind = TypeVar("Kind")


class Services:
    """One client per service, for the life of the process."""

    def __init__(self, clients: Mapping[str, HttpClient]) -> None:
        self._clients = clients

    def reader(self, token: str) -> Reader:
        """Ask with a person's own token; an empty one stands for nobody."""
        return Reader(self._clients, token)

    def stranger(self) -> Reader:
        """Ask as nobody: only what is open to all is answered."""
        return Reader(self._clients, "")

    async def close(self) -> None:
        """Let the connections go."""
        for client in self._clients.values():
            await client.close()


class Reader:
    """What one request may ask; each answer is already in the person's scope."""

    def __init__(self, clients: Mapping[str, HttpClient], token: str) -> None:
        self._clients = clients
        self._token = token

    async def get(self, service: str, path: str, kind: type[Kind], **params: object) -> Kind:
        """Read one answer.

        Raises:
            NotFound: it is not there, or not his.
            Unavailable: the service does not answer.
        """
        given = {name.rstrip("_"): value for name, value in params.items() if value}
        response = await self._ask(service, "GET", path, params=given)
        return _read(response, kind)

    async def send(
        self,
        service: str,
        method: str,
        path: str,
        body: Mapping[str, Any],
        kind: type[Kind],
        **headers: str,
    ) -> Kind:
        """Change something; ``key`` and ``version`` become the headers they stand for.

        Raises:
            Refused: the input or the present state does not allow it.
            Outdated: somebody else changed it first.
        """
        sent = {}
        if key := headers.get("key"):
            sent["Idempotency-Key"] = key
        if credential := headers.get("credential"):
            sent[CREDENTIAL] = credential
        if version := headers.get("version"):
            sent["If-Match"] = f'"{version}"'
        return _read(await self._ask(service, method, path, json=dict(body), headers=sent), kind)

    async def upload(
        self,
        service: str,
        path: str,
        fields: Mapping[str, str],
        file: File,
        kind: type[Kind],
        *,
        key: str,
    ) -> Kind:
        """Hand a file over; the same key and input are the same bytes, so a repeat is known (I).

        Raises:
            Refused: the input or the present state does not allow it.
        """
        boundary = hashlib.sha256(key.encode() + file.content).hexdigest()
        headers = {
            "Idempotency-Key": key,
            "Content-Type": f"multipart/form-data; boundary={boundary}",
        }
        files = {"file": (file.name, file.content)}
        response = await self._ask(service, "POST", path, headers=headers, form=fields, files=files)
        return _read(response, kind)

    async def _ask(
        self,
        service: str,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Response:
        client = self._clients.get(service)
        if client is None:
            raise Unavailable
        who = {HEADER: self._token} if self._token else {}
        known = {**who, **(headers or {})}
        return await client.request(method, BASE + path, headers=known, **more)


def _read(response: Response, kind: type[Kind]) -> Kind:
    if response.status_code < 300:
        return TypeAdapter(kind).validate_json(response.content or b"{}")
    raise _refusal(response)


def _refusal(response: Response) -> Exception:
    status = response.status_code
    if status == 401:
        return Unauthenticated()
    problem = _problem(response)
    if problem.get("type") == _CONFIRM:
        return ConfirmationNeeded()
    if status in {403, 404} and problem.get("type") != _SECOND_PERSON:
        return NotFound()
    if status == 412:
        return Outdated(version=problem.get("version", ""))
    if status in {400, 403, 409, 413, 422, 428}:
        return Refused.of(problem)
    return Unavailable()


def _problem(response: Response) -> dict[str, Any]:
    if "json" not in response.headers.get("content-type", ""):
        return {}
    body = response.json()
    return body if isinstance(body, dict) else {}
