"""Puts reconciliation together."""

from __future__ import annotations

from reconciliation import api, handlers
from reconciliation.settings import Settings
from shared.server import run
from shared.service import Outside, Service


def build(settings: Settings, outside: Outside) -> Service:
    """Build the service, not started."""
    return Service(
        "reconciliation",
        settings,
        outside,
        routers=api.ROUTERS,
        subscriptions=handlers.subscriptions(apply_credit=settings.apply_credit),
    )


if __name__ == "__main__":
    run(build, Settings())
