"""What the door answers itself: whatever takes a password in a browser, and signing out."""

from __future__ import annotations

from shared.operations.operation import PUBLIC, SIGNED_IN, Operation

DOOR: tuple[Operation, ...] = (
    Operation("POST", "/login", "gateway", PUBLIC),
    Operation("POST", "/login/code", "gateway", PUBLIC),
    Operation("POST", "/password", "gateway", PUBLIC),
    Operation("POST", "/confirm", "gateway", SIGNED_IN),
    Operation("POST", "/profile/password", "gateway", SIGNED_IN),
    Operation("POST", "/users/{user_id}/view", "gateway", "users.write", confirmed=True),
    Operation("POST", "/view/end", "gateway", SIGNED_IN),
    Operation("GET", "/session/left", "gateway", SIGNED_IN),
    Operation("POST", "/session/keep", "gateway", SIGNED_IN),
    Operation("POST", "/logout", "gateway", SIGNED_IN),
)
