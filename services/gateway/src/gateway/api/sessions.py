"""Where the caller is signed in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Header
from pydantic import BaseModel

from gateway.api.house import CREDENTIAL
from gateway.handlers.own_account import end_others
from gateway.store import credentials
from shared.web import Caller, ServiceRouter, Transaction

router = ServiceRouter()
Present = Annotated[UUID | None, Header(alias=CREDENTIAL, include_in_schema=False)]
"""The credential that asks; it only ever chooses among the caller's own."""


class SessionView(BaseModel):
    """A session of a browser or a token of a program, with where it was given."""

    kind: str
    agent: str
    source: str
    created_at: datetime
    seen_at: datetime
    present: bool


class SessionsView(BaseModel):
    """The caller's live sessions, the one used last first."""

    items: list[SessionView]


class EndedView(BaseModel):
    """How many ended."""

    ended: int


@router.get("/api/v1/me/sessions")
async def list_sessions(
    caller: Caller, session: Transaction, present: Present = None
) -> SessionsView:
    """List where the caller is signed in."""
    live = await credentials.live_of(session, caller.user_id)
    views = [
        SessionView(
            kind=each.kind,
            agent=each.agent or "",
            source=each.source or "",
            created_at=each.created_at,
            seen_at=each.seen_at,
            present=each.id == present,
        )
        for each in live
    ]
    return SessionsView(items=views)


@router.delete("/api/v1/me/sessions")
async def end_other_sessions(session: Transaction, present: Present = None) -> EndedView:
    """End all of the caller's sessions and tokens but the one that asks."""
    return EndedView(ended=await end_others(present, session))
