"""A plan as its rows are read: what is left after each, what was shifted or rounded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.domain import wording
from dashboard.domain.answers.invoices import PlanLine


@dataclass(frozen=True, slots=True)
class Row:
    """One dated part; ``shift`` and ``rounding`` explain what is not as the rule says."""

    label: str
    due_on: date
    amount_idr: int
    left_idr: int
    shift: str = ""
    rounding: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """All rows; a monthly plan has no end, so nothing is left over and nothing to be exact to.

    ``va_mode`` is whose virtual account its bills are paid to; empty while that is unknown.
    """

    rows: tuple[Row, ...]
    sum_idr: int
    bounded: bool
    exact: bool
    va_mode: str = ""


def schedule_of(
    lines: Sequence[PlanLine], total_idr: int, kind: str, va_mode: str = ""
) -> Schedule | None:
    """Read a plan's lines; None when there are none."""
    if not lines:
        return None
    bounded = kind != "monthly"
    usual_day = _usual([line.due_on.day for line in lines if line.kind == "installment"])
    usual_amount = _usual([line.amount_idr for line in lines if line.kind == "installment"])
    rows, left = [], total_idr
    for line in lines:
        left -= line.amount_idr
        rows.append(
            Row(
                label=_label(line, lines),
                due_on=line.due_on,
                amount_idr=line.amount_idr,
                left_idr=left if bounded else 0,
                shift=_shift(line, usual_day),
                rounding=_rounding(line, usual_amount, is_last=line is lines[-1]),
            )
        )
    total = sum(line.amount_idr for line in lines)
    return Schedule(tuple(rows), total, bounded, total == total_idr, va_mode)


def _label(line: PlanLine, lines: Sequence[PlanLine]) -> str:
    if line.kind == "down_payment":
        return "DP"
    before = sum(1 for other in lines if other.kind == "down_payment" and other.no < line.no)
    return str(line.no - before)


def _shift(line: PlanLine, usual_day: int) -> str:
    if line.kind != "installment" or line.due_on.day == usual_day:
        return ""
    return f"tanggal {usual_day} tidak ada di bulan ini" if usual_day > line.due_on.day else ""


def _rounding(line: PlanLine, usual_amount: int, *, is_last: bool) -> str:
    more = line.amount_idr - usual_amount
    if not is_last or line.kind != "installment" or more <= 0:
        return ""
    return f"sisa pembagian {wording.money(more)}"


def _usual(values: Sequence[int]) -> int:
    return Counter(values).most_common(1)[0][0] if values else 0
