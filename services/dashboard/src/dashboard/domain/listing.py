"""One way for all lists: what stands in the address, and what a page makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import urlencode

from dashboard.domain.list_parts import Act, Chip, Column, Filter, Head, Saved
from dashboard.domain.recap_choice import Tab

ROWS, ROWS_PHONE = 50, 25
_TEXT_MOST = 100


@dataclass(frozen=True, slots=True)
class ListKind:
    """What a list offers.

    Attributes:
        tab: the name of the tab's value in the address.
        export: its name among the lists that can be had as a file.
    """

    key: str
    path: str
    noun: str
    hint: str
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    tabs: Mapping[str, str] = field(default_factory=dict)
    tab: str = "view"
    sort: str = ""
    export: str = ""
    acts: tuple[Act, ...] = ()

    @property
    def shown(self) -> tuple[Column, ...]:
        """The columns of somebody who chose none."""
        return tuple(column for column in self.columns if not column.extra)

    def read(self, given: Iterable[tuple[str, str]], *, phone: bool = False) -> Listing:
        """Read the address; what makes no sense to this list is left out."""
        values = {}
        chosen: list[str] = []
        for name, text in given:
            if name == "columns":
                chosen += text.split(".")
            elif text.strip():
                values[name] = text.strip()[:_TEXT_MOST] if name != "cursor" else text
        kept = {f.name: v for f in self.filters if f.spelled(v := values.get(f.name, ""))}
        view = values.get(self.tab, "")
        known = [c.key for c in self.columns if c.key in chosen and not c.fixed]
        if known == [c.key for c in self.shown if not c.fixed]:
            known = []  # as everybody sees it: nothing was chosen
        return Listing(
            kind=self,
            view=view if view in self.tabs else "",
            search=values.get("search", ""),
            values=kept,
            sort=self._sort(values.get("sort", "")),
            chosen=tuple(known),
            cursor=values.get("cursor", ""),
            phone=phone,
        )

    def _sort(self, wanted: str) -> str:
        known = {column.sort for column in self.columns if column.sort}
        return wanted if wanted.removeprefix("-") in known else self.sort

    def with_choices(self, name: str, choices: Iterable[tuple[str, str]]) -> ListKind:
        """Give a filter its choices; without any it is not offered."""
        found = tuple(choices)
        filters = (
            replace(each, choices=found) if each.name == name else each for each in self.filters
        )
        return replace(self, filters=tuple(f for f in filters if found or f.name != name))


@dataclass(frozen=True)
class Listing:
    """One list as one address asks for it."""

    kind: ListKind
    view: str
    search: str
    values: Mapping[str, str]
    sort: str
    chosen: tuple[str, ...]
    cursor: str
    phone: bool
    counts: Mapping[str, int] = field(default_factory=dict)
    total: int = 0
    shown: int = 0
    next_cursor: str = ""
    saved: tuple[Saved, ...] = ()

    @property
    def now(self) -> Saved | None:
        """The kept list that is looked at."""
        return next((each for each in self.saved if each.address == self.here), None)

    @property
    def asks(self) -> dict[str, object]:
        """What the service is asked."""
        limit = ROWS_PHONE if self.phone else ROWS
        return {**self.filter, "sort": self.sort, "cursor": self.cursor, "limit": limit}

    @property
    def filter(self) -> dict[str, str]:
        """What narrows the list, with its tab."""
        return {**self.values, self.kind.tab: self.view, "search": self.search}

    @property
    def narrowed(self) -> bool:
        """Tell whether anything but the tab narrows the list."""
        return bool(self.search or self.values)

    @property
    def filtered(self) -> bool:
        """Tell whether anything narrows the list."""
        return bool(self.narrowed or self.view)

    @property
    def here(self) -> str:
        """The address of this list."""
        return self.address()

    def address(self, **changed: str) -> str:
        """Give the address with something changed; another filter begins at the first page."""
        pairs = {
            self.kind.tab: self.view,
            "search": self.search,
            **self.values,
            "sort": self.sort if self.sort != self.kind.sort else "",
            "columns": ".".join(self.chosen),
            **changed,
        }
        query = urlencode({name: text for name, text in pairs.items() if text})
        return f"{self.kind.path}?{query}" if query else self.kind.path

    @property
    def following(self) -> str:
        """The address of the next page."""
        return self.address(cursor=self.next_cursor) if self.next_cursor else ""

    @property
    def first(self) -> str:
        """The address of the first page, from a later one."""
        return self.here if self.cursor else ""

    @property
    def cleared(self) -> str:
        """The address without conditions; tab, order and columns stay."""
        return self.address(search="", **dict.fromkeys(self.values, ""))

    @property
    def tabs(self) -> list[Tab]:
        """The tabs with how many rows are behind each."""
        return [
            Tab(
                word,
                self.address(**{self.kind.tab: key}),
                key == self.view and self.now is None,
                self.counts.get(key or "all"),
            )
            for key, word in self.kind.tabs.items()
        ]

    @property
    def chips(self) -> list[Chip]:
        """What narrows the list, each to be taken off."""
        found = [
            Chip(each.word, each.spelled(self.values[each.name]), self.address(**{each.name: ""}))
            for each in self.kind.filters
            if each.name in self.values
        ]
        searched = Chip("Cari", self.search, self.address(search=""))
        return [searched, *found] if self.search else found

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns that are shown."""
        if self.chosen:
            return tuple(c for c in self.kind.columns if c.fixed or c.key in self.chosen)
        return self.kind.shown

    @property
    def heads(self) -> list[Head]:
        """The heads of the columns; of the one that sorts, a press turns the order round."""
        return [self._head(column) for column in self.columns]

    def _head(self, column: Column) -> Head:
        name = column.sort
        if not name:
            return Head(column, "", "")
        rising, falling = self.sort == name, self.sort == f"-{name}"
        turned = f"-{name}" if rising or (column.falls and not falling) else name
        state = "ascending" if rising else "descending" if falling else "none"
        return Head(column, self.address(sort=turned), state)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the form of the filters carries along."""
        columns = ".".join(self.chosen)
        kept = {self.kind.tab: self.view, "columns": columns}
        if self.sort != self.kind.sort:
            kept["sort"] = self.sort
        return [(name, text) for name, text in kept.items() if text]

    def found(
        self, total: int, shown: int, following: str | None, counts: Mapping[str, int]
    ) -> Listing:
        """Add what the service answered."""
        return replace(self, total=total, shown=shown, next_cursor=following or "", counts=counts)
