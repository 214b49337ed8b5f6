"""How money, days, phones and virtual accounts are written on Indonesian paper."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from shared.clock import WIB, business_day
from shared.money import Rupiah

MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
_SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
_HIDDEN = "••••"
_FILE_NAME_LENGTH = 80


def money(amount_idr: int) -> str:
    """``Rp1.250.000``; a minus stands before Rp."""
    return str(Rupiah(amount_idr))


def figure(amount_idr: int) -> str:
    """An amount in a table whose head says rupiah: ``1.250.000``, a dash for nothing."""
    return money(amount_idr).replace("Rp", "") if amount_idr else "–"


def percent(tenths: int) -> str:
    """``13,8%`` from 138 tenths of a percent."""
    return f"{tenths // 10},{tenths % 10}%"


def long_day(day: date) -> str:
    """``10 Desember 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_day(day: date) -> str:
    """``10 Des 2026``."""
    return f"{day.day} {short_month(day)}"


def day_in_year(day: date) -> str:
    """``10 Des``, where the year is plain."""
    return f"{day.day} {_SHORT_MONTHS[day.month - 1]}"


def short_month(day: date) -> str:
    """``Des 2026``."""
    return f"{_SHORT_MONTHS[day.month - 1]} {day.year}"


def moment(instant: datetime) -> str:
    """``9 Des 2026 14.05 WIB``."""
    return f"{short_day(business_day(instant))} {clock_time(instant)}"


def clock_time(instant: datetime) -> str:
    """``14.05 WIB``."""
    return instant.astimezone(WIB).strftime("%H.%M WIB")


def day_range(first: date, last: date) -> str:
    """``1–31 Desember 2026``, shortened where both ends share month or year."""
    if first == last:
        return long_day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{long_day(last)}"
    if first.year == last.year:
        return f"{first.day} {MONTHS[first.month - 1]}–{long_day(last)}"
    return f"{long_day(first)}–{long_day(last)}"


def phone(e164: str) -> str:
    """``0856-1101-133``; a number of another country keeps its code."""
    if not e164.startswith("+62"):
        return e164
    local = "0" + e164.removeprefix("+62")
    return "-".join(part for part in (local[:4], local[4:8], local[8:]) if part)


def grouped(virtual_account: str) -> str:
    """``9888 0312 3456 7890`` with spaces that do not break."""
    return "\u00a0".join(re.findall(".{1,4}", virtual_account))


def masked(virtual_account: str) -> str:
    """``9888 •••• •••• 7890``: enough to recognise it, too little to type it."""
    groups = re.findall(".{1,4}", virtual_account)
    return " ".join(
        group if index in (0, len(groups) - 1) else _HIDDEN for index, group in enumerate(groups)
    )


def file_name(title: str, number: str, name: str) -> str:
    """``Tagihan_INV-2026-12-000123_Mahmud-Sulaiman.pdf``: ASCII, at most 80 letters."""
    parts = [_ascii(part) for part in (title, number.replace("/", "-"), name)]
    stem = "_".join(part for part in parts if part)
    return stem[: _FILE_NAME_LENGTH - len(".pdf")].rstrip("-_") + ".pdf"


def sheet_name(title: str, at: datetime, ending: str) -> str:
    """``Tagihan_20261123-0900.xlsx``: what, and when by the clock of its readers."""
    return f"{_ascii(title)}_{at.astimezone(WIB):%Y%m%d-%H%M}.{ending}"


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")
