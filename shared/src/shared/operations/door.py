"""What the gateway's door answers itself: signing in, confirming and signing out in a browser."""

from __future__ import annotations

from shared.operations.operation import PUBLIC, SIGNED_IN, Operation

DOOR: tuple[Operation, ...] = (
    Operation("POST", "/login", "gateway", PUBLIC),
    Operation("POST", "/confirm", "gateway", SIGNED_IN),
    Operation("POST", "/logout", "gateway", SIGNED_IN),
)
