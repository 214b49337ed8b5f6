"""The demo's people at work: each signed in at the gateway, and the bank's teller machine."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import stamina

from launcher.demo.agenda import Json
from launcher.errors import Refusal
from shared.http import HttpClient, Response, Unreachable

PATIENCE_SECONDS = 120.0
"""A busy machine may let a request wait longer than a person would."""


_BUSY = 503


class Office:
    """Calls the public API as somebody; anything but success ends the loading.

    What is not answered is asked again: reading changes nothing, and a write has its key.
    """

    def __init__(self, gateway: str, bank: str) -> None:
        self._gateway = HttpClient(gateway)
        self._bank = HttpClient(bank, timeout_seconds=PATIENCE_SECONDS)  # it pays as often as asked
        self._tokens: dict[str, str] = {}

    async def sign_in(self, username: str, password: str) -> None:
        """Get a token for this person."""
        body = {"username": username, "password": password}
        path = "/api/v1/tokens"
        answer = await _told(lambda: self._gateway.request("POST", path, json=body))
        self._tokens[username] = answer["token"]

    async def get(self, who: str, path: str, **params: Any) -> Json:
        """Read as this person."""
        path, headers = f"/api/v1{path}", self._headers(who)
        return await _told(
            lambda: self._gateway.request("GET", path, headers=headers, params=params)
        )

    async def post(self, who: str, path: str, body: Json, *, key: str) -> Json:
        """Write as this person; the key names the act, so that a repeat changes nothing."""
        headers = self._headers(who) | {"Idempotency-Key": str(uuid5(NAMESPACE_URL, key))}
        path = f"/api/v1{path}"
        return await _told(lambda: self._gateway.request("POST", path, headers=headers, json=body))

    async def pay(self, virtual_account: str, amount_idr: int, paid_at: str) -> Json:
        """Pay at the simulated bank."""
        body = {"virtual_account": virtual_account, "amount_idr": amount_idr, "paid_at": paid_at}
        return _accepted(await self._bank.request("POST", "/simulate/pay", json=body))

    async def close(self) -> None:
        """Let the connections go."""
        await self._gateway.close()
        await self._bank.close()

    def _headers(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens[who]}"}


async def _told(ask: Callable[[], Awaitable[Response]]) -> Json:
    try:
        async for attempt in stamina.retry_context(
            on=Unreachable, attempts=None, timeout=PATIENCE_SECONDS
        ):
            with attempt:
                response = await ask()
                if response.status_code == _BUSY:
                    raise Unreachable
    except Unreachable as error:
        raise Refusal(
            "Data demo: mesin ini terlalu sibuk untuk memuatnya. Tidak ada yang rusak: yang sudah"
            " dimuat dibuang, dan dimuat lagi dari awal pada ./lunas up berikutnya."
        ) from error
    return _accepted(response)


def _accepted(response: Response) -> Json:
    if response.is_success:
        body: Json = response.json()
        return body
    request = response.request
    raise Refusal(
        f"Data demo: {request.method} {request.url.path} dijawab {response.status_code}: "
        f"{response.text[:400]}"
    )
