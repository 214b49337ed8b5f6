"""The composition root: the only module that builds things."""

from __future__ import annotations

from random import SystemRandom

from notification import api, handlers
from notification.api.hooks import Hooks
from notification.carriers import carriers_of
from notification.handlers.desk import Desk
from notification.sender import Sender
from notification.settings import Settings
from notification.worker import ReminderWorker
from shared.http import HttpClient
from shared.loop import Loop
from shared.server import run
from shared.service import Outside, Service

NAME = "notification"
SENDERS = 2


def build(settings: Settings, outside: Outside) -> Service:
    """Put the service together."""
    clients: list[HttpClient] = []
    carriers = carriers_of(settings, outside.clock, clients)
    desk = Desk(settings.letterhead, frozenset(carriers))
    service = Service(
        NAME,
        settings,
        outside,
        routers=api.ROUTERS,
        subscriptions=handlers.subscriptions(desk),
    )
    service.app.state.letterhead = settings.letterhead
    service.app.state.hooks = Hooks(
        settings.whatsapp_app_secret.get_secret_value(),
        settings.whatsapp_verify_token.get_secret_value(),
        settings.sms_signature_secret.get_secret_value(),
    )
    worker = ReminderWorker(service.sessions, service.principal, desk)
    service.loops.append(Loop(NAME, "reminders", worker.step))
    if carriers:
        mouth = Sender(
            service.sessions, service.principal, desk.letterhead, carriers, SystemRandom()
        )
        service.loops += [Loop(NAME, f"sender-{no}", mouth.step) for no in range(1, SENDERS + 1)]
    service.closers += [client.close for client in clients]
    return service


if __name__ == "__main__":
    run(build, Settings())
