"""How a simulated carrier misbehaves next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fastapi import HTTPException, Request
from fastapi.responses import JSONResponse, Response


@dataclass
class Book:
    """What a carrier took, and the answers that it gives instead of its own.

    Attributes:
        taken: every message that it took, oldest first.
        answers: (status, body) of the next requests; nothing is taken for them.
        silent: how many of the next requests are taken and then not answered.
    """

    taken: list[dict[str, Any]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    silent: int = 0

    def refusal(self) -> Response | None:
        """Give the answer that stands ready, if there is one."""
        if not self.answers:
            return None
        status, body = self.answers.pop(0)
        return JSONResponse(body, status)

    def keep(self, message: dict[str, Any]) -> None:
        """Take a message; a silent carrier breaks off after it."""
        self.taken.append(message)
        if self.silent:
            self.silent -= 1
            raise HTTPException(502)


async def json_of(request: Request) -> dict[str, Any]:
    """Read a request, or refuse it as malformed."""
    try:
        body = await request.json()
    except ValueError:
        raise HTTPException(400) from None
    if not isinstance(body, dict):
        raise HTTPException(400)
    return body
