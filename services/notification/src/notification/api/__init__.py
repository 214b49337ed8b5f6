"""HTTP, one module per noun: parse, call one handler, shape the answer."""

from __future__ import annotations

from notification.api import hooks, messages, notices, rules, stops, templates

ROUTERS = [
    messages.router,
    notices.router,
    templates.router,
    rules.router,
    stops.router,
    hooks.router,
]
