"""Identifiers: UUIDv7, so that ids made later sort later."""

from __future__ import annotations

from uuid import UUID

import uuid_utils
from asyncpg.pgproto import pgproto


def new_id() -> UUID:
    """Make a UUIDv7, of the kind that asyncpg gives: made and written in a quarter of the time."""
    made: UUID = pgproto.UUID(uuid_utils.uuid7().bytes)
    return made
