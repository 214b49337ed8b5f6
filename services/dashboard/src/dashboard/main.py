"""Puts the dashboard together; the only module that builds things."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from dashboard.api import (
    activities,
    audit,
    bank,
    bookings,
    change_requests,
    closes,
    customers,
    exceptions,
    exports,
    handovers,
    home,
    imports,
    invoices,
    jobs,
    live,
    message_rules,
    message_templates,
    messages,
    money,
    products,
    profile,
    proofs,
    second_factor,
    session,
    statements,
    users,
    views,
)
from dashboard.api import static as static_files
from dashboard.api.desk import Desk
from dashboard.api.pages import PRIVATE, refused_by_router
from dashboard.api.rendering import Templates
from dashboard.api.trouble import defect
from dashboard.handlers.hub import CHANNEL, Hub
from dashboard.handlers.live import SUBSCRIPTIONS
from dashboard.settings import Settings
from dashboard.store.services import Services
from shared import context
from shared.http import HttpClient
from shared.logs import logger
from shared.loop import Loop
from shared.server import run
from shared.service import Outside, Service

NAME = "dashboard"
ROUTERS = (
    static_files.router,
    session.router,
    profile.router,
    second_factor.router,
    proofs.router,
    home.router,
    handovers.router,
    customers.router,
    change_requests.router,
    audit.router,
    activities.router,
    products.router,
    bookings.router,
    invoices.router,
    jobs.router,
    money.router,
    exceptions.router,
    exports.router,
    statements.router,
    imports.router,
    closes.router,
    bank.router,
    message_templates.router,
    message_rules.router,
    messages.router,
    users.router,
    live.router,
    views.router,
)


def build(settings: Settings, outside: Outside) -> Service:
    """Build the dashboard, ready to start."""
    service = Service(NAME, settings, outside, routers=ROUTERS, subscriptions=SUBSCRIPTIONS)
    services = Services({name: HttpClient(base) for name, base in settings.services.items()})
    return furnish(service, settings, services)


def furnish(service: Service, settings: Settings, services: Services) -> Service:
    """Give the service its desk, its loops and its pages of trouble."""
    hub = Hub(NAME, service.sessions, service.stopping)
    templates = Templates()
    service.app.state.desk = Desk(settings, services, hub, templates)
    service.loops += [
        Loop(NAME, "live", hub.step, CHANNEL),
        Loop(NAME, "forgetting", hub.prune),
    ]
    service.app.add_exception_handler(HTTPException, refused_by_router)
    service.app.add_exception_handler(Exception, _defect)
    return service


async def _defect(request: Request, error: Exception) -> Response:
    code = context.correlation_id()
    logger(NAME).error("defect", path=request.url.path, code=code, exc_info=error)
    templates: Templates = request.app.state.desk.templates
    html = templates.render("error.html", page=None, trouble=defect(code))
    return HTMLResponse(html, 500, headers=PRIVATE)


if __name__ == "__main__":
    run(build, Settings())
