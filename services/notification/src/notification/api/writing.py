"""What messages are written on, for the routes that write or show them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from notification.domain.message import Letterhead


def _letterhead(request: Request) -> Letterhead:
    letterhead: Letterhead = request.app.state.letterhead
    return letterhead


Writing = Annotated[Letterhead, Depends(_letterhead)]
