"""How money, days, phones and names are spelled on a page (Bahasa Indonesia)."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from shared.clock import WIB, aware
from shared.money import Rupiah

_LOCALE = "id"
_TITLES = {"bapak", "ibu", "pak", "bu", "pt", "cv", "h.", "hj.", "dr."}
MILLION = 1_000_000


def money(amount_idr: int) -> str:
    """Spell ``Rp1.250.000``; the minus is U+2212 and stands before Rp."""
    return str(Rupiah(amount_idr))


def short_money(amount_idr: int) -> str:
    """Spell ``Rp25,4 jt`` from a million up, half a step rounded up; below it the full figure."""
    if abs(amount_idr) < MILLION:
        return money(amount_idr)
    sign = "\u2212" if amount_idr < 0 else ""
    return f"{sign}Rp{millions(abs(amount_idr))} jt"


def millions(amount_idr: int) -> str:
    """Spell an amount in millions with one decimal, half a step rounded up: ``25,4``."""
    tenths = (amount_idr + 50_000) // 100_000
    whole, tenth = divmod(tenths, 10)
    return f"{grouped(whole)},{tenth}"


def grouped(number: int) -> str:
    """Group a count by thousands with points."""
    return f"{number:,}".replace(",", ".")


def percent(value: float) -> str:
    """Spell ``13,8%``; the value is a percentage already."""
    return f"{format_decimal(value, format='0.0', locale=_LOCALE)}%"


def share(part_idr: int, whole_idr: int) -> float:
    """Give what percentage a part is, one decimal, half a step rounded up; of nothing it is 0.

    Only the whole is 100,0: what is nearly all stays below.
    """
    if whole_idr <= 0:
        return 0.0
    tenths = (part_idr * 2000 // whole_idr + 1) // 2
    return (999 if tenths == 1000 and part_idr < whole_idr else tenths) / 10


def day(value: date) -> str:
    """Spell ``10 Des 2026``; an instant is turned into its WIB day first."""
    return format_date(_wib_day(value), "d MMM y", locale=_LOCALE)


def short_day(value: date) -> str:
    """Spell ``10 Des``."""
    return format_date(_wib_day(value), "d MMM", locale=_LOCALE)


def long_day(value: date) -> str:
    """Spell ``10 Desember 2026``."""
    return format_date(_wib_day(value), "d MMMM y", locale=_LOCALE)


def full_day(value: date) -> str:
    """Spell ``Rabu, 9 Desember 2026``."""
    return format_date(_wib_day(value), "EEEE, d MMMM y", locale=_LOCALE)


def weekday(value: date) -> str:
    """Spell ``Sel``."""
    return format_date(_wib_day(value), "EEE", locale=_LOCALE)


def month(value: date) -> str:
    """Spell ``Mei 2028``."""
    return format_date(_wib_day(value), "MMMM y", locale=_LOCALE)


def short_month(value: date) -> str:
    """Spell ``Mei``."""
    return format_date(_wib_day(value), "MMM", locale=_LOCALE)


def clock_time(instant: datetime) -> str:
    """Spell ``14.05``, WIB."""
    return format_datetime(_wib(instant), "HH.mm", locale=_LOCALE)


def clock_seconds(instant: datetime) -> str:
    """Spell ``14.05.12``, WIB."""
    return format_datetime(_wib(instant), "HH.mm.ss", locale=_LOCALE)


def moment(instant: datetime) -> str:
    """Spell ``23 Nov 2026 14.05 WIB``."""
    return f"{day(instant)} {clock_time(instant)} WIB"


def phone(e164: str) -> str:
    """Spell ``0856-1101-133``; a foreign number keeps its plus."""
    if not e164.startswith("+62"):
        return e164
    digits = "0" + e164[3:]
    return "-".join(part for part in (digits[:4], digits[4:8], digits[8:]) if part)


def virtual_account(number: str) -> str:
    """Spell a number in groups of four."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def initials(name: str) -> str:
    """Give the two letters of a face; ``Bapak`` and ``Ibu`` are no names."""
    words = [word for word in name.split() if word.lower() not in _TITLES] or name.split()
    if len(words) == 1:
        return words[0][:2].upper()
    return "".join(word[0] for word in words if word[0].isalnum())[:2].upper() or "?"


def greeting(now: datetime) -> str:
    """Greet by the hour of the day, WIB."""
    hour = _wib(now).hour
    if hour < 11:
        return "Selamat pagi"
    if hour < 15:
        return "Selamat siang"
    return "Selamat sore" if hour < 18 else "Selamat malam"


def days_away(due_on: date, today: date) -> str:
    """Say how far a due day is: ``besok``, ``3 hari lagi``, ``lewat 12 hari``."""
    days = (due_on - today).days
    if days == 0:
        return "hari ini"
    if days == 1:
        return "besok"
    return f"{days} hari lagi" if days > 0 else f"lewat {-days} hari"


def _wib(instant: datetime) -> datetime:
    return aware(instant).astimezone(WIB)


def _wib_day(value: date) -> date:
    return _wib(value).date() if isinstance(value, datetime) else value
