"""HTTP of the gateway: its own operations, and the door before all services."""

from __future__ import annotations

from gateway.api import about, identity, second_factor, sessions, users

ROUTERS = [identity.router, second_factor.router, sessions.router, users.router, about.router]
