"""How often one address may ask for something that a code opens."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv6Address, ip_address

AT_ONCE = 20
PER_MINUTE = 10
SOURCES_MAX = 10_000


@dataclass
class Guesses:
    """A bucket of tries per address, which fills again; the oldest address is forgotten first.

    A code has 32 bits: at ten tries a minute half of them take four centuries.
    """

    _buckets: OrderedDict[str, tuple[float, datetime]] = field(default_factory=OrderedDict)

    def take(self, source: str, now: datetime) -> bool:
        """Take one try; False when there is none left."""
        who = network_of(source)
        left, since = self._buckets.pop(who, (float(AT_ONCE), now))
        left = min(AT_ONCE, left + max((now - since).total_seconds(), 0) * PER_MINUTE / 60)
        allowed = left >= 1
        self._buckets[who] = (left - 1 if allowed else left, now)
        if len(self._buckets) > SOURCES_MAX:
            self._buckets.popitem(last=False)
        return allowed


def network_of(source: str) -> str:
    """Give the address, or of IPv6 the network of one subscriber (/64)."""
    try:
        address = ip_address(source)
    except ValueError:
        return source
    if isinstance(address, IPv6Address):
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(address)
