"""Setting a second factor up, proving it, and losing it."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.fernet import Fernet

from gateway.domain import second_factor as rules
from gateway.models import SecondFactor, User
from gateway.store import second_factors as stored
from gateway.store import users
from shared import audit
from shared.database import Session
from shared.errors import Conflict, Invalid, NotFound


class CodeWrong(Invalid):
    """Not a code of this moment, or one that was used."""

    detail = "Kode salah atau sudah dipakai. Tunggu kode berikutnya di aplikasi, lalu coba lagi."


class FactorEnabled(Conflict):
    """There is one already; it is taken away before another is set up."""

    detail = "Faktor kedua sudah aktif. Matikan dahulu untuk menggantinya."


class FactorRequired(Conflict):
    """Admin has to have one here."""

    detail = "Faktor kedua diwajibkan untuk Admin dan tidak dapat dimatikan."


@dataclass(frozen=True)
class Setup:
    """What somebody gives his app; told while he sets it up."""

    secret: str = field(repr=False)
    address: str = field(repr=False)


@dataclass(frozen=True)
class FactorState:
    """Whether somebody signs in with a code, and how many recovery codes are left."""

    enabled: bool
    recovery_codes: int


class SecondFactors:
    """Seals what is shared with an app, and keeps recovery codes as keyed hashes."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"second factor\n" + secret.encode()).digest()
        self._seal = Fernet(base64.urlsafe_b64encode(self._key))

    async def begin(self, user_id: UUID, session: Session) -> Setup:
        """Start, or go on with what was started a moment ago.

        Raises:
            FactorEnabled: he has one.
        """
        user = await users.lock_user(session, user_id)
        if user is None:
            raise NotFound
        known = await stored.lock_factor(session, user_id)
        if known is not None and known.enabled_at is not None:
            raise FactorEnabled
        now = session.clock.now()
        if known is not None and now - known.made_at < rules.UNFINISHED_FOR:
            secret = self._seal.decrypt(known.sealed_secret)
        else:
            secret = rules.new_secret()
            sealed = self._seal.encrypt(secret)
            fresh = SecondFactor(user_id=user_id, sealed_secret=sealed, made_at=now)
            await stored.put_factor(session, fresh)
        return Setup(rules.spelled(secret), rules.address_of(secret, user.username))

    async def enable(self, user_id: UUID, code: str, session: Session) -> list[str]:
        """Finish with a code that proves the app has it; give the recovery codes, this once.

        Raises:
            FactorEnabled: he has one.
            CodeWrong: the code is not of this moment.
        """
        factor = await stored.lock_factor(session, user_id)
        if factor is not None and factor.enabled_at is not None:
            raise FactorEnabled
        if factor is None or not self._is_of_the_app(factor, rules.plain_code(code), session):
            raise CodeWrong(field="code")
        factor.enabled_at = session.clock.now()
        await session.flush()
        _note(session, "second_factor.enabled", user_id)
        return await self._new_codes(user_id, session)

    async def renew_codes(self, user_id: UUID, session: Session) -> list[str]:
        """Give other recovery codes instead of the ones before.

        Raises:
            NotFound: he has no second factor.
        """
        factor = await stored.lock_factor(session, user_id)
        if factor is None or factor.enabled_at is None:
            raise NotFound
        _note(session, "second_factor.codes_renewed", user_id)
        return await self._new_codes(user_id, session)

    async def _new_codes(self, user_id: UUID, session: Session) -> list[str]:
        codes = rules.new_recovery_codes()
        hashes = [self._hash(user_id, rules.plain_code(code)) for code in codes]
        await stored.put_recovery_codes(session, user_id, hashes)
        return codes

    async def is_right(self, user: User, typed: str, session: Session) -> str | None:
        """Check a code of the app or for recovery and use it up; say which it was."""
        factor = await stored.lock_factor(session, user.id)
        if factor is None or factor.enabled_at is None:
            return None
        code = rules.plain_code(typed)
        if rules.is_app_code(code):
            return "app" if self._is_of_the_app(factor, code, session) else None
        taken = await stored.take_recovery_code(session, user.id, self._hash(user.id, code))
        return "recovery" if taken else None

    def _is_of_the_app(self, factor: SecondFactor, code: str, session: Session) -> bool:
        secret = self._seal.decrypt(factor.sealed_secret)
        step = rules.matching_step(secret, code, session.clock.now(), factor.last_step)
        if step is None:
            return False
        factor.last_step = step
        return True

    def _hash(self, user_id: UUID, code: str) -> bytes:
        return hmac.digest(self._key, user_id.bytes + code.encode(), "sha256")


async def state_of(user_id: UUID, session: Session) -> FactorState:
    """Say how somebody's second factor stands."""
    factor = await stored.find_factor(session, user_id)
    enabled = factor is not None and factor.enabled_at is not None
    left = await stored.count_recovery_codes(session, user_id) if enabled else 0
    return FactorState(enabled, left)


async def take_away(user_id: UUID, session: Session) -> None:
    """Let somebody sign in without a second factor; his own wish, or Admin's when it is lost.

    Raises:
        NotFound: he has none.
    """
    if not await stored.drop_factor(session, user_id):
        raise NotFound
    _note(session, "second_factor.removed", user_id)


def _note(session: Session, action: str, user_id: UUID) -> None:
    audit.record(session, action=action, object_type="user", object_id=user_id)
