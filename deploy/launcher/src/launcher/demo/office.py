"""The demo's people at work: each signed in at the gateway, and the bank's teller machine."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from launcher.demo.agenda import Json
from launcher.errors import Refusal
from shared.http import HttpClient, Response


class Office:
    """Calls the public API as somebody; anything but success ends the loading."""

    def __init__(self, gateway: str, bank: str) -> None:
        self._gateway = HttpClient(gateway)
        self._bank = HttpClient(bank)
        self._tokens: dict[str, str] = {}

    async def sign_in(self, username: str, password: str) -> None:
        """Get a token for this person."""
        body = {"username": username, "password": password}
        answer = _accepted(await self._gateway.request("POST", "/api/v1/tokens", json=body))
        self._tokens[username] = answer["token"]

    async def get(self, who: str, path: str, **params: Any) -> Json:
        """Read as this person."""
        return _accepted(
            await self._gateway.request(
                "GET", f"/api/v1{path}", headers=self._headers(who), params=params
            )
        )

    async def post(self, who: str, path: str, body: Json, *, key: str) -> Json:
        """Write as this person; the key names the act, so that a repeat changes nothing."""
        headers = self._headers(who) | {"Idempotency-Key": str(uuid5(NAMESPACE_URL, key))}
        return _accepted(
            await self._gateway.request("POST", f"/api/v1{path}", headers=headers, json=body)
        )

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


def _accepted(response: Response) -> Json:
    if response.is_success:
        body: Json = response.json()
        return body
    request = response.request
    raise Refusal(
        f"Data demo: {request.method} {request.url.path} dijawab {response.status_code}: "
        f"{response.text[:400]}"
    )
