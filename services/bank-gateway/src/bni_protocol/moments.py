"""The bank's two ways to write an instant: plain WIB and ISO 8601 with an offset."""

import re
from datetime import datetime, timedelta, timezone

WIB = timezone(timedelta(hours=7), "WIB")
YEAR_FIRST, YEAR_LAST = 2000, 2999
_PLAIN_FORMAT = "%Y-%m-%d %H:%M:%S"
_DAY, _TIME = r"\d{4}-\d{2}-\d{2}", r"(?:[01]\d|2[0-3]):\d{2}:\d{2}"
_PLAIN = re.compile(rf"{_DAY} {_TIME}", re.ASCII)
_ISO = re.compile(rf"{_DAY}T{_TIME}(Z|[+-]\d{{2}}:\d{{2}})", re.ASCII)


def plain(moment: datetime) -> str:
    return moment.astimezone(WIB).strftime(_PLAIN_FORMAT)


def iso(moment: datetime) -> str:
    return moment.astimezone(WIB).isoformat(timespec="seconds")


def parse_plain(text: str) -> datetime:
    """Read ``2026-03-01 16:00:00`` as WIB; raise ValueError for anything else."""
    if not _PLAIN.fullmatch(text):
        raise ValueError("not a plain datetime")
    return _plausible(datetime.fromisoformat(text).replace(tzinfo=WIB))


def parse_iso(text: str) -> datetime:
    """Read ``2026-03-01T16:00:00+07:00``; raise ValueError for anything else."""
    if not _ISO.fullmatch(text):
        raise ValueError("not an ISO 8601 datetime with offset")
    return _plausible(datetime.fromisoformat(text))


def parse_either(text: str) -> datetime:
    return parse_iso(text) if "T" in text else parse_plain(text)


def _plausible(moment: datetime) -> datetime:
    """Refuse years that no bank writes and no database stores."""
    if not YEAR_FIRST <= moment.year <= YEAR_LAST:
        raise ValueError("not a year of this protocol")
    return moment
