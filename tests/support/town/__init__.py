"""A small town for stories about money: a bank, the services that follow it, a clock that waits."""

from town.bookkeeper import Bookkeeper
from town.inbox import Inbox
from town.town import Town, open_town
from town.truth import payments, untruths

__all__ = ["Bookkeeper", "Inbox", "Town", "open_town", "payments", "untruths"]
