"""HTTP: parse, call one handler, shape the answer."""

from __future__ import annotations

from fastapi import APIRouter

from reconciliation.api import (
    closes,
    exceptions,
    payments,
    resolutions,
    statements,
    suggestions,
)

ROUTERS: tuple[APIRouter, ...] = (
    payments.router,
    exceptions.router,
    suggestions.router,
    resolutions.router,
    closes.router,
    statements.router,
)
