"""Templates: strict, escaped, with the words of ``domain.wording`` as filters."""

from __future__ import annotations

import json
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from dashboard.domain import status, wording

DIST = Path(str(files("dashboard"))) / "static" / "dist"
ADDRESS = "/static/dist"


class UnknownIcon(Exception):
    """A template names an icon that the sprite does not hold; add it to ``icons.json``."""


class Templates:
    """Renders pages; knows the hashed names of the built files."""

    def __init__(self, dist: Path = DIST) -> None:
        self._dist = dist
        self._environment = Environment(
            loader=PackageLoader("dashboard"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(_FILTERS)
        self._environment.globals.update(asset=self.asset, icon=self.icon)

    def render(self, name: str, **context: Any) -> str:
        """Render one template."""
        return self._environment.get_template(name).render(**context)

    def asset(self, name: str) -> str:
        """Give the address of a built file."""
        return f"{ADDRESS}/{self.manifest[name]}"

    def icon(self, name: str) -> str:
        """Give the address of an icon in the sprite.

        Raises:
            UnknownIcon: the sprite does not hold it.
        """
        if name not in self._icons:
            raise UnknownIcon(name)
        return f"{self.asset('icons.svg')}#i-{name}"

    @cached_property
    def manifest(self) -> dict[str, str]:
        """The hashed name of each built file."""
        found: dict[str, str] = json.loads((self._dist / "manifest.json").read_text())
        return found

    @cached_property
    def _icons(self) -> frozenset[str]:
        sprite = (self._dist / self.manifest["icons.svg"]).read_text()
        parts = sprite.split('<symbol id="i-')[1:]
        return frozenset(part.partition('"')[0] for part in parts)


def _whole(value: float) -> int:
    return int(value + 0.5) if value < 99.5 or value == 100 else 99


_FILTERS = {
    "rp": wording.money,
    "jt": wording.short_money,
    "count": wording.grouped,
    "pct": wording.percent,
    "share": wording.share,
    "whole": _whole,
    "day": wording.day,
    "short_day": wording.short_day,
    "long_day": wording.long_day,
    "full_day": wording.full_day,
    "weekday": wording.weekday,
    "month": wording.month,
    "clock": wording.clock_time,
    "clock_seconds": wording.clock_seconds,
    "moment": wording.moment,
    "phone": wording.phone,
    "va": wording.virtual_account,
    "initials": wording.initials,
    "channel": status.channel,
    "plan_kind": lambda kind: status.PLANS.get(kind, "Lainnya"),
    "product_kind": lambda kind: status.PRODUCTS.get(kind, "Lainnya"),
    "booking_mark": lambda state: status.BOOKING.get(state, status.UNKNOWN),
}
