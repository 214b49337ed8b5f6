"""What the routes of the sandbox work with."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from fastapi import Request

from bni_sandbox.api.snap_door import Door
from bni_sandbox.handlers.account import Account
from bni_sandbox.handlers.billing import Contract
from bni_sandbox.knobs import PRINCIPAL, Knobs
from bni_sandbox.sender import Sender
from bni_sandbox.snap_courier import SnapCourier
from shared.database import Sessions
from shared.principal import Principal


@dataclass(frozen=True)
class Sandbox:
    """The sandbox put together; built once in main.

    Attributes:
        callback_url: where notifications go, for people to read.
        door: who may speak SNAP; None when nothing was agreed for it.
        snap: speaks SNAP to the client; None where notifications go over eCollection.
    """

    contract: Contract
    sessions: Sessions
    sender: Sender
    knobs: Knobs
    account: Account
    networks: tuple[IPv4Network | IPv6Network, ...]
    window_seconds: int
    callback_url: str
    door: Door | None = None
    snap: SnapCourier | None = None

    @property
    def principal(self) -> Principal:
        return PRINCIPAL

    @property
    def merchant_name(self) -> str:
        return self.account.name


def sandbox(request: Request) -> Sandbox:
    """Give the sandbox of this app."""
    found: Sandbox = request.app.state.sandbox
    return found
