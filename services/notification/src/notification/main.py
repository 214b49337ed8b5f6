"""The composition root: the only module that builds things."""

from __future__ import annotations

from notification import api, handlers
from notification.settings import Settings
from shared.server import run
from shared.service import Outside, Service


def build(settings: Settings, outside: Outside) -> Service:
    """Put the service together."""
    service = Service(
        "notification",
        settings,
        outside,
        routers=api.ROUTERS,
        subscriptions=handlers.SUBSCRIPTIONS,
    )
    service.app.state.letterhead = settings.letterhead
    return service


if __name__ == "__main__":
    run(build, Settings())
