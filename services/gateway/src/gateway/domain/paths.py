"""Paths that come from outside: what is plain enough to route, and where a person may land."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

HOME = "/"
_UNPLAIN = re.compile(r"//|\\|[\x00-\x1f\x7f]|/\.{1,2}(/|$)|\ufffd")
TARGET_LENGTH_MAX = 8000
_NEXT_LENGTH_MAX = 1000
_NOT_A_PAGE = ("/api/", "/login", "/logout", "/confirm", "/password", "/static/")
_SECRET_LENGTH_MAX = 100


def is_plain(path: str) -> bool:
    """Tell whether a decoded path means one thing only, to us and to every service."""
    return path.startswith("/") and _UNPLAIN.search(path) is None


def encoded(path: str) -> str:
    """Spell a decoded path for the wire; what was matched is exactly what is asked for."""
    return quote(path, safe="/:@!$&'()*+,;=-._~")


def encoded_query(query: bytes) -> str:
    """Spell a query for the wire; it stays as it came, but for bytes that no address may hold."""
    return quote(query, safe="%/:?@!$&'()*+,;=-._~[]")


def local_next(wanted: str | None) -> str:
    """Give the page to land on after signing in: one of ours, or the home page (W4)."""
    if not wanted or len(wanted) > _NEXT_LENGTH_MAX or not wanted.isprintable():
        return HOME
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return HOME
    path = unquote(parts.path)
    ours = not parts.scheme and not parts.netloc and is_plain(wanted) and is_plain(path)
    return wanted if ours and not path.startswith(_NOT_A_PAGE) else HOME


def confirm_path(wanted: str, *, failed: bool = False) -> str:
    """Give the page that asked for the password again, telling it of a refusal."""
    page = local_next(wanted)
    if not failed:
        return page
    return f"{page}{'&' if '?' in page else '?'}password=refused"


def password_page(secret: str, rule: str = "") -> str:
    """Give the page of a link, telling it which rule the password broke."""
    return f"/password/{quote(secret[:_SECRET_LENGTH_MAX], safe='')}" + (rule and f"?rule={rule}")


def code_path(wanted: str, wait: int = 0, *, failed: bool = False) -> str:
    """Give the page that asks for the code of the second factor."""
    return "/login/code" + login_path(wanted, failed=failed, wait=wait).removeprefix("/login")


def login_path(wanted: str, *, failed: bool = False, wait: int = 0) -> str:
    """Give the address of the sign-in page that leads on to ``wanted``.

    Args:
        wait: seconds until the next try is looked at.
    """
    error = "error=1&" if failed or wait else ""
    error += f"wait={wait}&" if wait else ""
    return f"/login?{error}next={quote(local_next(wanted), safe='/')}"
