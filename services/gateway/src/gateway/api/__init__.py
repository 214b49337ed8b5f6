"""HTTP of the gateway: its own operations, and the door before all services."""

from __future__ import annotations

from gateway.api import about, identity, users

ROUTERS = [identity.router, users.router, about.router]
