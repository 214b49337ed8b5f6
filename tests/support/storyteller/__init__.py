"""What the stories of ``tests/e2e`` and ``tests/browser`` are told with."""

from storyteller.house import House, eventually
from storyteller.person import Person
from storyteller.visitor import Visitor

__all__ = ["House", "Person", "Visitor", "eventually"]
