"""Puts invoicing together."""

from __future__ import annotations

from invoicing import api, handlers
from invoicing.settings import Settings
from invoicing.store.activities import belonging
from invoicing.store.verification import BOOKS
from shared.server import run
from shared.service import Outside, Service


def build(settings: Settings, outside: Outside) -> Service:
    """Build the service, not started."""
    return Service(
        "invoicing",
        settings,
        outside,
        routers=api.ROUTERS,
        subscriptions=handlers.subscriptions(settings.paying),
        activities=belonging,
        books=BOOKS,
    )


if __name__ == "__main__":
    run(build, Settings())
