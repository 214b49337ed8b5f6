"""The rules of writing to customers: the page that changes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from dashboard.domain.answers.base import Answer
from dashboard.domain.answers.messages import Rules, RulesHistory
from dashboard.domain.forms import Form, number
from dashboard.domain.message_log import CHANNELS, step_word
from dashboard.handlers.message_templates import LANGUAGES
from dashboard.store.services import Reader

FIELDS = {"ladder", "quiet_from", "quiet_until", "holidays", "language", "channel", "receipts"}
_STEP = re.compile(r"H|H?\s*([+\-\u2212]?)\s*([0-9]{1,3})", re.IGNORECASE)


async def show(reader: Reader, form: Form | None = None) -> dict[str, Any]:
    """Put the page together; ``form`` holds what was typed."""
    rules = await reader.get("notification", "/message-rules", RulesHistory)
    return {
        "rules": rules,
        "form": form or form_of(rules),
        "history": [(each, sentence(each)) for each in rules.history],
        "sentence": sentence(rules),
        "channels": list(CHANNELS.items()),
        "languages": list(LANGUAGES.items()),
        "hours": [(hour, f"{hour:02d}.00 WIB") for hour in range(24)],
    }


async def save(reader: Reader, values: Mapping[str, str]) -> None:
    """Save what was typed, or bring earlier rules back."""
    body: dict[str, Any]
    if "restore" in values:
        body = {"restore": number(values["restore"]) or 0}
    else:
        body = {"rules": _rules(values)}
    version = values.get("version", "")
    await reader.send("notification", "PATCH", "/message-rules", body, Answer, version=version)


def faults(values: Mapping[str, str]) -> dict[str, str]:
    """Name what cannot even be sent."""
    found: dict[str, str] = {}
    if "restore" in values:
        return found
    if steps(values.get("ladder", "")) is None:
        found["ladder"] = "Tulis hari dipisah koma, misalnya H-3, H, H+3, H+7."
    if days(values.get("holidays", "")) is None:
        found["holidays"] = "Tulis satu tanggal per baris, misalnya 25/12/2026."
    return found


def form_of(rules: Rules) -> Form:
    """Fill the form with what holds."""
    return Form(
        {
            "ladder": ", ".join(step_word(step) for step in rules.ladder),
            "quiet_from": str(rules.quiet_from),
            "quiet_until": str(rules.quiet_until),
            "holidays": "\n".join(f"{day:%d/%m/%Y}" for day in rules.holidays),
            "language": rules.language,
            "channel": rules.channel,
            "receipts": "yes" if rules.receipts else "no",
            "version": str(rules.version),
        }
    )


def sentence(rules: Rules) -> str:
    """Say the rules in one line."""
    ladder = ", ".join(step_word(step) for step in rules.ladder) or "tidak ada pengingat"
    if rules.quiet_from == rules.quiet_until:
        quiet = "tanpa jam tenang"
    else:
        quiet = f"jam tenang {rules.quiet_from:02d}.00 sampai {rules.quiet_until:02d}.00 WIB"
    holidays = f", {len(rules.holidays)} hari libur" if rules.holidays else ""
    return f"{ladder}; {quiet}{holidays}; {CHANNELS.get(rules.channel, 'saluran lain')}"


def steps(text: str) -> list[int] | None:
    """Read ``H-3, H, H+3``; None for anything else."""
    found = []
    for part in filter(None, (each.strip() for each in re.split(r"[,;\n]", text))):
        match = _STEP.fullmatch(part)
        if match is None:
            return None
        value = int(match[2] or 0)
        found.append(-value if match[1] in {"-", "\u2212"} else value)
    return found


def days(text: str) -> list[str] | None:
    """Read one date per line, day first; None for anything else."""
    found = []
    for line in filter(None, (each.strip() for each in text.splitlines())):
        match = re.fullmatch(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4})", line)
        if match is None:
            return None
        try:
            found.append(date(int(match[3]), int(match[2]), int(match[1])).isoformat())
        except ValueError:
            return None
    return found


def _rules(values: Mapping[str, str]) -> dict[str, Any]:
    return {
        "ladder": steps(values.get("ladder", "")),
        "quiet_from": _hour(values, "quiet_from"),
        "quiet_until": _hour(values, "quiet_until"),
        "holidays": days(values.get("holidays", "")),
        "language": values.get("language", "id"),
        "channel": values.get("channel", "whatsapp_link"),
        "receipts": values.get("receipts") == "yes",
    }


def _hour(values: Mapping[str, str], name: str) -> int:
    hour = number(values.get(name, ""))
    return -1 if hour is None else hour
