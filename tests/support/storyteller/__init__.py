"""What the stories of ``tests/e2e`` and ``tests/browser`` are told with."""

from storyteller.house import House, eventually
from storyteller.person import Person

__all__ = ["House", "Person", "eventually"]
