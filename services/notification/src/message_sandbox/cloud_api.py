"""The WhatsApp Cloud API, simulated: approved templates only, signed webhooks."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from message_sandbox.faults import Book, json_of

_UNAUTHORISED = (401, 190, "Invalid OAuth access token")
_NO_TEMPLATE = (404, 132001, "Template name does not exist in the translation")
_PARAMETERS = (400, 132000, "Number of parameters does not match the expected number of params")
_INVALID = (400, 100, "Invalid parameter")


@dataclass
class CloudApiSandbox:
    """One phone number at Meta.

    Attributes:
        templates: the approved ones: (name, language) -> the names of their parameters.
    """

    token: str
    app_secret: str
    phone_number_id: str = "1055"
    templates: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    book: Book = field(default_factory=Book)

    def app(self) -> FastAPI:
        """Build the server."""
        app = FastAPI()
        app.add_api_route("/{version}/{number}/messages", self._take, methods=["POST"])
        return app

    async def _take(self, request: Request, number: str) -> Response:
        body = await json_of(request)
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return _error(*_UNAUTHORISED)
        if (refusal := self.book.refusal()) is not None:
            return refusal
        if number != self.phone_number_id or body.get("messaging_product") != "whatsapp":
            return _error(*_INVALID)
        if (wrong := self._wrong(body)) is not None:
            return _error(*wrong)
        name = f"wamid.{len(self.book.taken) + 1}"
        self.book.keep({**body, "id": name})
        contact = {"input": body["to"], "wa_id": body["to"]}
        return JSONResponse(
            {
                "messaging_product": "whatsapp",
                "contacts": [contact],
                "messages": [{"id": name, "message_status": "accepted"}],
            }
        )

    def _wrong(self, body: dict[str, Any]) -> tuple[int, int, str] | None:
        if body.get("type") != "template" or not str(body.get("to", "")).isdigit():
            return _INVALID
        template = body["template"]
        known = self.templates.get((template["name"], template["language"]["code"]))
        if known is None:
            return _NO_TEMPLATE
        given = {p["parameter_name"]: p["text"] for p in template["components"][0]["parameters"]}
        unfit = any(not text or "\n" in text or "    " in text for text in given.values())
        return _PARAMETERS if unfit or set(given) != known else None

    def status(self, message: Mapping[str, Any], state: str, **more: Any) -> bytes:
        """Make the webhook that tells of a message."""
        status = {
            "id": message["id"],
            "status": state,
            "timestamp": "1796000000",
            "recipient_id": message["to"],
            "biz_opaque_callback_data": message["biz_opaque_callback_data"],
            **more,
        }
        return self._webhook({"statuses": [status]})

    def inbound(self, sender: str, text: str) -> bytes:
        """Make the webhook of what a customer wrote."""
        message = {"from": sender, "id": "wamid.in", "type": "text", "text": {"body": text}}
        return self._webhook({"messages": [message]})

    def signature(self, body: bytes) -> str:
        """Sign a webhook as Meta does."""
        return "sha256=" + hmac.new(self.app_secret.encode(), body, hashlib.sha256).hexdigest()

    def _webhook(self, value: dict[str, Any]) -> bytes:
        value = {"messaging_product": "whatsapp", **value}
        change = {"field": "messages", "value": value}
        whole = {
            "object": "whatsapp_business_account",
            "entry": [{"id": "1", "changes": [change]}],
        }
        return json.dumps(whole).encode()


def _error(status: int, code: int, text: str) -> Response:
    error = {"message": text, "type": "OAuthException", "code": code, "fbtrace_id": "A"}
    return JSONResponse({"error": error}, status)
