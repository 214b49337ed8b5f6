"""Puts the gateway together."""

from __future__ import annotations

from typing import Any, cast

from fastapi.routing import APIRoute
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from gateway.api import ROUTERS
from gateway.api.door import make_door
from gateway.api.house import House
from gateway.handlers import SUBSCRIPTIONS
from gateway.handlers.description import Description
from gateway.handlers.passwords import Passwords
from gateway.handlers.second_factor import SecondFactors
from gateway.handlers.sign_in import Keys
from gateway.handlers.throttle import Throttle
from gateway.handlers.upstreams import OWN, Upstreams
from gateway.handlers.users import NewUser, seed
from gateway.settings import Settings
from shared.operations import API
from shared.server import run
from shared.service import Outside, Service


class OperationsMissing(Exception):
    """The catalogue promises operations of the gateway that no route serves."""


def build(settings: Settings, outside: Outside) -> Service:
    """Build the gateway: its own inner app, and the door on the public address."""
    _check_operations()
    service = Service(OWN, settings, outside, routers=ROUTERS, subscriptions=SUBSCRIPTIONS)
    demo = settings.demo_password
    passwords = Passwords(demo.get_secret_value() if demo else None)
    private_key = settings.principal_private_key.get_secret_value()
    upstreams = Upstreams(settings.services, private_key, service.app)
    service.verifier.verify(
        upstreams.token(service.principal, [OWN], outside.clock.now()), outside.clock.now()
    )  # both keys must be one pair
    secret = settings.csrf_secret.get_secret_value()
    keys = Keys(passwords, Throttle(secret), SecondFactors(secret))
    house = House(service, settings, keys, upstreams, Description(upstreams))
    service.app.state.house = house
    service.public[settings.public_listen] = behind_proxies(make_door(house), settings)
    service.starters.append(lambda: _seed(house))
    service.closers += [upstreams.close, passwords.close]
    return service


def behind_proxies(door: ASGIApp, settings: Settings) -> ASGIApp:
    """Let the door see who called our proxy; only of a proxy that we name is that believed."""
    trusted = [each.strip() for each in settings.trusted_proxies.split(",") if each.strip()]
    if not trusted:
        return door
    # Our door is an ASGI app as everybody's; uvicorn names the same shape with types of its own.
    return cast(ASGIApp, ProxyHeadersMiddleware(cast(Any, door), trusted))


async def _seed(house: House) -> None:
    first = _first_admin(house.settings)
    async with house.service.sessions.begin(house.service.principal) as session:
        if not await seed(session, first, house.passwords):
            house.service.log.warning("nobody can sign in: set GATEWAY_ADMIN_PASSWORD once")


def _first_admin(settings: Settings) -> NewUser | None:
    if settings.admin_password is None:
        return None
    return NewUser(
        username=settings.admin_username,
        name=settings.admin_name,
        role="admin",
        password=settings.admin_password.get_secret_value(),
    )


def _check_operations() -> None:
    served = {
        (method, route.path_format)
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    promised = {(o.method, o.path) for o in API if o.service == OWN}
    if served != promised:
        raise OperationsMissing(str(sorted(served ^ promised)))


if __name__ == "__main__":
    run(build, Settings())
