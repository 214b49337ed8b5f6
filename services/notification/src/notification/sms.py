"""The carrier over an SMS service that speaks the Messages API of Vonage (v1)."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from notification.domain.news import News
from notification.domain.outgoing import Outcome, Parcel, Result, plain, segments
from shared.http import HttpClient, NotConnected, Unreachable

PATH = "/v1/messages"
AGE_SECONDS_MOST = 300
_LATER = Outcome(Result.LATER, trouble="Layanan SMS tidak menjawab")
_UNKNOWN = Outcome(Result.UNKNOWN, trouble="Layanan SMS tidak menjawab setelah pesan diserahkan")
_STATES = {
    "submitted": "sent",
    "delivered": "delivered",
    "rejected": "failed",
    "undeliverable": "failed",
}


@dataclass(frozen=True, slots=True)
class SmsService:
    """Sends text messages; ``cost_idr`` is for one segment."""

    client: HttpClient
    key: str
    secret: str
    sender: str
    cost_idr: int = 0

    async def send(self, parcel: Parcel) -> Outcome:
        """Hand a message over."""
        text = plain(parcel.text)
        body = {
            "message_type": "text",
            "channel": "sms",
            "from": self.sender,
            "to": parcel.recipient.removeprefix("+"),
            "text": text,
            "client_ref": parcel.reference,
        }
        given = b64encode(f"{self.key}:{self.secret}".encode()).decode()
        headers = {"Authorization": f"Basic {given}", "Accept": "application/json"}
        try:
            answer = await self.client.request("POST", PATH, headers=headers, json=body)
        except NotConnected:
            return _LATER
        except Unreachable:
            return _UNKNOWN
        found = _read(answer.content)
        if answer.status_code == 202:
            name = found.get("message_uuid")
            if isinstance(name, str) and name:
                return Outcome(Result.SENT, name, self.cost_idr * segments(text))
            return _UNKNOWN
        return _refusal(answer.status_code, found)


def _refusal(status: int, found: dict[str, Any]) -> Outcome:
    if status >= 500 and status != 503:
        return _UNKNOWN
    said = str(found.get("detail") or found.get("title") or "")[:150]
    trouble = f"Layanan SMS menolak ({status} {said})"
    later = status in {402, 429, 503}
    return Outcome(Result.LATER if later else Result.REFUSED, trouble=trouble)


def is_signed(body: bytes, authorization: str, secret: str, now: datetime) -> bool:
    """Tell whether the service sent this very body lately (a JWT with the body's hash)."""
    token = authorization.removeprefix("Bearer ").strip()
    try:
        claims = jwt.decode(token, OctKey.import_key(secret), algorithms=["HS256"]).claims
    except (JoseError, ValueError):
        return False
    issued, digest = claims.get("iat"), str(claims.get("payload_hash", ""))
    fresh = isinstance(issued, int) and abs(now.timestamp() - issued) <= AGE_SECONDS_MOST
    return fresh and digest == hashlib.sha256(body).hexdigest()


def read_webhook(body: bytes) -> list[News]:
    """Read what became of a message; what is not known is left out."""
    found = _read(body)
    state = _STATES.get(str(found.get("status")))
    if state is None:
        return []
    error = found.get("error")
    trouble = ""
    if isinstance(error, dict):
        trouble = f"Layanan SMS: {error.get('title', '')} {error.get('detail', '')}".strip()
    return [
        News(
            channel="sms",
            provider_id=str(found.get("message_uuid", "")),
            reference=str(found.get("client_ref", "")),
            state=state,
            trouble=trouble,
        )
    ]


def _read(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
