"""When a bill is reminded of: the ladder around its due day, quiet hours, holidays."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from notification.domain.template import Language, Purpose
from shared.clock import WIB, aware, business_day
from shared.errors import Invalid

LATE_DAYS = 2
"""A step that could not be taken in this time is left out: the next one says what is true then."""
STEPS_MOST, FARTHEST_DAYS, HOLIDAYS_MOST = 12, 365, 400


class Channel(StrEnum):
    """How a message reaches a customer."""

    WHATSAPP_LINK = "whatsapp_link"
    WHATSAPP = "whatsapp"
    EMAIL = "email"
    SMS = "sms"


class LadderWrong(Invalid):
    """Steps that are no ladder."""

    detail = (
        "Tangga pengingat berisi paling banyak {most} hari yang berbeda, masing-masing antara"
        " -{days} dan {days}."
    )


class QuietHoursWrong(Invalid):
    """An hour that no clock shows."""

    detail = "Jam tenang ditulis dalam jam 0 sampai 23 WIB."


class HolidaysTooMany(Invalid):
    """More holidays than a year has days."""

    detail = "Paling banyak {most} hari libur."


@dataclass(frozen=True, slots=True)
class Rules:
    """How customers are written to by the system.

    Attributes:
        ladder: days after the due day; before it they are negative.
        quiet_from: hour in WIB from which nothing leaves, until ``quiet_until``; equal: never.
        holidays: days on which nothing leaves; what falls on them leaves on the next day.
        channel: the wanted one; where it cannot be used, a person sends by click-to-chat.
        receipts: tell the customer of a confirmed payment without being asked.
    """

    ladder: tuple[int, ...] = (-3, 0, 3, 7)
    quiet_from: int = 20
    quiet_until: int = 8
    holidays: frozenset[date] = frozenset()
    language: Language = Language.INDONESIAN
    channel: Channel = Channel.WHATSAPP_LINK
    receipts: bool = False

    def check(self) -> None:
        """Let rules through that can be kept.

        Raises:
            LadderWrong: a step twice, too far away, or too many.
            QuietHoursWrong: not an hour.
            HolidaysTooMany: more than can be meant.
        """
        far = any(abs(step) > FARTHEST_DAYS for step in self.ladder)
        if far or len(set(self.ladder)) != len(self.ladder) or len(self.ladder) > STEPS_MOST:
            raise LadderWrong(most=STEPS_MOST, days=FARTHEST_DAYS, field="ladder")
        if not (0 <= self.quiet_from <= 23 and 0 <= self.quiet_until <= 23):
            raise QuietHoursWrong(field="quiet_from")
        if len(self.holidays) > HOLIDAYS_MOST:
            raise HolidaysTooMany(most=HOLIDAYS_MOST, field="holidays")

    def allowed(self, moment: datetime) -> datetime:
        """Give the first instant from ``moment`` on at which something may leave."""
        local = aware(moment).astimezone(WIB)
        for _ in range(HOLIDAYS_MOST + 2):
            if local.date() in self.holidays:
                local = _at(local.date() + timedelta(days=1), 0)
            elif self._is_quiet(local.hour):
                wraps = self.quiet_until <= local.hour
                local = _at(local.date() + timedelta(days=wraps), self.quiet_until)
            else:
                break
        return aware(local)

    def _is_quiet(self, hour: int) -> bool:
        start, end = self.quiet_from, self.quiet_until
        if start <= end:
            return start <= hour < end
        return hour >= start or hour < end

    def leaves_at(self, day: date) -> datetime:
        """Give the instant at which what is meant for a day leaves."""
        begins = self.quiet_until if self.quiet_from > self.quiet_until else 8
        return self.allowed(_at(day, begins))


@dataclass(frozen=True, slots=True)
class Look:
    """What there is to do about a bill now, and when to look again; None: never.

    Attributes:
        step: the one to take.
        passed: steps whose time has gone by; they are never taken.
    """

    step: int | None
    passed: tuple[int, ...]
    next_at: datetime | None


def look(rules: Rules, due_on: date, since: date, taken: Collection[int], now: datetime) -> Look:
    """Decide about a bill that still wants money.

    Of several steps whose time has come only the last is taken; the others would say what is no
    longer true. A step on or before the day on which the bill became known is not taken: the bill
    itself has just been sent.

    Args:
        since: the day on which the bill became known.
        taken: the steps that were taken or passed before.
    """
    reached, late, waiting = [], [], []
    for step in sorted(set(rules.ladder) - set(taken)):
        day = due_on + timedelta(days=step)
        leaves_at = rules.leaves_at(day)
        if day <= since or business_day(leaves_at) + timedelta(days=LATE_DAYS) < business_day(now):
            late.append(step)
        elif leaves_at <= now:
            reached.append(step)
        else:
            waiting.append(leaves_at)
    passed = (*late, *reached[:-1])
    later = min(waiting, default=None)
    if not reached:
        return Look(None, passed, later)
    if rules.allowed(now) > now:
        return Look(None, passed, rules.allowed(now))
    return Look(reached[-1], passed, later)


def purpose_of(due_on: date, today: date) -> Purpose:
    """Choose the words by what is true today, not by the step that is taken."""
    if today < due_on:
        return Purpose.REMINDER_BEFORE
    return Purpose.REMINDER_DUE if today == due_on else Purpose.REMINDER_AFTER


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=WIB)
