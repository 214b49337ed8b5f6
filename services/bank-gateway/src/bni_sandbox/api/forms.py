"""What people type: account numbers, amounts, knobs."""

import re
from collections.abc import Mapping

from pydantic import ValidationError

from bni_sandbox.domain.faults import Faults
from shared.money import LARGEST_IDR

_AMOUNT = re.compile(
    r"(?:Rp)?\s*([0-9]{1,14}|[0-9]{1,3}(?:\.[0-9]{3}){1,4})(?:,00)?", re.IGNORECASE
)
_NUMBER_LENGTH_MAX, _WORDS_LENGTH_MAX = 40, 100


def account_number(text: str) -> str:
    """Take spaces, dots and dashes out of an account number; the rest is for the bank to judge."""
    return re.sub(r"[\s.-]", "", text)[:_NUMBER_LENGTH_MAX]


def rupiah(text: str) -> int | None:
    """Read ``1250000``, ``1.250.000`` or ``Rp1.250.000,00``; None for anything else (M1)."""
    found = _AMOUNT.fullmatch(text.strip())
    amount = int(found[1].replace(".", "")) if found else 0
    return amount if 0 < amount <= LARGEST_IDR else None


class KnobUnreadable(ValueError):
    """A field is not what its knob takes; ``name`` tells which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def knobs(fields: Mapping[str, str], operations: list[str]) -> Faults:
    """Read the form of all faults; rates are typed in percent, an empty field is off.

    Raises:
        KnobUnreadable: a field is not what its knob takes.
    """
    values: dict[str, object] = {"operations": operations}
    for name, field in Faults.model_fields.items():
        text = fields.get(name, "").strip()
        if text and name not in values:
            values[name] = _rate(name, text) if field.annotation is float else text
    try:
        return Faults.model_validate(values)
    except ValidationError as error:
        raise KnobUnreadable(str(error.errors()[0]["loc"][0])) from error


def _rate(name: str, text: str) -> float:
    try:
        return float(text.replace(",", ".")) / 100
    except ValueError:
        raise KnobUnreadable(name) from None


def words(text: str) -> str:
    """Keep of typed words what a record may hold."""
    return "".join(sign for sign in text.strip()[:_WORDS_LENGTH_MAX] if sign.isprintable())
