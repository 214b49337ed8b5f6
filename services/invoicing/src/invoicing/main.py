"""Puts invoicing together."""

from __future__ import annotations

from invoicing import api, handlers
from invoicing.handlers.bulk import Worker
from invoicing.settings import Settings
from invoicing.store.activities import belonging
from invoicing.store.tallies import Folding
from invoicing.store.verification import BOOKS
from shared.loop import Loop
from shared.server import run
from shared.service import Outside, Service

NAME = "invoicing"


def build(settings: Settings, outside: Outside) -> Service:
    """Build the service, not started."""
    service = Service(
        NAME,
        settings,
        outside,
        routers=api.ROUTERS,
        subscriptions=handlers.subscriptions(settings.paying),
        activities=belonging,
        books=BOOKS,
    )
    service.loops += [
        Loop(NAME, "tallies", Folding(service.sessions).step),
        Loop(NAME, "bulk", Worker(service.sessions).step, "lunas_bulk"),
    ]
    return service


if __name__ == "__main__":
    run(build, Settings())
