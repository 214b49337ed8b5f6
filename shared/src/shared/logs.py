"""Structured logs, one JSON object a line, with the correlation id; secrets never in them (P2)."""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog

from shared import context

_HIDDEN = ("password", "secret", "token", "cookie", "authorization", "ciphertext", "dsn")
_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}

Logger = structlog.stdlib.BoundLogger


def configure(level: str = "info", style: str = "json") -> None:
    """Set up logging once per process."""
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _correlate,
            hide_secrets,
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")


def logger(service: str) -> Logger:
    """Give the logger of one service."""
    log: Logger = structlog.get_logger().bind(service=service)
    return log


def last_four(number: str) -> str:
    """Shorten an account or phone number to what a log may show (P2)."""
    return "…" + number[-4:]


def hide_secrets(
    _logger: Any, _method: str, entry: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace the value of every field whose name speaks of a secret."""
    for name in entry:
        if any(word in name.lower() for word in _HIDDEN):
            entry[name] = "(disembunyikan)"
    return entry


def _correlate(
    _logger: Any, _method: str, entry: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    entry.setdefault("correlation_id", context.correlation_id())
    return entry
