"""What the routes of this process share: clients, hub, settings, templates."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from dashboard.api.rendering import Templates
from dashboard.handlers.hub import Hub
from dashboard.settings import Settings
from dashboard.store.services import Services


@dataclass(frozen=True)
class Desk:
    """Made once in ``main``; kept at ``app.state.desk``."""

    settings: Settings
    services: Services
    hub: Hub
    templates: Templates


def desk_of(request: Request) -> Desk:
    """Give the desk of the app that got this request."""
    desk: Desk = request.app.state.desk
    return desk
