"""The settings of every service, as the environment that it reads (P4)."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from launcher.databases import Database, application_url
from launcher.demo.company import COMPANY, STAFF, demo_password
from launcher.errors import Refusal
from launcher.house import Resident, is_production
from launcher.installation import Secrets, rsa_pair

DEMO_CONTRACT = {"BNI_CLIENT_ID": "00988", "BNI_PREFIX": "988"}
DEMO_SNAP = {
    "SNAP_PARTNER_ID": "LUNAS",
    "SNAP_CLIENT_ID": "lunas-demo",
    "SNAP_CHANNEL_ID": "95231",
    "SNAP_BANK_CLIENT_ID": "bni-demo",
}
_GIVEN = (
    "BNI_PROTOCOL",
    "BNI_BASE_URL",
    "BNI_CLIENT_ID",
    "BNI_SECRET_KEY",
    "BNI_PREFIX",
    "BNI_ALLOWED_NETWORKS",
    "BNI_TRUSTED_PROXIES",
)


@dataclass(frozen=True)
class Doors:
    """The three addresses that stay: gateway, bank callback, simulated bank."""

    gateway: str
    callback: str
    sandbox: str

    @classmethod
    def at(cls, host: str, port_base: int) -> Doors:
        """Give three neighbouring ports."""
        return cls(*(f"{host}:{port_base + no}" for no in range(3)))

    def require_free(self) -> None:
        """Make sure that nobody else listens at any of them.

        Raises:
            Refusal: an address is taken or not ours.
        """
        for address in (self.gateway, self.callback, self.sandbox):
            require_free(address)


def require_free(address: str) -> None:
    """Make sure that nobody else listens there.

    Raises:
        Refusal: the address is taken or not ours.
    """
    host, _, port = address.rpartition(":")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            raise Refusal(
                f"Alamat {address} tidak dapat dibuka ({error.strerror}). Hentikan program "
                "yang memakainya, atau pilih alamat lain."
            ) from error


@dataclass(frozen=True)
class Plan:
    """Everything that decides the environment of one run.

    Attributes:
        addresses: the inner address of each service, ``host:port`` or ``unix:/path``.
        public_url: how customers reach the gateway.
        demo: the company is invented, and so are its sign-ins.
    """

    residents: Sequence[Resident]
    databases: Mapping[str, Database]
    admin_url: str
    broker_url: str
    addresses: Mapping[str, str]
    doors: Doors
    public_url: str
    secrets: Secrets
    demo: bool


def environment_of(plan: Plan) -> dict[str, str]:
    """Give the settings of all services; each reads those that begin with its own name."""
    private_key, public_key = plan.secrets.signing_keys()
    company = os.environ.get("LUNAS_COMPANY_NAME") or COMPANY
    common = {
        "BROKER_URL": plan.broker_url,
        "BROKER_NAMESPACE": os.environ.get("LUNAS_BROKER_NAMESPACE")
        or "lunas-" + plan.secrets.text("broker-namespace")[:8],
        "PRINCIPAL_PUBLIC_KEY": public_key,
        # The address in links and the name on paper: not every service reads them.
        "PUBLIC_URL": plan.public_url,
        "PUBLIC_BASE_URL": plan.public_url,
        "COMPANY": company,
        "COMPANY_NAME": company,
    }
    whole: dict[str, str] = {}
    for resident in plan.residents:
        own = {
            **common,
            "DATABASE_URL": application_url(plan.admin_url, plan.databases[resident.name]),
            "LISTEN": plan.addresses[resident.name],
        }
        whole |= {resident.prefix + name: value for name, value in own.items()}
    return whole | _particulars(plan, private_key) | _first_admin(plan) | _bank(plan)


def _particulars(plan: Plan, private_key: str) -> dict[str, str]:
    """Give what only one service reads."""
    services = json.dumps({name: base_url(address) for name, address in plan.addresses.items()})
    return {
        "GATEWAY_SERVICES": services,
        "GATEWAY_PUBLIC_LISTEN": plan.doors.gateway,
        "GATEWAY_PRINCIPAL_PRIVATE_KEY": private_key,
        "GATEWAY_CSRF_SECRET": plan.secrets.text("csrf"),
        "GATEWAY_PRODUCTION": str(is_production()),
        "DASHBOARD_SERVICES": services,
        "REPORTING_DOCUMENT_KEY": plan.secrets.text("documents"),
        "BANK_GATEWAY_PUBLIC_LISTEN": plan.doors.callback,
        "BANK_GATEWAY_VAULT_KEYS": plan.secrets.base64("vault"),
        "BNI_SANDBOX_PUBLIC_LISTEN": plan.doors.sandbox,
        "BNI_SANDBOX_CALLBACK_URL": url(plan.doors.callback) + "/bni/ecollection/callback",
        "BNI_SANDBOX_SNAP_URL": url(plan.doors.callback),
    }


def _first_admin(plan: Plan) -> dict[str, str]:
    """Give the sign-in that exists before any user was made."""
    if plan.demo:
        return {
            "GATEWAY_ADMIN_NAME": STAFF[0].name,
            "GATEWAY_ADMIN_PASSWORD": demo_password(),
            "GATEWAY_DEMO_PASSWORD": demo_password(),
        }
    return {"GATEWAY_ADMIN_PASSWORD": admin_password(plan.secrets)}


def admin_password(secrets: Secrets) -> str:
    """Give the first Admin's password: as given, else this installation's own."""
    return os.environ.get("LUNAS_ADMIN_PASSWORD") or secrets.text("first-admin")[:20]


def _bank(plan: Plan) -> dict[str, str]:
    """Give the contract with the bank: as given, else with the simulated one."""
    demo = {
        **DEMO_CONTRACT,
        **_snap(plan.secrets),
        "BNI_BASE_URL": url(plan.doors.sandbox),
        "BNI_ALLOWED_NETWORKS": "127.0.0.0/8",
        "BNI_SECRET_KEY": plan.secrets.text("bni-sandbox")[:32],
    }
    given = {name: os.environ[name] for name in _GIVEN if name in os.environ}
    return demo | given | {n: value for n, value in os.environ.items() if n.startswith("SNAP_")}


def _snap(secrets: Secrets) -> dict[str, str]:
    """Give what the simulated bank and we agreed for SNAP; fresh keys, as both read them here."""
    if os.environ.get("BNI_PROTOCOL") != "snap" or os.environ.get("SNAP_PARTNER_ID"):
        return {}
    texts = {
        "SNAP_CLIENT_SECRET": secrets.text("snap-client"),
        "SNAP_BANK_CLIENT_SECRET": secrets.text("snap-bank"),
    }
    return DEMO_SNAP | texts | snap_keys()


def snap_keys() -> dict[str, str]:
    """Make our pair of keys and the simulated bank's."""
    ours, theirs = rsa_pair(), rsa_pair()
    return {
        "SNAP_PRIVATE_KEY": ours[0],
        "SNAP_PARTNER_PUBLIC_KEY": ours[1],
        "SNAP_BANK_PRIVATE_KEY": theirs[0],
        "SNAP_BANK_PUBLIC_KEY": theirs[1],
    }


def base_url(address: str) -> str:
    """Give a service's inner address as ``HttpClient`` takes it."""
    return address if address.startswith("unix:") else f"http://{address}"


def url(address: str, name: str = "127.0.0.1") -> str:
    """Give an address as somebody on this machine uses it."""
    return f"http://{name}:{address.rpartition(':')[2]}"


def public_url(doors: Doors) -> str:
    """Give the gateway's address for links: as given, else this machine's."""
    return os.environ.get("LUNAS_PUBLIC_URL") or url(doors.gateway, "localhost")
