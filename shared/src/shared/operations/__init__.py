"""Every public operation, once: method, path, owning service, permission (A1, A3 of api.md).

The gateway routes by this catalogue and refuses what the role lacks; a service refuses at start
to serve a route that is not in it, and checks the permission again.
"""

from __future__ import annotations

from shared.operations.api import API
from shared.operations.door import DOOR
from shared.operations.operation import PUBLIC, SIGNED_IN, Operation
from shared.operations.pages import PAGES
from shared.operations.roles import ROLES

OPERATIONS: tuple[Operation, ...] = API + DOOR + PAGES
BY_ROUTE: dict[tuple[str, str], Operation] = {(o.method, o.path): o for o in OPERATIONS}

__all__ = [
    "API",
    "BY_ROUTE",
    "DOOR",
    "OPERATIONS",
    "PAGES",
    "PUBLIC",
    "ROLES",
    "SIGNED_IN",
    "Operation",
]
