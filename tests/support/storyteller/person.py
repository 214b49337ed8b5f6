"""Somebody who uses the public API."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx

from storyteller.house import ADMIN_PASSWORD, House

MARKETING_PASSWORD = "sandi-marketing-untuk-cerita"


class Person:
    """One signed-in user with his token."""

    def __init__(self, house: House, username: str, password: str) -> None:
        self._client = httpx.Client(base_url=f"{house.gateway}/api/v1", timeout=20)
        house.clients.append(self._client)
        answer = self._client.post("/tokens", json={"username": username, "password": password})
        assert answer.status_code == 201, answer.text
        self.user: dict[str, Any] = answer.json()["user"]
        self._client.headers["Authorization"] = f"Bearer {answer.json()['token']}"

    @classmethod
    def admin(cls, house: House) -> Person:
        """Sign in as the first Admin."""
        return cls(house, "admin", ADMIN_PASSWORD)

    def hires(self, house: House, username: str, name: str) -> Person:
        """Make a Marketing and sign in as him."""
        body = {
            "username": username,
            "name": name,
            "role": "marketing",
            "password": MARKETING_PASSWORD,
            "phone": "081290004170",
        }
        self.does("/users", body)
        return Person(house, username, MARKETING_PASSWORD)

    def get(self, path: str, **params: Any) -> httpx.Response:
        """GET and give the raw answer."""
        return self._client.get(path, params=params)

    def sees(self, path: str, **params: Any) -> Any:
        """GET what must be there."""
        answer = self.get(path, **params)
        assert answer.status_code == 200, (path, answer.text[:500])
        is_json = "json" in answer.headers["content-type"]
        return answer.json() if is_json else answer.content

    def post(self, path: str, body: Any = None, key: str | None = None) -> httpx.Response:
        """POST with an Idempotency-Key and give the raw answer."""
        headers = {"Idempotency-Key": key or uuid4().hex}
        return self._client.post(path, json=body, headers=headers)

    def does(self, path: str, body: Any = None, key: str | None = None) -> Any:
        """POST what must work."""
        answer = self.post(path, body, key)
        assert answer.status_code in {200, 201, 202}, (path, answer.status_code, answer.text[:500])
        return answer.json()

    def edits(self, path: str, body: Any, version: int) -> httpx.Response:
        """PATCH with the version he saw."""
        return self._client.patch(path, json=body, headers={"If-Match": f'"{version}"'})

    def deletes(self, path: str) -> httpx.Response:
        """DELETE."""
        return self._client.delete(path)
