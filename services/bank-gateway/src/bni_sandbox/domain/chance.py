"""Whether a fault strikes: by chance, or by a seed so that a run can be repeated."""

from collections import Counter
from random import Random


class Chance:
    """Draws for occasions.

    With a seed a draw depends on the fault, the occasion and how often it was asked before,
    never on what happens elsewhere at the same time.
    """

    def __init__(self, seed: int | None = None) -> None:
        self.reseed(seed)

    def reseed(self, seed: int | None) -> None:
        """Begin anew."""
        self.seed = seed
        self._free = Random()  # noqa: S311  # the fate of play money is no secret
        self._asked: Counter[str] = Counter()

    def strikes(self, rate: float, fault: str, occasion: str) -> bool:
        """Draw whether a fault happens this time."""
        return rate > 0 and self.source(fault, occasion).random() < rate

    def source(self, fault: str, occasion: str) -> Random:
        """Give the dice for one draw."""
        if self.seed is None:
            return self._free
        name = f"{fault}/{occasion}"
        self._asked[name] += 1
        return Random(f"{self.seed}/{name}/{self._asked[name]}")  # noqa: S311

    def settled(self, rate: float, fault: str, subject: str) -> bool:
        """Draw once for ever: the same subject always has the same answer, seeded or not."""
        dice = Random(f"{self.seed}/{fault}/{subject}")  # noqa: S311
        return rate > 0 and dice.random() < rate
