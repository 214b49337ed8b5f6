"""Signing in and out, and knowing who holds a credential."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.domain.credentials import (
    ABSOLUTE,
    TOUCH_EVERY,
    Kind,
    is_recent,
    new_secret,
    secret_hash,
)
from gateway.domain.second_factor import HALF_FOR
from gateway.domain.viewing import VIEWED_ROLE, reading
from gateway.handlers.passwords import Passwords
from gateway.handlers.second_factor import SecondFactors
from gateway.handlers.throttle import Charge, Place, Throttle
from gateway.models import Credential, User
from gateway.store import credentials, second_factors, users
from gateway.store.credentials import Holder
from shared import audit
from shared.database import Session
from shared.errors import TooOften, Unauthenticated
from shared.metrics import SIGN_INS
from shared.operations import ROLES
from shared.principal import SYSTEM_ID, Principal


class SignInRefused(Unauthenticated):
    """The one answer to an unknown name, a wrong password and a disabled user (W2)."""

    detail = "Nama pengguna atau kata sandi salah."


class SecondFactorNeeded(Unauthenticated):
    """The password was right and is not enough (a program sends ``code`` along)."""

    detail = "Masukkan juga kode dari aplikasi autentikator Anda."


@dataclass(frozen=True)
class Keys:
    """What signing in works with."""

    passwords: Passwords
    throttle: Throttle
    second_factors: SecondFactors


@dataclass(frozen=True)
class Attempt:
    """What somebody gave to be let in, and from where (P1)."""

    username: str
    password: str
    kind: Kind
    place: Place


@dataclass(frozen=True)
class SignedIn:
    """A new credential; the secret is told once."""

    secret: str
    expires_at: datetime
    user: User


async def charge(attempt: Attempt, throttle: Throttle, session: Session) -> Charge:
    """Count a try in a transaction of its own, before the password is looked at (W3).

    Raises:
        TooOften: it comes too early.
    """
    user = await _known_user(session, attempt.username)
    try:
        return await throttle.charge(attempt.username, user, attempt.place, session)
    except TooOften:
        SIGN_INS.labels("waiting").inc()
        raise


async def check_password(
    attempt: Attempt, charge: Charge, keys: Keys, session: Session
) -> User | None:
    """Find whose right password it is; None when refused, because the refusal must be committed."""
    async with keys.passwords.turn():
        user = await _known_user(session, attempt.username)
        known_hash = None if user is None else user.password_hash
        right = await keys.passwords.verify(attempt.password, known_hash)
    if user is None or not right or user.disabled:
        SIGN_INS.labels("refused").inc()
        _note_refusal(session, attempt, user, right=right)
        return None
    await keys.throttle.forgive(charge, session)
    return user


async def needs_code(user: User, session: Session) -> bool:
    """Tell whether the password alone is not enough for this user."""
    return bool(await second_factors.who_has_one(session, [user.id]))


async def let_half_in(user: User, session: Session) -> str:
    """Remember for some minutes that the password was right; give the secret of that."""
    return _issue(session, user, Kind.HALF, Place(""), HALF_FOR).secret


async def let_in(user: User, kind: Kind, place: Place, keys: Keys, session: Session) -> SignedIn:
    """Give somebody who proved himself a credential, and know his place from now on."""
    SIGN_INS.labels("done").inc()
    await keys.throttle.know(user, place, session)
    await credentials.purge_credentials(session)
    await users.note_signed_in(session, user.id)
    signed_in = _issue(session, user, kind, place)
    _note(session, "sign_in.done", user, {"kind": kind, "source": place.source})
    return signed_in


def renew(user: User, place: Place, session: Session) -> SignedIn:
    """Give somebody who just proved himself a session with a new id (W1)."""
    return _issue(session, user, Kind.SESSION, place)


async def check_code(user: User, code: str, place: Place, keys: Keys, session: Session) -> bool:
    """Check a code of the second factor; False must be committed to the audit."""
    how = await keys.second_factors.is_right(user, code, session)
    if how is None:
        SIGN_INS.labels("refused").inc()
        _note(session, "sign_in.refused", user, {"why": "wrong code", "source": place.source})
        return False
    await keys.throttle.forgive_code(user, session)
    if how == "recovery":
        _note(session, "second_factor.recovery_used", user, {"source": place.source})
    return True


async def _known_user(session: Session, username: str) -> User | None:
    name = username.strip().lower()
    if not name.isprintable() or len(name) > 200:
        name = ""  # nobody's name; the query still runs, so the time tells nothing
    return await users.user_by_username(session, name)


def _issue(
    session: Session, user: User, kind: Kind, place: Place, lifetime: timedelta = ABSOLUTE
) -> SignedIn:
    now = session.clock.now()
    secret = new_secret()
    session.add(
        Credential(
            user_id=user.id,
            kind=kind,
            secret_hash=secret_hash(secret),
            created_at=now,
            seen_at=now,
            expires_at=now + lifetime,
            confirmed_at=now,
            source=place.source or None,
            agent=place.agent or None,
        )
    )
    return SignedIn(secret, now + lifetime, user)


def _note_refusal(session: Session, attempt: Attempt, user: User | None, *, right: bool) -> None:
    """Write why; never the typed name of nobody, which may well be a password (P2)."""
    why = "unknown user" if user is None else "disabled" if right else "wrong password"
    facts = {"kind": attempt.kind, "source": attempt.place.source, "why": why}
    _note(session, "sign_in.refused", user, facts)


def _note(session: Session, action: str, user: User | None, facts: dict[str, str]) -> None:
    audit.record(
        session,
        action=action,
        object_type="user",
        object_id=SYSTEM_ID if user is None else user.id,
        after=facts,
    )


async def recognise(session: Session, kind: Kind, secret: str, *, use: bool) -> Holder | None:
    """Find who holds a credential now; ``use`` keeps an idle session alive."""
    holder = await credentials.find_holder(session, kind, secret_hash(secret))
    if holder is None or not use:
        return holder
    if session.clock.now() - holder.credential.seen_at >= TOUCH_EVERY:
        await credentials.touch(session, holder.credential.id)
    return holder


def principal_of(holder: Holder, now: datetime) -> Principal:
    """Say who acts, how far he sees, and whether he gave his password lately (A8)."""
    user = holder.user
    if holder.viewed is not None:
        return _through_the_eyes_of(holder.viewed, user)
    own = user.id if holder.scope_kind == "marketing" else None
    confirmed = is_recent(holder.credential.confirmed_at, now)
    via = "web" if holder.credential.kind == Kind.SESSION else "api"
    return Principal(user.id, user.name, user.role, own, holder.permissions, confirmed, via)


def _through_the_eyes_of(viewed: User, viewer: User) -> Principal:
    """See what a Marketing sees and change nothing; what is written down names who looked."""
    rights = reading(ROLES[VIEWED_ROLE].permissions)
    return Principal(
        viewer.id, viewer.name, VIEWED_ROLE, viewed.id, rights, via="web", viewing=viewed.name
    )


async def end_session(session: Session, secret: str) -> None:
    """End the session that a browser still carries when it signs in anew."""
    await credentials.end_credential(session, Kind.SESSION, secret_hash(secret))


async def end_half(session: Session, secret: str) -> bool:
    """Use a half sign-in up; False when somebody else was faster."""
    return await credentials.end_credential(session, Kind.HALF, secret_hash(secret))


async def sign_out(session: Session) -> None:
    """End all browser sessions of the caller (W1)."""
    user_id = session.principal.user_id
    await credentials.end_credentials(session, user_id, [Kind.SESSION])
    audit.record(session, action="sign_out.done", object_type="user", object_id=user_id)


async def revoke_token(session: Session, secret: str) -> bool:
    """End the token that the caller uses; False when it is not his token."""
    user_id = session.principal.user_id
    ended = await credentials.end_credential(session, Kind.TOKEN, secret_hash(secret), user_id)
    if ended:
        audit.record(session, action="token.revoked", object_type="user", object_id=user_id)
    return ended
