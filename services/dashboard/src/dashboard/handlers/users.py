"""Those who may sign in: the list, one of them, his link, and what becomes of him."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from dashboard.domain import status
from dashboard.domain.answers.base import Page
from dashboard.domain.answers.recaps import CustomerRows
from dashboard.domain.answers.users import LinkOwner, PasswordLink, User
from dashboard.domain.forms import Form
from dashboard.store.services import Reader
from shared.errors import NotFound, Unavailable

FIELDS = {"username", "name", "role", "phone"}
PAGE_ROWS = 50


async def list_users(reader: Reader, given: Mapping[str, str]) -> dict[str, Any]:
    """Show one page of users with their marks."""
    search = given.get("search", "")
    users = await reader.get(
        "gateway",
        "/users",
        Page[User],
        search=search,
        cursor=given.get("cursor", ""),
        limit=PAGE_ROWS,
    )
    query = urlencode({"search": search, "cursor": users.next_cursor or ""})
    return {
        "rows": [(user, mark_of(user)) for user in users.items],
        "total": users.total,
        "search": search,
        "next_address": f"/users?{query}" if users.next_cursor else "",
    }


def mark_of(user: User) -> status.Mark:
    """Say in a word whether he comes in."""
    if user.disabled:
        return status.USER["disabled"]
    if user.has_password:
        return status.USER["active"]
    return status.USER["invited" if user.link_until else "waiting"]


async def show_user(reader: Reader, user_id: UUID) -> dict[str, Any]:
    """Show one user; of a Marketing who is out, how many customers wait for another."""
    user = await reader.get("gateway", f"/users/{user_id}", User)
    left = None
    if user.disabled and user.role == "marketing":
        left = await _customers_of(reader, user_id)
    return {"user": user, "mark": mark_of(user), "customers_left": left}


async def _customers_of(reader: Reader, user_id: UUID) -> int | None:
    try:
        rows = await reader.get(
            "reporting", "/recaps/customers", CustomerRows, marketing_id=user_id, limit=1
        )
    except (NotFound, Unavailable):
        return None
    return rows.total


async def add_user(reader: Reader, values: Mapping[str, str], key: str) -> User:
    """Register somebody who will set his own password."""
    body = _body(values) | {"username": values.get("username", "").strip()}
    return await reader.send("gateway", "POST", "/users", body, User, key=key)


async def change_user(reader: Reader, user_id: UUID, values: Mapping[str, str]) -> User:
    """Save his name, number and role."""
    return await _patch(reader, user_id, _body(values), values.get("version", ""))


async def let_in(reader: Reader, user_id: UUID, version: str, *, disabled: bool) -> User:
    """Close or open the door for somebody."""
    return await _patch(reader, user_id, {"disabled": disabled}, version)


async def make_link(reader: Reader, user_id: UUID) -> PasswordLink:
    """Make the link by which he sets his password."""
    path = f"/users/{user_id}/password-link"
    return await reader.send("gateway", "POST", path, {}, PasswordLink)


async def remove_factor(reader: Reader, user_id: UUID) -> None:
    """Let him sign in with his password alone."""
    await reader.send("gateway", "DELETE", f"/users/{user_id}/second-factor", {}, dict)


async def owner_of_link(reader: Reader, secret: str) -> LinkOwner | None:
    """Find whose link it is; None when it is good for nothing."""
    try:
        path = f"/password-links/{quote(secret[:100], safe='')}"
        return await reader.get("gateway", path, LinkOwner)
    except NotFound:
        return None


def message_of(user: User, address: str, company: str) -> str:
    """Give the WhatsApp address that carries the link to him; empty without his number."""
    if not user.phone:
        return ""
    text = (
        f"Yth. {user.name},\nBuat kata sandi Anda untuk Lunas {company} di tautan ini:\n{address}\n"
        "Tautan hanya berlaku sekali. Jangan diteruskan kepada orang lain."
    )
    return f"https://wa.me/{user.phone.removeprefix('+')}?text={quote(text, safe='')}"


def form_of(user: User) -> Form:
    """Fill the form with what is known."""
    values = {"name": user.name, "role": user.role, "phone": user.phone or ""}
    return Form(values | {"version": str(user.version)})


async def _patch(reader: Reader, user_id: UUID, body: Mapping[str, Any], version: str) -> User:
    return await reader.send("gateway", "PATCH", f"/users/{user_id}", body, User, version=version)


def _body(values: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": values.get("name", "").strip(),
        "role": values.get("role", ""),
        "phone": values.get("phone", "").strip() or None,
    }
