"""When a shared account that is still wanted gets a later end, before its present one comes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.clock import business_day, end_of_day


@dataclass(frozen=True, slots=True)
class Renewal:
    """Our rule for accounts that are to outlive their end (ADR-0025).

    Attributes:
        before: how long before its end an account is renewed.
        by: how far from now its new end lies; a bank may bear only so much.
    """

    before: timedelta
    by: timedelta

    def until(self, expires_at: datetime, now: datetime) -> datetime | None:
        """Give the new end, the end of a WIB day; None while the present one is far enough."""
        if expires_at - now > self.before:
            return None
        later = end_of_day(business_day(now + self.by))
        return later if later > expires_at else None
