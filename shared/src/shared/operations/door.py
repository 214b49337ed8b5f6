"""What the gateway's door answers itself: signing in and out from a browser."""

from __future__ import annotations

from shared.operations.operation import PUBLIC, SIGNED_IN, Operation

DOOR: tuple[Operation, ...] = (
    Operation("POST", "/login", "gateway", PUBLIC),
    Operation("POST", "/logout", "gateway", SIGNED_IN),
)
