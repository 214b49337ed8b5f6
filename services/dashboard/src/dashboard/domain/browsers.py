"""What a browser calls itself, as people say it."""

from __future__ import annotations

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_DEVICES = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)
"""The first that is found counts: many browsers also carry the names of others."""


def spoken(agent: str) -> str:
    """Say ``Chrome di Android``; a name that nobody knows is just a browser."""
    browser = next((word for mark, word in _BROWSERS if mark in agent), "Peramban")
    device = next((word for mark, word in _DEVICES if mark in agent), "")
    return f"{browser} di {device}" if device else browser


def is_phone(agent: str) -> bool:
    """Tell whether it is something held in a hand."""
    return any(mark in agent for mark in ("Android", "iPhone", "Mobile"))
