"""Recaps per Marketing and per period."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from dashboard.domain import recap_choice
from dashboard.domain.answers.recaps import MarketingRecap, PeriodRecap
from dashboard.store.services import Reader

_PAINTS = ("f-primary", "f-soft", "f-month", "f-rest")


async def show_recap(reader: Reader, given: Mapping[str, str], today: date) -> dict[str, Any]:
    """Show the chosen recap."""
    choice = recap_choice.choose(dict(given), today)
    if choice.kind == "period":
        return await _period(reader, choice)
    recap = await reader.get(
        "reporting", "/recaps/marketing", MarketingRecap, from_=choice.start, to=choice.end
    )
    parts = [(share.percent, _PAINTS[at % len(_PAINTS)]) for at, share in enumerate(recap.channels)]
    return {
        "choice": choice,
        "recap": recap,
        "as_of": recap.as_of,
        "sums": recap_choice.sums(recap.items, recap.totals),
        "bars": recap_choice.bars(recap.items),
        "channel_parts": parts,
    }


async def _period(reader: Reader, choice: recap_choice.Choice) -> dict[str, Any]:
    recap = await reader.get(
        "reporting",
        "/recaps/payments",
        PeriodRecap,
        from_=choice.start,
        to=choice.end,
        group=choice.group,
    )
    groups = recap_choice.groups(recap.items)
    return {"choice": choice, "recap": recap, "as_of": recap.as_of, "groups": groups}
