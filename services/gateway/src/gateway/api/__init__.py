"""HTTP of the gateway: its own operations, and the door before all services."""

from __future__ import annotations

from gateway.api import about, identity, second_factor, users

ROUTERS = [identity.router, second_factor.router, users.router, about.router]
