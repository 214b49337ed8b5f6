"""How the bank says no."""

from bni_protocol.codes import MESSAGES


class Refused(Exception):
    """The bank answers with this status; nothing changed."""

    def __init__(self, status: str) -> None:
        self.status = status
        self.message = MESSAGES.get(status, "")
        super().__init__(f"{status} {self.message}")
