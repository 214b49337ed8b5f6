"""One key, one effect: the stored answer of an act that creates or moves money (I, I1, I2)."""

from __future__ import annotations

import hashlib
import re

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from shared.database import Session
from shared.errors import Conflict, Invalid
from shared.operations import Operation
from shared.tables import IdempotencyKey

HEADER = "Idempotency-Key"
_ACCEPTED = re.compile(r"[\x21-\x7e]{8,128}")
_LOCK = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:key, 0))")


class IdempotencyKeyMissing(Invalid):
    """An act on money came without its key."""

    detail = "Sertakan Idempotency-Key (8 sampai 128 huruf atau angka) pada permintaan ini."


class IdempotencyKeyReused(Invalid):
    """The key was used before with another input."""

    detail = "Idempotency-Key ini sudah dipakai untuk isi yang lain. Tidak ada yang berubah."


class StillRunning(Conflict):
    """The same key is being worked on right now."""

    detail = "Permintaan yang sama sedang diproses. Tunggu sebentar."


class Claim:
    """One key of one user for one operation, inside the transaction of the effect."""

    def __init__(self, request: Request, operation: Operation, session: Session) -> None:
        self._session = session
        self._user_id = session.principal.user_id
        self._operation = f"{operation.method} {operation.path}"
        self._key = _key(request)
        self._path = request.url.path

    async def past_answer(self, body: bytes) -> Response | None:
        """Give the stored answer of the same key and input; None when this is the first time.

        Raises:
            StillRunning: another request with this key has not ended yet.
            IdempotencyKeyReused: the input differs from the first time.
        """
        lock = f"{self._user_id}\n{self._operation}\n{self._key}"
        if not (await self._session.execute(_LOCK, {"key": lock})).scalar_one():
            raise StillRunning(retry=True)
        primary_key = (self._user_id, self._operation, self._key)
        past = await self._session.get(IdempotencyKey, primary_key)
        if past is None:
            return None
        if past.input_hash != self._hash(body):
            raise IdempotencyKeyReused(field=HEADER)
        headers = {"Idempotency-Replayed": "true"}
        return Response(past.body, past.status, headers, media_type="application/json")

    async def store(self, body: bytes, answer: Response) -> None:
        """Keep the answer in the transaction of the effect."""
        row = {
            "user_id": self._user_id,
            "operation": self._operation,
            "key": self._key,
            "input_hash": self._hash(body),
            "status": answer.status_code,
            "body": bytes(answer.body).decode(),
            "created_at": self._session.clock.now(),
        }
        await self._session.execute(insert(IdempotencyKey).values(row))

    def _hash(self, body: bytes) -> str:
        return hashlib.sha256(self._path.encode() + b"\n" + body).hexdigest()


def _key(request: Request) -> str:
    key = request.headers.get(HEADER, "")
    if not _ACCEPTED.fullmatch(key):
        raise IdempotencyKeyMissing(field=HEADER)
    return key
