"""The composition root: the only module that builds things."""

from __future__ import annotations

from customer import api, handlers
from customer.importer import CHANNEL, Importer
from customer.mover import CHANNEL as HANDOVERS
from customer.mover import Mover
from customer.settings import Settings
from customer.store.activities import belonging
from shared.loop import Loop
from shared.server import run
from shared.service import Outside, Service

NAME = "customer"


def build(settings: Settings, outside: Outside) -> Service:
    """Put the service together."""
    service = Service(
        NAME,
        settings,
        outside,
        routers=api.ROUTERS,
        subscriptions=handlers.SUBSCRIPTIONS,
        activities=belonging,
    )
    importer = Importer(service.sessions, NAME)
    mover = Mover(service.sessions, NAME)
    service.loops += [
        Loop(NAME, "handovers", mover.step, HANDOVERS),
        Loop(NAME, "forgetting handovers", mover.forget_step),
        Loop(NAME, "imports", importer.step, CHANNEL),
        Loop(NAME, "forgetting", importer.forget_step),
    ]
    return service


if __name__ == "__main__":
    run(build, Settings())
