"""A small town for stories about money: a bank, the services that follow it, a clock that waits."""

from town.town import Town, open_town
from town.truth import payments, untruths

__all__ = ["Town", "open_town", "payments", "untruths"]
