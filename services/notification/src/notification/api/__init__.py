"""HTTP, one module per noun: parse, call one handler, shape the answer."""

from __future__ import annotations

from notification.api import messages, notices, rules, templates

ROUTERS = [messages.router, notices.router, templates.router, rules.router]
