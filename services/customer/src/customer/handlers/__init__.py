"""Use cases, one module per noun: load, decide, save, publish."""

from __future__ import annotations

from customer.handlers.republish import republish
from customer.handlers.users import follow_user
from shared.consumer import Subscriptions
from shared.contracts.gateway import UserChanged

SUBSCRIPTIONS: Subscriptions = {UserChanged: follow_user}

__all__ = ["SUBSCRIPTIONS", "republish"]
