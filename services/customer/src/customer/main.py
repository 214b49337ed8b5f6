"""The composition root: the only module that builds things."""

from __future__ import annotations

from customer import api, handlers
from customer.settings import Settings
from shared.server import run
from shared.service import Outside, Service


def build(settings: Settings, outside: Outside) -> Service:
    """Put the service together."""
    return Service(
        "customer",
        settings,
        outside,
        routers=api.ROUTERS,
        subscriptions=handlers.SUBSCRIPTIONS,
    )


if __name__ == "__main__":
    run(build, Settings())
