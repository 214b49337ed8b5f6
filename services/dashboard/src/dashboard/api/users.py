"""Pages of those who may sign in, for Admin."""

from __future__ import annotations

from uuid import UUID

from fastapi.responses import HTMLResponse, Response

from dashboard.api.pages import PageRouter, Visit, Visiting
from dashboard.domain import rights, status
from dashboard.domain.answers.users import PasswordLink
from dashboard.domain.forms import Form, refused
from dashboard.domain.refusals import Outdated, Refused
from dashboard.handlers import users as handlers
from shared.errors import ConfirmationNeeded
from shared.operations import ROLES

router = PageRouter()
_ROLES = [(name, status.ROLES[name]) for name in ("marketing", "admin")]


@router.get("/users")
async def list_users(visit: Visiting) -> HTMLResponse:
    """Show who may sign in."""
    shown = await handlers.list_users(visit.reader, visit.query)
    return await visit.show("users/list.html", **shown)


@router.get("/users/new")
async def new_user(visit: Visiting) -> HTMLResponse:
    """Show the empty form."""
    return await _form(visit, Form({"role": "marketing"}))


@router.post("/users")
async def add_user(visit: Visiting) -> Response:
    """Register somebody; his page makes his invitation."""
    values = await visit.values()
    try:
        added = await handlers.add_user(visit.reader, values, values["idempotency_key"])
    except ConfirmationNeeded:
        return visit.go("/users/new")
    except Refused as refusal:
        return await _form(visit, refused(values, refusal, handlers.FIELDS), 422)
    return await _linked(visit, added.id)


@router.get("/users/roles")
async def show_roles(visit: Visiting) -> HTMLResponse:
    """Show what each role may do."""
    roles = [(status.ROLES[r.name], rights.SCOPES[r.scope_kind]) for r in ROLES.values()]
    return await visit.show("users/roles.html", roles=roles, groups=rights.table())


@router.get("/users/{user_id}")
async def show_user(visit: Visiting, user_id: UUID) -> HTMLResponse:
    """Show one user and what can be changed about him."""
    return await _user(visit, user_id)


@router.post("/users/{user_id}")
async def change_user(visit: Visiting, user_id: UUID) -> Response:
    """Save; when somebody else was first, what was typed stays and can be sent again."""
    values = await visit.values()
    try:
        await handlers.change_user(visit.reader, user_id, values)
    except ConfirmationNeeded:
        return visit.go(f"/users/{user_id}")
    except Outdated as outdated:
        return await _user(visit, user_id, Form(values, {"": str(outdated)}), 412)
    except Refused as refusal:
        return await _user(visit, user_id, refused(values, refusal, handlers.FIELDS), 422)
    return visit.go(f"/users/{user_id}", said="user")


@router.post("/users/{user_id}/link")
async def make_link(visit: Visiting, user_id: UUID) -> Response:
    """Make his link and show it; it is shown this once."""
    return await _linked(visit, user_id)


@router.post("/users/{user_id}/disable")
async def disable_user(visit: Visiting, user_id: UUID) -> Response:
    """Close the door for somebody, at once; his page asks where his customers go."""
    return await _let_in(visit, user_id, disabled=True)


@router.post("/users/{user_id}/enable")
async def enable_user(visit: Visiting, user_id: UUID) -> Response:
    """Open the door for somebody again; old sessions stay over."""
    return await _let_in(visit, user_id, disabled=False)


@router.post("/users/{user_id}/second-factor")
async def remove_factor(visit: Visiting, user_id: UUID) -> Response:
    """Take the second factor from somebody who lost his phone."""
    try:
        await handlers.remove_factor(visit.reader, user_id)
    except ConfirmationNeeded:
        return visit.go(f"/users/{user_id}")
    return visit.go(f"/users/{user_id}", said="user_factor")


async def _let_in(visit: Visit, user_id: UUID, *, disabled: bool) -> Response:
    version = (await visit.values())["version"]
    try:
        await handlers.let_in(visit.reader, user_id, version, disabled=disabled)
    except ConfirmationNeeded:
        return visit.go(f"/users/{user_id}")
    except (Outdated, Refused) as refusal:
        return await _user(visit, user_id, Form({}, {"": str(refusal)}), 422)
    return visit.go(f"/users/{user_id}", said="user_disabled" if disabled else "user_enabled")


async def _linked(visit: Visit, user_id: UUID) -> Response:
    try:
        link = await handlers.make_link(visit.reader, user_id)
    except ConfirmationNeeded:
        return visit.go(f"/users/{user_id}")
    except Refused as refusal:
        return await _user(visit, user_id, Form({}, {"": str(refusal)}), 422)
    return await _user(visit, user_id, link=link)


async def _form(visit: Visit, form: Form, code: int = 200) -> HTMLResponse:
    return await visit.show("users/form.html", code, form=form, roles=_ROLES, **_password(visit))


async def _user(
    visit: Visit,
    user_id: UUID,
    form: Form | None = None,
    code: int = 200,
    link: PasswordLink | None = None,
) -> HTMLResponse:
    shown = await handlers.show_user(visit.reader, user_id)
    user = shown["user"]
    filled = handlers.form_of(user)
    kept = form and Form(
        {**filled.values, **form.values, "version": filled.values["version"]}, form.errors
    )
    settings = visit.desk.settings
    address = settings.public_url.rstrip("/") + link.path if link else ""
    return await visit.show(
        "users/page.html",
        code,
        **shown,
        form=kept or filled,
        roles=_ROLES,
        link=link,
        link_address=address,
        message=handlers.message_of(user, address, settings.company) if link else "",
        is_self=user.id == visit.principal.user_id,
        **_password(visit),
    )


def _password(visit: Visit) -> dict[str, bool]:
    """Say whether the password was given lately, and whether a wrong one was just given (A8)."""
    return {
        "confirmed": visit.principal.confirmed,
        "password_refused": visit.query.get("password") == "refused",
    }
