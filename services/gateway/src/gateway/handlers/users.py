"""Who may sign in: list, create, change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from gateway.domain.credentials import Kind
from gateway.handlers.passwords import Passwords
from gateway.models import User
from gateway.store import credentials, links, roles
from gateway.store import users as stored
from shared import audit, outbox
from shared.database import Session
from shared.errors import ConfirmationNeeded, Conflict, NotFound, VersionStale
from shared.operations import ROLES
from shared.principal import SYSTEM_ID, Principal


class UsernameTaken(Conflict):
    """Two people cannot share a username."""

    detail = "Nama pengguna sudah dipakai."


class LastAdmin(Conflict):
    """Without an Admin nobody could ever change a user again."""

    detail = "Ini Admin terakhir yang aktif. Angkat Admin lain lebih dahulu."


@dataclass(frozen=True)
class NewUser:
    """What a user is made of; without a password he sets one by a link."""

    username: str
    name: str
    role: str
    password: str | None = field(default=None, repr=False)
    phone: str | None = None


async def create_user(new: NewUser, passwords: Passwords, session: Session) -> User:
    """Create a user.

    Raises:
        PasswordNotAccepted: the password breaks the rule.
        UsernameTaken: somebody has the name.
        ConfirmationNeeded: another Admin is as much as another role (A8).
    """
    if new.role == "admin" and not may_make_admins(session.principal):
        raise ConfirmationNeeded
    now = session.clock.now()
    known = new.password
    user = User(
        username=new.username,
        name=new.name,
        role=new.role,
        phone=new.phone,
        password_hash=await passwords.hash_new(known, new.username) if known else None,
        created_at=now,
        updated_at=now,
    )
    if not await stored.add_user(session, user):
        raise UsernameTaken(field="username")
    tell(session, "user.created", user, before=None)
    return user


def may_make_admins(principal: Principal) -> bool:
    """Tell whether somebody gave his password lately; the house itself has none."""
    return principal.confirmed or principal.user_id == SYSTEM_ID


async def change_user(
    user_id: UUID,
    version: int,
    changes: dict[str, Any],
    passwords: Passwords,
    session: Session,
) -> User:
    """Apply changed fields; the effect is felt on the user's next request (A6).

    Raises:
        NotFound: there is no such user.
        VersionStale: somebody changed him first.
        LastAdmin: nobody would be left to administer.
    """
    admins = await stored.lock_active_admins(session)
    user = await stored.lock_user(session, user_id)
    if user is None:
        raise NotFound
    if user.version != version:
        raise VersionStale(version=user.version)
    password = changes.pop("password", None)
    before, was_admin = user.facts(), user.is_active_admin
    if password is not None:
        user.password_hash = await passwords.hash_new(password, user.username)
    for name, value in changes.items():
        setattr(user, name, value)
    if was_admin and not user.is_active_admin and admins == [user.id]:
        raise LastAdmin
    user.version += 1
    user.updated_at = session.clock.now()
    await _end_credentials(session, user, before, password is not None)
    tell(session, "user.changed", user, before=before, password_changed=password is not None)
    return user


async def _end_credentials(
    session: Session, user: User, before: dict[str, Any], password_changed: bool
) -> None:
    """End what W1 says: everything, or after another role the sessions (a new id)."""
    if password_changed or user.disabled:
        await credentials.end_credentials(session, user.id, list(Kind))
        await links.drop_link(session, user.id)
    elif user.role != before["role"]:
        await credentials.end_credentials(session, user.id, [Kind.SESSION])


def tell(
    session: Session,
    action: str,
    user: User,
    *,
    before: dict[str, Any] | None,
    password_changed: bool = False,
) -> None:
    """Write what became of a user, and let the other services know."""
    after: dict[str, Any] = user.facts()
    audit.record(
        session,
        action=action,
        object_type="user",
        object_id=user.id,
        before=before,
        after=after | {"password_changed": True} if password_changed else after,
    )
    outbox.publish(session, user.changed(session.clock.now()))


async def seed(session: Session, first: NewUser | None, passwords: Passwords) -> bool:
    """Bring the roles to what is shipped; make the first Admin; tell whether anybody exists."""
    for role in ROLES.values():
        await roles.put_role(session, role.name, role.scope_kind, set(role.permissions))
    if await stored.has_users(session):
        return True
    if first is None:
        return False
    await create_user(first, passwords, session)
    return True
