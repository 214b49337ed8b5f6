"""Which operation of the catalogue a request means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.operations import OPERATIONS, Operation

SERVICES = frozenset(operation.service for operation in OPERATIONS)
"""Everybody behind the door; the dashboard asks them all with its caller's principal."""


@dataclass
class Routes:
    """The catalogue, ready to be searched: the most exact template wins."""

    operations: Sequence[Operation] = OPERATIONS
    _exact: dict[tuple[str, str], Operation] = field(init=False)
    _templates: list[Operation] = field(init=False)

    def __post_init__(self) -> None:
        self._exact = {(o.method, o.path): o for o in self.operations if "{" not in o.path}
        rest = (o for o in self.operations if "{" in o.path)
        self._templates = sorted(rest, key=lambda operation: operation.rank)

    def find(self, method: str, path: str) -> Operation | None:
        """Find the operation; HEAD is GET without its body."""
        method = "GET" if method == "HEAD" else method
        if found := self._exact.get((method, path)):
            return found
        return next((o for o in self._templates if o.method == method and o.matches(path)), None)

    def methods(self, path: str) -> list[str]:
        """Name the methods that a path knows."""
        return sorted({o.method for o in self.operations if o.matches(path)})


def audience(operation: Operation) -> list[str]:
    """Name who may act on the principal of this request (A5)."""
    return sorted(SERVICES) if operation.service == "dashboard" else [operation.service]
