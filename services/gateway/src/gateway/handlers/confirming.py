"""Giving the password again before a sensitive act (A8)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from uuid import UUID

from gateway.domain.credentials import CONFIRM_TRIES
from gateway.handlers.passwords import Passwords
from gateway.store import credentials, users
from shared import audit
from shared.database import Session
from shared.errors import Invalid


class PasswordWrong(Invalid):
    """Not the password of whoever is signed in."""

    detail = "Kata sandi salah. Belum ada yang berubah; coba lagi."


class Confirmed(Enum):
    """How it ended; an answer, not an exception, because a refusal must be counted."""

    DONE = auto()
    REFUSED = auto()
    ENDED = auto()


@dataclass(frozen=True)
class Confirmation:
    """What somebody who is signed in gave, for which credential, and from where (P1)."""

    credential_id: UUID
    password: str
    source: str


async def confirm(wanted: Confirmation, passwords: Passwords, session: Session) -> Confirmed:
    """Mark a credential as confirmed for some minutes.

    Each wrong password costs as much as at sign-in; too many in a row end the credential, so a
    stolen session cannot be used to guess.
    """
    async with passwords.turn():
        user = await users.user_of_credential(session, wanted.credential_id)
        known_hash = None if user is None else user.password_hash
        right = await passwords.verify(wanted.password, known_hash)
    if right:
        await credentials.note_confirmed(session, wanted.credential_id)
        _note(session, "confirmation.done", wanted)
        return Confirmed.DONE
    ended = await credentials.note_refusal(session, wanted.credential_id, CONFIRM_TRIES)
    _note(session, "confirmation.ended" if ended else "confirmation.refused", wanted)
    return Confirmed.ENDED if ended else Confirmed.REFUSED


def _note(session: Session, action: str, wanted: Confirmation) -> None:
    audit.record(
        session,
        action=action,
        object_type="user",
        object_id=session.principal.user_id,
        after={"source": wanted.source},
    )
