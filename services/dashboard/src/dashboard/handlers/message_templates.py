"""The words of messages: the page that changes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from dashboard.domain.answers.base import Answer
from dashboard.domain.answers.messages import Preview, Template
from dashboard.domain.forms import Form, number
from dashboard.domain.recap_choice import Tab
from dashboard.domain.refusals import Refused
from dashboard.store.services import Reader

ADDRESS = "/settings/messages"
FIELDS = {"body", "whatsapp_name"}
PURPOSES = {
    "bill": "Tagihan",
    "reminder_before": "Sebelum jatuh tempo",
    "reminder_due": "Hari jatuh tempo",
    "reminder_after": "Lewat jatuh tempo",
    "receipt": "Pembayaran",
}
LANGUAGES = {"id": "Indonesia", "en": "Inggris"}


@dataclass(frozen=True, slots=True)
class Choice:
    """Which words are looked at; what is not known becomes the first."""

    purpose: str
    language: str

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Choice:
        """Read it out of an address or a form."""
        purpose, language = given.get("purpose", ""), given.get("language", "")
        return cls(
            purpose if purpose in PURPOSES else "bill", language if language in LANGUAGES else "id"
        )

    @property
    def path(self) -> str:
        """Where the service keeps them."""
        return f"/message-templates/{self.purpose}/{self.language}"

    def address(self, **other: str) -> str:
        """The page about them, or about others."""
        pairs = {"purpose": self.purpose, "language": self.language, **other}
        return f"{ADDRESS}?{urlencode(pairs)}"


async def show(reader: Reader, choice: Choice, form: Form | None = None) -> dict[str, Any]:
    """Put the page together; ``form`` holds what was typed."""
    template = await reader.get("notification", choice.path, Template)
    filled = form or Form(
        {
            "body": template.body,
            "whatsapp_name": template.whatsapp_name or "",
            "version": str(template.version),
        }
    )
    text, trouble = await _preview(reader, choice, filled.values.get("body", ""))
    return {
        "words": template,
        "choice": choice,
        "form": filled,
        "preview": text,
        "preview_trouble": trouble,
        "purposes": [
            Tab(word, choice.address(purpose=key), key == choice.purpose, None)
            for key, word in PURPOSES.items()
        ],
        "languages": [
            Tab(word, choice.address(language=key), key == choice.language, None)
            for key, word in LANGUAGES.items()
        ],
    }


async def save(reader: Reader, choice: Choice, values: Mapping[str, str]) -> None:
    """Save what was typed, or bring an earlier version back."""
    version = values.get("version", "")
    body: dict[str, Any]
    if "restore" in values:
        body = {"restore": number(values["restore"]) or 0}
    else:
        name = values.get("whatsapp_name", "").strip()
        body = {"body": values.get("body", ""), "whatsapp_name": name or None}
    await reader.send("notification", "PATCH", choice.path, body, Answer, version=version)


async def _preview(reader: Reader, choice: Choice, words: str) -> tuple[str, str]:
    body = {"purpose": choice.purpose, "language": choice.language, "body": words}
    path = "/message-templates/preview"
    try:
        return (await reader.send("notification", "POST", path, body, Preview)).text, ""
    except Refused as refusal:
        return "", next(iter(refusal.errors.values()), str(refusal))
