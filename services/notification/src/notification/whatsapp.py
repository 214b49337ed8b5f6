"""The carrier over the WhatsApp Cloud API: approved templates out, signed webhooks in."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from notification.domain.news import Inbound, News
from notification.domain.outgoing import Outcome, Parcel, Result
from shared.http import HttpClient, NotConnected, Response, Unreachable

_PUT_OFF = frozenset({1, 2, 4, 17, 80007, 130429, 131000, 131016, 131048, 131056, 133004})
"""Codes of Meta that say: not now."""
_LATER = Outcome(Result.LATER, trouble="WhatsApp tidak menjawab")
_UNKNOWN = Outcome(Result.UNKNOWN, trouble="WhatsApp tidak menjawab setelah pesan diserahkan")
_NO_TEMPLATE = Outcome(
    Result.REFUSED, trouble="Templat ini belum punya nama yang disetujui WhatsApp"
)
_STATES = {"sent": "sent", "delivered": "delivered", "read": "read", "failed": "failed"}


@dataclass(frozen=True, slots=True)
class CloudApi:
    """Sends business-initiated messages of one phone number.

    Attributes:
        path: ``/<version>/<phone number id>/messages``.
        cost_idr: what one message of a bill costs, as agreed with Meta.
    """

    client: HttpClient
    path: str
    token: str
    cost_idr: int = 0

    async def send(self, parcel: Parcel) -> Outcome:
        """Hand a message over."""
        if parcel.template is None:
            return _NO_TEMPLATE
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            answer = await self.client.request(
                "POST", self.path, headers=headers, json=_body(parcel)
            )
        except NotConnected:
            return _LATER
        except Unreachable:
            return _UNKNOWN
        return self._outcome(answer)

    def _outcome(self, answer: Response) -> Outcome:
        body = _read(answer.content)
        if answer.status_code == 200:
            names = [m.get("id") for m in _dicts(body.get("messages"))]
            if names and isinstance(names[0], str):
                return Outcome(Result.SENT, names[0], self.cost_idr)
            return _UNKNOWN
        error = body.get("error")
        error = error if isinstance(error, dict) else {}
        code = error.get("code")
        later = answer.status_code in {429, 503} or code in _PUT_OFF
        if not error and answer.status_code >= 500:
            return _UNKNOWN
        said = str(error.get("message", ""))[:150]
        trouble = f"WhatsApp menolak ({code or answer.status_code} {said})"
        return Outcome(Result.LATER if later else Result.REFUSED, trouble=trouble)


def is_signed(body: bytes, header: str, secret: str) -> bool:
    """Tell whether Meta sent this very body (``X-Hub-Signature-256``)."""
    made = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"sha256={made}".encode(), header.encode())


def read_webhook(body: bytes) -> tuple[list[News], list[Inbound]]:
    """Read what became of messages, and what customers wrote; what is not known is left out."""
    news: list[News] = []
    inbound: list[Inbound] = []
    for value in _values(_read(body)):
        told = map(_news, _dicts(value.get("statuses")))
        news.extend(one for one in told if one is not None)
        for message in _dicts(value.get("messages")):
            text = message.get("text")
            words = str(text.get("body", "")) if isinstance(text, dict) else ""
            inbound.append(Inbound(f"+{message.get('from', '')}", words))
    return news, inbound


def _news(status: dict[str, Any]) -> News | None:
    state = _STATES.get(str(status.get("status")))
    if state is None:
        return None
    errors = list(_dicts(status.get("errors")))
    trouble = ""
    if errors:
        trouble = f"WhatsApp: {errors[0].get('title', '')} ({errors[0].get('code', '')})"
    pricing = status.get("pricing")
    free = isinstance(pricing, dict) and pricing.get("billable") is False
    return News(
        channel="whatsapp",
        provider_id=str(status.get("id", "")),
        reference=str(status.get("biz_opaque_callback_data", "")),
        state=state,
        trouble=trouble,
        cost_idr=0 if free or state == "failed" else None,
    )


def _body(parcel: Parcel) -> dict[str, Any]:
    parameters = [
        {"type": "text", "parameter_name": name, "text": " ".join(value.split()) or "-"}
        for name, value in parcel.parameters.items()
    ]
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": parcel.recipient.removeprefix("+"),
        "type": "template",
        "template": {
            "name": parcel.template,
            "language": {"code": parcel.language},
            "components": [{"type": "body", "parameters": parameters}],
        },
        "biz_opaque_callback_data": parcel.reference,
    }


def _read(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _values(body: dict[str, Any]) -> Iterable[dict[str, Any]]:
    for entry in _dicts(body.get("entry")):
        for change in _dicts(entry.get("changes")):
            value = change.get("value")
            if isinstance(value, dict):
                yield value


def _dicts(items: Any) -> Iterable[dict[str, Any]]:
    return (item for item in items if isinstance(item, dict)) if isinstance(items, list) else ()
