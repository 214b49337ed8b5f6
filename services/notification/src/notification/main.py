"""The composition root: the only module that builds things."""

from __future__ import annotations

from notification import api, handlers
from notification.settings import Settings
from notification.store.activities import belonging
from notification.worker import ReminderWorker
from shared.loop import Loop
from shared.server import run
from shared.service import Outside, Service

NAME = "notification"


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
    service.app.state.letterhead = settings.letterhead
    worker = ReminderWorker(service.sessions, service.principal, settings.letterhead)
    service.loops.append(Loop(NAME, "reminders", worker.step))
    return service


if __name__ == "__main__":
    run(build, Settings())
