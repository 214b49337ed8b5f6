"""Puts the sandbox together."""

from dataclasses import fields
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bni_protocol.cipher import Key
from bni_sandbox.api import account, control, pages, protocol, simulate, snap
from bni_sandbox.api.context import Sandbox
from bni_sandbox.api.same_origin import SameOrigin
from bni_sandbox.api.snap_door import Client, Door
from bni_sandbox.courier import ECollectionCourier
from bni_sandbox.domain.request import Agreement
from bni_sandbox.handlers.account import Account
from bni_sandbox.handlers.billing import Contract
from bni_sandbox.knobs import Knobs
from bni_sandbox.sender import TIMEOUT_SECONDS, Policy, Sender
from bni_sandbox.settings import Settings
from bni_sandbox.snap_courier import SnapCourier
from bni_sandbox.store.delivery import CHANNEL
from shared.database import Sessions
from shared.http import HttpClient
from shared.loop import Loop
from shared.server import run
from shared.service import Outside, Service
from shared.web import problems
from shared.web.limits import BodyLimit
from shared.web.observe import Observe
from snap_protocol.sending import Caller
from snap_protocol.signing import private_key, public_key

NAME = "bni-sandbox"
BODY_BYTES = 64 * 1024
BANK_CHANNEL = "95051"
_HEADERS = {
    b"content-security-policy": b"default-src 'none'; style-src 'self'; font-src 'self';"
    b" img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
}


def build(settings: Settings, outside: Outside) -> Service:
    """Build the sandbox as a service: health on its inner address, the bank on the public one."""
    service = Service(NAME, settings, outside)
    host = urlunsplit(urlsplit(settings.told_at)._replace(path=""))
    client = HttpClient(host, timeout_seconds=TIMEOUT_SECONDS)
    sandbox = build_sandbox(settings, service.sessions, client)
    service.loops.append(Loop(NAME, "notifications", sandbox.sender.step, CHANNEL))
    service.closers += [sandbox.sender.close, client.close]
    service.public[settings.public_listen] = build_app(sandbox)
    return service


def build_sandbox(settings: Settings, sessions: Sessions, client: HttpClient) -> Sandbox:
    key = Key(settings.client_id, settings.secret_key.get_secret_value())
    contract = Contract(
        key,
        settings.prefix,
        Agreement(settings.types, settings.names_not_taken),
        timedelta(days=settings.default_life_days),
        settings.inquiries_per_hour,
    )
    policy = Policy(
        [timedelta(seconds=pause) for pause in settings.retry_delays_seconds],
        settings.at_once,
    )
    knobs = Knobs(sessions)
    snap = build_snap_courier(settings, client) if settings.protocol == "snap" else None
    courier = snap or ECollectionCourier(client, key, urlsplit(settings.callback_url).path)
    named = [part.strip() for part in settings.allowed_networks.split(",") if part.strip()]
    return Sandbox(
        contract,
        sessions,
        Sender(sessions, courier, knobs, policy),
        knobs,
        Account(settings.account_no, settings.merchant_name, settings.opening_balance_idr),
        tuple(ip_network(network) for network in named),
        settings.window_seconds,
        settings.told_at,
        build_door(settings),
        snap,
    )


def build_snap_courier(settings: Settings, client: HttpClient) -> SnapCourier:
    """Give the bank its own part of the agreement for SNAP."""
    caller = Caller(
        client_id=settings.snap_bank_client_id,
        partner_id=settings.snap_partner_id,
        channel_id=BANK_CHANNEL,
        client_secret=settings.snap_bank_client_secret.get_secret_value(),
        private_key=private_key(settings.snap_bank_private_key.get_secret_value()),
    )
    return SnapCourier(client, caller, settings.prefix + settings.client_id)


def build_door(settings: Settings) -> Door | None:
    """Open the door for SNAP, if everything is agreed that it needs."""
    secrets = (settings.snap_client_secret, settings.snap_client_secret_previous)
    pems = (settings.snap_partner_public_key, settings.snap_partner_public_key_previous)
    partner = Client(
        settings.snap_partner_id,
        settings.snap_client_id,
        tuple(found for secret in secrets if (found := secret.get_secret_value())),
        tuple(public_key(pem) for pem in pems if pem),
    )
    complete = all(getattr(partner, each.name) for each in fields(partner))
    return Door(partner) if complete else None


def build_app(sandbox: Sandbox) -> FastAPI:
    """Build the public app: ``POST /`` for programs of merchants, ``GET /`` for payers."""
    app = FastAPI(title="BNI sandbox", docs_url=None, redoc_url=None)
    app.state.sandbox = sandbox
    problems.install(app)
    for part in (protocol, snap, simulate, account, pages, control):
        app.include_router(part.router)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    app.add_middleware(BodyLimit, limit_bytes=BODY_BYTES)
    app.add_middleware(Observe, service=NAME)
    app.add_middleware(SameOrigin)
    app.add_middleware(_SecurityHeaders)
    return app


class _SecurityHeaders:
    """Sets the same headers on every answer (W5)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *_HEADERS.items()]}
            await send(message)

        await self._app(scope, receive, with_headers)


if __name__ == "__main__":
    run(build, Settings())
