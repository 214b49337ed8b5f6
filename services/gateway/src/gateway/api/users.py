"""Users, for Admin."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from gateway import store
from gateway.api.house import TheHouse
from gateway.handlers import users as handlers
from gateway.models import User
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
    """A new user."""

    model_config = ConfigDict(extra="forbid")

    username: Username
    name: Line
    role: RoleName
    password: NewPassword
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
    """A user as Admin sees him."""

    id: UUID
    username: str
    name: str
    role: str
    phone: str | None
    disabled: bool
    version: int
    created_at: datetime


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
    wanted = store.UserFilter(search, role, disabled)
    users, total = await store.list_users(session, wanted, str(after[0]) if after else None, limit)
    more = len(users) == limit
    return Page(
        items=[_view(user) for user in users],
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
        password=wanted.password.get_secret_value(),
        phone=wanted.phone,
    )
    return _view(await handlers.create_user(new, house.passwords, session))


@router.patch("/api/v1/users/{user_id}")
async def change_user(
    user_id: UUID, changes: UserChanges, version: IfMatch, house: TheHouse, session: Transaction
) -> UserView:
    """Rename a user, give him another role or password, disable him."""
    given = changes.given()
    return _view(await handlers.change_user(user_id, version, given, house.passwords, session))


def _view(user: User) -> UserView:
    return UserView.model_validate(user, from_attributes=True)
