"""Use cases of the door: sign in and out, users, roles, one object's history."""

from __future__ import annotations

from shared.consumer import Subscriptions

SUBSCRIPTIONS: Subscriptions = {}
