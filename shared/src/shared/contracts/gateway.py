"""Events of the gateway: who may sign in. Aggregate: the user."""

from typing import ClassVar, Literal

from shared.events import Event


class UserChanged(Event):
    """A user was created, renamed, given another role, or disabled; the full state."""

    TYPE: ClassVar[str] = "user.changed"

    username: str
    name: str
    role: Literal["admin", "marketing"]
    phone: str | None
    disabled: bool
