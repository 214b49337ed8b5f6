"""What travels in HTTP bodies around the ciphertext."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bni_protocol.cipher import Key, Undecodable, decrypt, encrypt_members, sent_at
from bni_protocol.codes import SUCCESS


class Malformed(ValueError):
    """The body is no envelope of this protocol."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A request or a notification, still closed. Members we do not know are ignored.

    ``prefix`` is empty where the sender leaves it out, as older clients do.
    """

    client_id: str
    ciphertext: str
    prefix: str = ""

    @classmethod
    def parse(cls, body: bytes) -> "Envelope":
        members = _object(body)
        client_id, ciphertext = members.get("client_id"), members.get("data")
        if not isinstance(client_id, str) or not isinstance(ciphertext, str):
            raise Malformed("client_id and data must be text")
        prefix = members.get("prefix")
        return cls(client_id, ciphertext, prefix if isinstance(prefix, str) else "")


@dataclass(frozen=True, slots=True)
class Reply:
    """The bank's answer to a request; ``members`` only when the status is success."""

    status: str
    message: str
    members: Mapping[str, object]


def seal(members: Mapping[str, object], key: Key, at_unix: int, prefix: str = "") -> bytes:
    """Close an object into a request body; always freshly, a ciphertext ages in minutes."""
    body = {"client_id": key.client_id, "data": encrypt_members(members, key, at_unix)}
    if prefix:
        body["prefix"] = prefix
    return _body(body)


def success(members: Mapping[str, object], key: Key, at_unix: int) -> bytes:
    return _body({"status": SUCCESS, "data": encrypt_members(members, key, at_unix)})


def status_only(status: str, message: str = "") -> bytes:
    """An answer without data: every error, and the acknowledgement of a notification."""
    return _body({"status": status, "message": message} if message else {"status": status})


def parse_reply(body: bytes, key: Key, now_unix: int) -> Reply:
    """Open the bank's answer.

    Raises:
        Malformed: no JSON object with a status, or success without readable data.
    """
    members = _object(body)
    status = members.get("status")
    if not isinstance(status, str):
        raise Malformed("no status")
    if status != SUCCESS:
        return Reply(status, str(members.get("message", ""))[:200], {})
    try:
        return Reply(status, "", decrypt(str(members.get("data", "")), key, now_unix))
    except Undecodable as error:
        raise Malformed(f"data: {error.reason}") from error


def replied_at(body: bytes, key: Key) -> datetime | None:
    """Give the bank's time in an answer that carries data, however far it is off."""
    try:
        return datetime.fromtimestamp(sent_at(str(_object(body).get("data", "")), key), UTC)
    except (Malformed, Undecodable, ValueError, OverflowError):  # no calendar has that time
        return None


def acknowledged(http_status: int, body: bytes) -> bool:
    """Tell whether a receiver took a notification: HTTP 200 and status 000, nothing less."""
    if http_status != 200:
        return False
    try:
        return _object(body).get("status") == SUCCESS
    except Malformed:
        return False


def _object(body: bytes) -> dict[str, object]:
    try:
        members = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error
    if not isinstance(members, dict):
        raise Malformed("not an object")
    return members


def _body(members: Mapping[str, str]) -> bytes:
    return json.dumps(members, ensure_ascii=True, separators=(",", ":")).encode("ascii")
