"""HTTP: parse, call one handler, shape the answer."""

from __future__ import annotations

from fastapi import APIRouter

from reconciliation.api import closes, exceptions, payments, statements

ROUTERS: tuple[APIRouter, ...] = (
    payments.router,
    exceptions.router,
    closes.router,
    statements.router,
)
