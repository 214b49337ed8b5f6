"""Puts the bank-gateway together."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import SystemRandom
from typing import Any, cast

from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from bank_gateway.api import accounts, callback, conversation, snap
from bank_gateway.api.callback import CallbackClerk
from bank_gateway.api.door import Clerk, Door
from bank_gateway.domain.bank import Bank
from bank_gateway.domain.clocks import Clocks
from bank_gateway.ecollection import ECollection
from bank_gateway.handlers.attempt import Desk
from bank_gateway.handlers.intake import Intake
from bank_gateway.handlers.invoices import subscriptions
from bank_gateway.handlers.snap_intake import SnapIntake
from bank_gateway.handlers.snap_payment import SnapPayments
from bank_gateway.handlers.terms import Contract
from bank_gateway.handlers.together import LANES
from bank_gateway.metrics import CLOCK_DIFFERENCE
from bank_gateway.partner import Partner, Tokens
from bank_gateway.settings import Settings, networks_of
from bank_gateway.snap import Snap
from bank_gateway.snap_line import Line
from bank_gateway.store import work as works
from bank_gateway.store.activities import belonging
from bank_gateway.store.intake import Lane
from bank_gateway.store.verification import BOOKS
from bank_gateway.vault import Vault
from bank_gateway.worker import BankWorker
from bni_protocol.cipher import Key
from shared.clock import Clock
from shared.database import Sessions, plain_url
from shared.http import HttpClient
from shared.loop import Loop
from shared.server import run
from shared.service import Outside, Service
from snap_protocol import signing

NAME = "bank-gateway"


def build(settings: Settings, outside: Outside) -> Service:
    """Build the service: accounts on the inner address, callbacks on the public one."""
    contract = settings.contract
    service = Service(
        NAME,
        settings,
        outside,
        [accounts.router, conversation.router],
        subscriptions=subscriptions(contract),
        activities=belonging,
        books=BOOKS,
    )
    client = HttpClient(settings.base_url)
    clocks = Clocks()
    bank = build_bank(settings, client, outside.clock, clocks)
    watch(clocks, service)
    worker = build_worker(settings, service, bank, contract)
    service.loops += [
        Loop(NAME, f"bank-{number}", worker.step, works.CHANNEL)
        for number in range(1, settings.workers + 1)
    ]
    service.loops.append(Loop(NAME, "sealed-messages", worker.clean_step))
    service.closers.append(client.close)
    door = build_door(settings, service.sessions)
    service.closers.append(door.close)
    service.public[settings.public_listen] = behind_proxies(door, settings)
    return service


def behind_proxies(door: ASGIApp, settings: Settings) -> ASGIApp:
    """Let the door see who called our proxy; only of a proxy that we name is that believed (C8)."""
    trusted = [str(network) for network in networks_of(settings.trusted_proxies)]
    if not trusted:
        return door
    # Our door is an ASGI app as everybody's; uvicorn names the same shape with types of its own.
    return cast(ASGIApp, ProxyHeadersMiddleware(cast(Any, door), trusted))


def watch(clocks: Clocks, service: Service) -> None:
    """Show how far the bank's clock is from ours, and be ready only while that is bearable (T3)."""
    service.probes["clock"] = lambda: clocks.bearable(service.clock.now())
    CLOCK_DIFFERENCE.set_function(lambda: clocks.seconds)


def build_bank(settings: Settings, client: HttpClient, clock: Clock, clocks: Clocks) -> Bank:
    """Build the adapter for the protocol that we agreed on; it compares the clocks as it goes."""
    if settings.protocol == "snap":
        return Snap(Line(client, settings.base_url, settings.agreement, clock, clocks=clocks))
    return ECollection(client, _keys(settings), settings.prefix, clock, clocks)


def build_worker(
    settings: Settings, service: Service, bank: Bank, contract: Contract
) -> BankWorker:
    return BankWorker(
        service.sessions,
        bank,
        Desk(contract, SystemRandom()),
        Vault.parse(settings.vault_keys.get_secret_value()),
        settings.limits,
        asyncio.sleep,
    )


def build_door(settings: Settings, sessions: Sessions) -> Door:
    """Build the public app that the bank calls, in whatever protocols we serve."""
    vault = Vault.parse(settings.vault_keys.get_secret_value())
    clerks: dict[str, Clerk] = {}
    closers: list[Callable[[], Awaitable[None]]] = []
    url = plain_url(settings.database_url.get_secret_value())
    if keys := _keys(settings):
        intake = Intake(sessions, vault, _lanes(url))
        clerks[callback.PATH] = CallbackClerk(intake, keys, sessions.clock)
        closers.append(intake.together.close)
    if settings.snap_bank_client_id:
        partner = _partner(settings, vault)
        payments = SnapPayments(sessions, vault, settings.client_id, partner.client_id)
        snap_intake = SnapIntake(payments, _lanes(url))
        clerks |= snap.clerks(partner, snap_intake)
        closers.append(snap_intake.together.close)
    return Door(networks_of(settings.allowed_networks), clerks, closers)


def _lanes(url: str) -> list[Lane]:
    return [Lane(url) for _ in range(LANES)]


def _partner(settings: Settings, vault: Vault) -> Partner:
    secrets = [settings.snap_bank_client_secret, settings.snap_bank_client_secret_previous]
    public_keys = [settings.snap_bank_public_key, settings.snap_bank_public_key_previous]
    return Partner(
        client_id=settings.snap_bank_client_id,
        partner_id=settings.our_partner_id,
        secrets=[secret.get_secret_value() for secret in secrets if secret],
        public_keys=[signing.public_key(pem) for pem in public_keys if pem],
        tokens=Tokens.of(vault, timedelta(seconds=settings.snap_token_seconds)),
        prefix=settings.snap_path_prefix,
    )


def _keys(settings: Settings) -> list[Key]:
    secrets = [settings.secret_key, settings.secret_key_previous]
    return [Key(settings.client_id, secret.get_secret_value()) for secret in secrets if secret]


if __name__ == "__main__":
    run(build, Settings())
