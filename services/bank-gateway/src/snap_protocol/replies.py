"""Answers: a code in words, and the data under it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from snap_protocol.codes import MESSAGES, Code, Service

_MESSAGE_MAX = 150
_SPELLINGS = ("virtualAccountData", "virtualAccountdata")


class Malformed(ValueError):
    """The body is no answer of this protocol."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to one of our requests.

    Attributes:
        code: None when the bank gave none that can be read.
        members: the whole body.
    """

    code: Code | None
    members: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def parse(cls, body: bytes) -> "Reply":
        """Read an answer; a numeric code is a code.

        Raises:
            Malformed: no JSON object.
        """
        members = parse_object(body)
        return cls(Code.parse(members.get("responseCode")), members)

    @property
    def data(self) -> Mapping[str, object]:
        """Give the one account an answer is about; empty when there is none."""
        found = self._found()
        return found if isinstance(found, Mapping) else {}

    @property
    def rows(self) -> list[Mapping[str, object]]:
        """Give the payments of a report."""
        found = self._found()
        rows = found if isinstance(found, list) else [found]
        return [row for row in rows if isinstance(row, Mapping)]

    def _found(self) -> object:
        """Find the data under both spellings; the standard writes a small d in some samples."""
        return next((self.members[name] for name in _SPELLINGS if name in self.members), None)


def parse_object(body: bytes) -> dict[str, object]:
    """Read a JSON object.

    Raises:
        Malformed: anything else.
    """
    try:
        members = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error
    if not isinstance(members, dict):
        raise Malformed("not an object")
    return members


def reply(
    http: int, service: Service, case: int, reason: str = "", **members: object
) -> tuple[int, dict[str, object]]:
    """Write an answer: its HTTP status and its members."""
    code = Code(http, service, case)
    message = f"{MESSAGES[http, case]} {reason}".strip()[:_MESSAGE_MAX]
    return http, {"responseCode": str(code), "responseMessage": message, **members}


def serialise(members: Mapping[str, object]) -> bytes:
    """Write a body once; these bytes are signed, and these bytes are sent."""
    return json.dumps(members, ensure_ascii=True, separators=(",", ":")).encode("ascii")
