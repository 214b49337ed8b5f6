"""Lists that people keep as tabs: whose they are, and how many rows they have now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from dashboard.domain.answers.base import Answer
from dashboard.domain.list_parts import Saved
from dashboard.domain.listing import ListKind
from dashboard.domain.lists import KINDS
from dashboard.domain.refusals import Refused
from dashboard.models import SavedView
from dashboard.store import views as store
from dashboard.store.services import Reader
from shared import audit
from shared.database import Session, Sessions
from shared.errors import NotFound
from shared.principal import Principal

NAME_MOST, OWN_MOST = 40, 12
SHARES = "users.write"
"""Who has this permission shares lists with everybody, and looks after those that are shared."""
_TAKEN = "Tampilan lain sudah memakai nama ini. Pilih nama lain."
SOURCES = {
    "customers": ("reporting", "/recaps/customers"),
    "invoices": ("invoicing", "/invoices"),
    "payments": ("reconciliation", "/payments"),
    "bookings": ("customer", "/bookings"),
}


Change = Callable[[Session, SavedView], Awaitable[None]]


class Counted(Answer):
    """How many rows a list has."""

    total: int = 0


async def of_list(sessions: Sessions, who: Principal, kind: ListKind) -> tuple[Saved, ...]:
    """Give the tabs above a list; the page does without when they cannot be had (R7)."""
    try:
        async with sessions.begin(who) as session:
            found = await store.of_list(session, kind.key)
    except (SQLAlchemyError, OSError):
        return ()
    return tuple(
        Saved(
            str(each.id),
            each.name,
            kind.read(parse_qsl(each.query)).here,
            may_rename=each.owner_id == who.user_id
            and (SHARES in who.permissions or not each.shared),
            may_forget=SHARES in who.permissions if each.shared else each.owner_id == who.user_id,
            shared=each.shared,
        )
        for each in found
    )


async def keep(
    sessions: Sessions, who: Principal, key: str, name: str, address: str, *, shared: bool
) -> str:
    """Keep a list under a name; the same name again replaces it. Gives its address.

    Raises:
        NotFound: there is no such list.
        Refused: the name is not one, or is that of a shared list, or there are enough.
    """
    name = _name(name)
    here = kind_of(key).read(parse_qsl(urlsplit(address).query)).here
    async with sessions.begin(who) as session:
        present = await store.named(session, key, name)
        if present is None and await store.count_own(session, key) >= OWN_MOST:
            raise Refused("Sudah ada 12 tampilan di daftar ini. Hapus satu dahulu.")
        if present is not None and present.shared and SHARES not in who.permissions:
            raise Refused(_TAKEN)
        view = SavedView(
            list_key=key, name=name, query=urlsplit(here).query, owner_id=who.user_id,
            owner_name=who.name, shared=shared, made_at=session.clock.now(),
        )  # fmt: skip
        _tell(session, await store.put(session, view), "kept")
    return here


async def rename(sessions: Sessions, who: Principal, view_id: UUID, name: str) -> str:
    """Give one of his own another name.

    Raises:
        NotFound: it is not there, or not his, or shared by one who may not share any more.
        Refused: he has another of that name.
    """
    name = _name(name)

    async def change(session: Session, view: SavedView) -> None:
        view.name = name
        try:
            await session.flush()
        except IntegrityError as error:  # another of his has the name, maybe since just now (K1)
            raise Refused(_TAKEN) from error
        _tell(session, view, "renamed")

    return await _own(sessions, who, view_id, change)


async def forget(sessions: Sessions, who: Principal, view_id: UUID) -> str:
    """Throw one of his own away, or as one who may share, any that is shared.

    Raises:
        NotFound: it is not there, or not his.
    """

    async def drop(session: Session, view: SavedView) -> None:
        _tell(session, view, "forgotten")
        await session.delete(view)

    return (await _own(sessions, who, view_id, drop, others=True)).partition("?")[0]


async def count(sessions: Sessions, who: Principal, reader: Reader, view_id: UUID) -> int:
    """Count the rows that a kept list has now, in the reader's scope (A2).

    Raises:
        NotFound: it is not there, or not for him.
    """
    async with sessions.begin(who) as session:
        view = await store.find(session, view_id)
    if view is None:
        raise NotFound
    kind = KINDS[view.list_key]
    if "users.read" not in who.permissions:
        kind = kind.with_choices("marketing_id", ())
    listing = kind.read(parse_qsl(view.query))
    service, path = SOURCES[view.list_key]
    return (await reader.get(service, path, Counted, **listing.filter, limit=1)).total


def kind_of(key: str) -> ListKind:
    """Give a list by its name.

    Raises:
        NotFound: there is none.
    """
    if key not in KINDS:
        raise NotFound
    return KINDS[key]


async def _own(
    sessions: Sessions, who: Principal, view_id: UUID, change: Change, *, others: bool = False
) -> str:
    shares = SHARES in who.permissions
    async with sessions.begin(who) as session:
        view = await store.find_own(session, view_id, shares=shares, others=others)
        if view is None:
            raise NotFound
        await change(session, view)
    return KINDS[view.list_key].read(parse_qsl(view.query)).here


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not 0 < len(name) <= NAME_MOST or not name.isprintable():
        raise Refused("Tulis nama tampilan, paling banyak 40 huruf.")
    return name


def _tell(session: Session, view: SavedView, act: str) -> None:
    audit.record(
        session,
        action=f"saved_view.{act}",
        object_type="saved_view",
        object_id=view.id,
        after=view.model_dump(mode="json", include={"list_key", "name", "query", "shared"}),
    )
