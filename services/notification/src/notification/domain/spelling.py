"""How dates, numbers and names are spelled in messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

_MONTHS = (
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
_MONTHS_ENGLISH = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_TITLES = ("bapak", "ibu", "bpk", "bu", "pak", "sdr", "sdri", "saudara", "saudari", "pt", "cv")


def long_date(day: date, *, english: bool = False) -> str:
    """Spell ``10 Desember 2026``."""
    months = _MONTHS_ENGLISH if english else _MONTHS
    return f"{day.day} {months[day.month - 1]} {day.year}"


def salutation(name: str) -> str:
    """Address a customer as he is stored; without a title he is greeted with both."""
    first = name.partition(" ")[0].lower().rstrip(".")
    return "" if first in _TITLES else "Bapak/Ibu"


def one_line(text: str) -> str:
    """Keep a value inside its line, and free of the sign that WhatsApp reads as bold."""
    return " ".join(text.replace("*", "").split())


def what_for(title: str, descriptions: Sequence[str]) -> str:
    """Say what a bill is for: ``Kavling B-12 (Angsuran 3 dari 20)``.

    The first line of a planned bill repeats its title before the product; it is said once.
    """
    product = descriptions[0].removeprefix(f"{title}: ")
    others = len(descriptions) - 1
    product = f"{product} + {others} lainnya" if others else product
    return product if title in {product, descriptions[0]} else f"{product} ({title})"
