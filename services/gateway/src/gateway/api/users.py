"""Users, for Admin."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from gateway.api.house import TheHouse
from gateway.domain.links import page_of
from gateway.handlers import links
from gateway.handlers import users as handlers
from gateway.handlers.second_factor import take_away
from gateway.handlers.standing import Standing, standing_of, standings
from gateway.store import users as stored
from shared.paging import Cursor, Limit, Page, Search, decode, encode
from shared.phones import Phone
from shared.text import Line
from shared.web import IfMatch, ServiceRouter, Transaction

router = ServiceRouter()
RoleName = Literal["admin", "marketing"]
_USERNAME = r"^[a-z0-9][a-z0-9._@+-]{1,99}$"


def _username(text: str) -> str:
    name = text.strip().lower()
    if re.fullmatch(_USERNAME, name) is None:
        raise ValueError("pakai 2 sampai 100 huruf kecil, angka, titik, garis atau @")
    return name


Username = Annotated[str, Field(max_length=200), AfterValidator(_username)]
NewPassword = Annotated[SecretStr, Field(max_length=1000)]


class UserWanted(BaseModel):
    """A new user; without a password he sets his own by a link."""

    model_config = ConfigDict(extra="forbid")

    username: Username
    name: Line
    role: RoleName
    password: NewPassword | None = None
    phone: Phone | None = None


class UserChanges(BaseModel):
    """The fields to change; what is absent stays."""

    model_config = ConfigDict(extra="forbid")

    name: Line | None = None
    role: RoleName | None = None
    password: NewPassword | None = None
    phone: Phone | None = None
    disabled: bool | None = None

    @model_validator(mode="after")
    def _nothing_is_emptied_but_the_phone(self) -> Self:
        empty = {n for n in self.model_fields_set if getattr(self, n) is None} - {"phone"}
        if empty:
            raise ValueError(f"tidak boleh dikosongkan: {', '.join(sorted(empty))}")
        return self

    def given(self) -> dict[str, Any]:
        """Give what was sent, the password in clear for hashing."""
        sent = {name: getattr(self, name) for name in self.model_fields_set}
        if self.password is not None:
            sent["password"] = self.password.get_secret_value()
        return sent


class UserView(BaseModel):
    """A user as Admin sees him.

    ``link_until`` is when the link by which he may set his password ends; None without one.
    """

    id: UUID
    username: str
    name: str
    role: str
    phone: str | None
    disabled: bool
    version: int
    created_at: datetime
    has_password: bool
    signed_in_at: datetime | None
    sessions: int
    link_until: datetime | None
    second_factor: bool


class LinkView(BaseModel):
    """A link, told once; it replaces the one before it."""

    path: str
    purpose: str
    expires_at: datetime


class LinkOwnerView(BaseModel):
    """Whose link it is, told to whoever holds it."""

    username: str
    name: str
    purpose: str
    expires_at: datetime


@router.get("/api/v1/users")
async def list_users(  # noqa: PLR0917 - each is one query parameter
    session: Transaction,
    limit: Limit = 50,
    cursor: Cursor = None,
    search: Search = None,
    role: RoleName | None = None,
    disabled: bool | None = None,
) -> Page[UserView]:
    """List users by username."""
    after = decode(cursor, 1)
    wanted = stored.UserFilter(search, role, disabled)
    users, total = await stored.list_users(session, wanted, str(after[0]) if after else None, limit)
    more = len(users) == limit
    return Page(
        items=[_view(each) for each in await standings(users, session)],
        next_cursor=encode([users[-1].username]) if more else None,
        total=total,
    )


@router.post("/api/v1/users", status_code=201)
async def create_user(wanted: UserWanted, house: TheHouse, session: Transaction) -> UserView:
    """Let somebody in from now on."""
    new = handlers.NewUser(
        username=wanted.username,
        name=wanted.name,
        role=wanted.role,
        password=wanted.password.get_secret_value() if wanted.password else None,
        phone=wanted.phone,
    )
    made = await handlers.create_user(new, house.passwords, session)
    return _view(await standing_of(made.id, session))


@router.get("/api/v1/users/{user_id}")
async def show_user(user_id: UUID, session: Transaction) -> UserView:
    """Show one user."""
    return _view(await standing_of(user_id, session))


@router.patch("/api/v1/users/{user_id}")
async def change_user(
    user_id: UUID, changes: UserChanges, version: IfMatch, house: TheHouse, session: Transaction
) -> UserView:
    """Rename a user, give him another role or password, disable him."""
    given = changes.given()
    await handlers.change_user(user_id, version, given, house.passwords, session)
    return _view(await standing_of(user_id, session))


@router.post("/api/v1/users/{user_id}/password-link", status_code=201)
async def make_password_link(user_id: UUID, session: Transaction) -> LinkView:
    """Let somebody set his own password: once, and within some days."""
    made = await links.make_link(user_id, session)
    return LinkView(path=page_of(made.secret), purpose=made.purpose, expires_at=made.expires_at)


@router.delete("/api/v1/users/{user_id}/second-factor", status_code=204)
async def remove_second_factor(user_id: UUID, session: Transaction) -> None:
    """Let somebody who lost his phone sign in with his password alone."""
    await take_away(user_id, session)


@router.get("/api/v1/password-links/{secret}")
async def look_at_password_link(secret: str, session: Transaction) -> LinkOwnerView:
    """Tell whoever holds a link whose it is; looking does not use it up."""
    link, user = await links.look_at_link(secret, session)
    return LinkOwnerView(
        username=user.username, name=user.name, purpose=link.purpose, expires_at=link.expires_at
    )


def _view(standing: Standing) -> UserView:
    user = standing.user
    return UserView(
        **user.facts(),
        id=user.id,
        version=user.version,
        created_at=user.created_at,
        has_password=user.has_password,
        signed_in_at=user.signed_in_at,
        sessions=standing.sessions,
        link_until=standing.link_until,
        second_factor=standing.second_factor,
    )
