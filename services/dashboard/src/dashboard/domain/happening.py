"""One line of the timeline of a bill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline."""

    at: datetime
    tone: str
    icon: str
    text: str
    source: str
    address: str = ""
    link: str = ""
