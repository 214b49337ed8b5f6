"""The log of messages, and the queue from which a person sends them one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from dashboard.domain import status
from dashboard.domain.answers.messages import Message, MessagePage
from dashboard.domain.message_log import CHANNELS, row_of
from dashboard.domain.recap_choice import Tab
from dashboard.domain.refusals import Refused
from dashboard.store.services import Reader
from shared.errors import NotFound

_FILTERS = ("state", "channel", "search", "customer_id")
_TABS = ("queued", "opened", "sent", "delivered", "read", "unknown", "failed", "cancelled")
SAID = {
    "sent": "message_sent",
    "not-sent": "message_queued",
    "skip": "message_skipped",
    "by-hand": "message_queued",
}


async def list_messages(reader: Reader, given: Mapping[str, str]) -> dict[str, Any]:
    """Show one page of the log."""
    wanted = {name: given.get(name, "") for name in _FILTERS}
    wanted["state"] = wanted["state"] if wanted["state"] in status.MESSAGE else ""
    wanted["channel"] = wanted["channel"] if wanted["channel"] in CHANNELS else ""
    found = await reader.get(
        "notification",
        "/messages",
        MessagePage,
        **wanted,
        cursor=given.get("cursor", ""),
        limit=50,
    )
    following = found.next_cursor
    every = Tab("Semua", _address(wanted | {"state": ""}), not wanted["state"])
    return {
        "rows": [row_of(message) for message in found.items],
        "total": found.total,
        "waiting": found.states.get("queued", 0),
        "filter": wanted,
        "narrowed": any(wanted.values()),
        "channels": CHANNELS,
        "tabs": [every, *_tabs(wanted, found.states)],
        "next_address": _address(wanted | {"cursor": following}) if following else "",
    }


async def show_queue(reader: Reader, given: Mapping[str, str]) -> dict[str, Any]:
    """Show the message that a person is at, or the next one that waits."""
    found = await reader.get(
        "notification", "/messages/next", MessagePage, after=given.get("after", "")
    )
    at_hand = await _at_hand(reader, given.get("id", ""))
    message = at_hand or (found.items[0] if found.items else None)
    return {
        "row": row_of(message) if message else None,
        "left": found.total,
        "opened": message is not None and message.state == "opened",
        "around": not message and found.total > 0,
    }


async def open_message(reader: Reader, message_id: UUID) -> str:
    """Record that a message of the queue is opened, and give its address."""
    message = await _act(reader, message_id, "open", {})
    if not message.url or not message.url.startswith("https://wa.me/"):
        raise Refused("WhatsApp tidak dapat dibuka untuk pesan ini.")
    return message.url


async def decide(reader: Reader, message_id: UUID, act: str) -> Message:
    """Note what a person says of a message: ``sent``, ``not-sent``, ``skip`` it, or ``by-hand``.

    Raises:
        NotFound: he says something else.
    """
    if act in {"skip", "by-hand"}:
        return await _act(reader, message_id, act, {})
    if act not in SAID:
        raise NotFound
    return await _act(reader, message_id, "confirm", {"sent": act == "sent"})


async def _act(reader: Reader, message_id: UUID, act: str, body: Mapping[str, Any]) -> Message:
    path = f"/messages/{message_id}/{act}"
    return await reader.send("notification", "POST", path, body, Message)


async def _at_hand(reader: Reader, message_id: str) -> Message | None:
    try:
        found = await reader.get("notification", f"/messages/{UUID(message_id)}", Message)
    except (ValueError, NotFound):
        return None
    return found if found.state in {"queued", "opened"} else None


def _tabs(wanted: Mapping[str, str], states: Mapping[str, int]) -> list[Tab]:
    return [
        Tab(
            status.MESSAGE[state].word,
            _address({**wanted, "state": state}),
            state == wanted["state"],
            states.get(state, 0),
        )
        for state in _TABS
        if states.get(state) or state in {"queued", "sent", "failed", wanted["state"]}
    ]


def _address(pairs: Mapping[str, str | None]) -> str:
    query = urlencode({name: text for name, text in pairs.items() if text})
    return f"/messages?{query}" if query else "/messages"
