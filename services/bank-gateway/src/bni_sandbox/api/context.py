"""What the routes of the sandbox work with."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from random import Random

from fastapi import Request

from bni_sandbox.handlers import Contract
from bni_sandbox.sender import Sender
from shared.database import Sessions
from shared.principal import Principal


@dataclass(frozen=True)
class Sandbox:
    """The sandbox put together; built once in main."""

    contract: Contract
    sessions: Sessions
    sender: Sender
    chance: Random
    networks: tuple[IPv4Network | IPv6Network, ...]
    window_seconds: int
    merchant_name: str

    @property
    def principal(self) -> Principal:
        return Principal.system("bni-sandbox")


def sandbox(request: Request) -> Sandbox:
    """Give the sandbox of this app."""
    found: Sandbox = request.app.state.sandbox
    return found
