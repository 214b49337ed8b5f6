"""P11: one list of the audit rows of all services, page by page, and how their chains are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest

from gateway.handlers.history import OTHERS, history
from shared import audit
from shared.database import Session
from shared.http import Unreachable
from shared.paging import decode_instant
from shared.testing.plugin import NOW

Row = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """An answer."""

    rows: list[Row]
    count: int
    status_code: int = 200

    def json(self) -> Row:
        return {"rows": self.rows, "count": self.count}


@dataclass
class Services:
    """Every other service with its rows, newest first; ``away`` does not answer."""

    rows: dict[str, list[Row]]
    away: set[str] = field(default_factory=set)

    async def ask(self, service: str, path: str, *_: object) -> Told:
        if service in self.away:
            raise Unreachable
        query = {name: value[0] for name, value in parse_qs(urlsplit(path).query).items()}
        after = decode_instant(query.get("cursor"))
        rows = self.rows.get(service, [])
        older = [row for row in rows if after is None or key(row) < after]
        return Told(older[: int(query["limit"])], len(rows))


def key(row: Row) -> tuple[datetime, UUID]:
    return datetime.fromisoformat(row["at"]), UUID(row["id"])


def rows_of(service: str, *minutes: float) -> list[Row]:
    """Rows so many minutes before now."""
    return [
        {"id": str(uuid4()), "at": (NOW - timedelta(minutes=m)).isoformat(), "service": service}
        for m in minutes
    ]


async def all_pages(services: Services, session: Session, limit: int) -> list[list[str]]:
    pages, cursor = [], None
    while cursor is not None or not pages:
        wanted = audit.Wanted(limit=limit, cursor=cursor)
        found = await history(wanted, services, session)  # type: ignore[arg-type]
        pages.append([row["service"] for row in found.rows])
        cursor = found.next_cursor
    return pages


class TestOneList:
    async def test_p11_rows_of_all_services_come_in_one_order(self, session: Session) -> None:
        services = Services(
            {
                "customer": rows_of("customer", 1, 4, 5.5),
                "invoicing": rows_of("invoicing", 2, 5),
                "reporting": rows_of("reporting", 3),
            }
        )

        pages = await all_pages(services, session, limit=4)

        assert pages == [
            ["customer", "invoicing", "reporting", "customer"],
            ["invoicing", "customer"],
        ]

    @pytest.mark.parametrize("limit", [1, 2, 3, 7, 200])
    async def test_p11_paging_loses_nothing_and_tells_nothing_twice(
        self, session: Session, limit: int
    ) -> None:
        rows = {name: rows_of(name, *[n * 0.5 for n in range(4)]) for name in OTHERS[:3]}
        services = Services(rows)

        pages = await all_pages(services, session, limit)

        assert sorted(chain.from_iterable(pages)) == sorted(name for name in rows for _ in range(4))
        assert all(len(page) == limit for page in pages[:-1])

    async def test_p11_an_own_row_is_among_them(self, session: Session) -> None:
        audit.record(session, action="user.created", object_type="user", object_id=uuid4())
        await session.flush()

        found = await history(audit.Wanted(), Services({}), session)  # type: ignore[arg-type]

        assert ([row["service"] for row in found.rows], found.total) == (["gateway"], 1)

    async def test_r7_who_does_not_answer_is_named(self, session: Session) -> None:
        services = Services({"customer": rows_of("customer", 1)}, away={"reporting"})

        found = await history(audit.Wanted(), services, session)  # type: ignore[arg-type]

        assert (found.unavailable, found.total) == (["reporting"], 1)


class TestOverHttp:
    async def test_p1_the_chains_of_all_services(self, door: Any, admin: dict[str, str]) -> None:
        answer = (await door.ask("GET", "/api/v1/audit/chain", headers=admin)).json()

        assert [row["service"] for row in answer["items"]] == ["gateway", *["echo"] * len(OTHERS)]
        assert answer["unavailable"] == []

    async def test_p1_a_row_says_that_a_program_came(
        self, door: Any, make_user: Any, admin: dict[str, str]
    ) -> None:
        user = await make_user("wawan")

        answer = await door.ask("GET", "/api/v1/audit?object_type=user", headers=admin)

        [created] = [r for r in answer.json()["items"] if r.get("object_id") == user["id"]][-1:]
        assert (created["action"], created["source"]) == ("user.created", "api")

    async def test_p11_days_are_of_jakarta_and_a_strange_filter_is_refused(
        self, door: Any, admin: dict[str, str]
    ) -> None:
        path = "/api/v1/audit?object_type=user"

        today = await door.ask("GET", f"{path}&from=2026-11-23&to=2026-11-23", headers=admin)
        before = await door.ask("GET", f"{path}&to=2026-11-22", headers=admin)
        strange = await door.ask("GET", "/api/v1/audit?object_type=a-b", headers=admin)

        def own(answer: Any) -> int:
            return sum(row["service"] == "gateway" for row in answer.json()["items"])

        assert own(today) > 0
        assert own(before) == 0
        assert strange.status_code == 422
