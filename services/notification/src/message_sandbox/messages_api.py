"""The Messages API of an SMS service, simulated: signed webhooks of what became of each."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from joserfc import jwt
from joserfc.jwk import OctKey

from message_sandbox.faults import Book, json_of

_FIELDS = {"message_type", "channel", "from", "to", "text", "client_ref"}


@dataclass
class MessagesApiSandbox:
    """One account at the service."""

    key: str
    secret: str
    signature_secret: str
    book: Book = field(default_factory=Book)

    def app(self) -> FastAPI:
        """Build the server."""
        app = FastAPI()
        app.add_api_route("/v1/messages", self._take, methods=["POST"])
        return app

    async def _take(self, request: Request) -> Response:
        body = await json_of(request)
        wanted = b64encode(f"{self.key}:{self.secret}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {wanted}":
            return _problem(401, "Unauthorized", "Check your credentials")
        if (refusal := self.book.refusal()) is not None:
            return refusal
        fits = set(body) <= _FIELDS and body.get("channel") == "sms" and body.get("text")
        if not fits or not str(body.get("to", "")).isdigit():
            return _problem(422, "Invalid params", "The value of one or more parameters is invalid")
        name = str(uuid4())
        self.book.keep({**body, "message_uuid": name})
        return JSONResponse({"message_uuid": name}, 202)

    def status(self, message: Mapping[str, Any], state: str, **more: Any) -> bytes:
        """Make the webhook that tells of a message."""
        told = {
            "message_uuid": message["message_uuid"],
            "to": message["to"],
            "from": message["from"],
            "timestamp": "2026-12-07T01:00:00Z",
            "status": state,
            "client_ref": message["client_ref"],
            "channel": "sms",
            **more,
        }
        return json.dumps(told).encode()

    def signature(self, body: bytes, now: datetime) -> str:
        """Sign a webhook as the service does: a token with the hash of its body."""
        claims = {
            "iat": int(now.timestamp()),
            "jti": str(uuid4()),
            "api_key": self.key,
            "payload_hash": hashlib.sha256(body).hexdigest(),
        }
        key = OctKey.import_key(self.signature_secret)
        return "Bearer " + jwt.encode({"alg": "HS256"}, claims, key)


def _problem(status: int, title: str, detail: str) -> Response:
    return JSONResponse({"type": "about:blank", "title": title, "detail": detail}, status)
