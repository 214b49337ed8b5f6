"""Which recap, over which days: read from the address, spelled for the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from dashboard.domain import status, wording
from dashboard.domain.answers.recaps import MarketingRow, PeriodRow

KINDS = {"marketing": "Per marketing", "period": "Per periode"}
PERIODS = {"this": "Bulan ini", "last": "Bulan lalu", "quarter": "Kuartal"}
GROUPS = ("day", "week", "month")


@dataclass(frozen=True, slots=True)
class Tab:
    """One choice as a link; ``number`` counts what is behind it."""

    word: str
    address: str
    on: bool
    number: int | None = None


@dataclass(frozen=True)
class Choice:
    """What was chosen."""

    kind: str
    start: date
    end: date
    group: str
    period: str

    @property
    def title(self) -> str:
        """The page's title."""
        return "Rekap per marketing" if self.kind == "marketing" else "Rekap per periode"

    @property
    def words(self) -> str:
        """The days in words."""
        return f"{wording.day(self.start)} sampai {wording.day(self.end)}"

    @property
    def address(self) -> str:
        """The page's own address."""
        return self._with()

    @property
    def pdf(self) -> str:
        """The same recap as paper."""
        paper = "marketing" if self.kind == "marketing" else "payments"
        query = urlencode({"from": self.start, "to": self.end, "group": self.group})
        return f"/api/v1/documents/recaps/{paper}.pdf?{query}"

    @property
    def export(self) -> str:
        """The same recap as a list that can be had as a file."""
        return "marketing_recap" if self.kind == "marketing" else "payment_recap"

    @property
    def kinds(self) -> list[Tab]:
        """The kinds of recap."""
        return [Tab(w, self._with(kind=k), k == self.kind) for k, w in KINDS.items()]

    @property
    def periods(self) -> list[Tab]:
        """The usual periods."""
        return [
            Tab(
                word, f"/recaps?{urlencode({'kind': self.kind, 'period': key})}", key == self.period
            )
            for key, word in PERIODS.items()
        ]

    def _with(self, **changed: str) -> str:
        pairs = {"kind": self.kind, "from": self.start, "to": self.end, "group": self.group}
        return f"/recaps?{urlencode({**pairs, **changed})}"


def choose(given: dict[str, str], today: date) -> Choice:
    """Read the choice; what is missing or makes no sense becomes this month."""
    kind = given.get("kind", "marketing")
    group = given.get("group", "day")
    period = given.get("period", "")
    start, end = _day(given.get("from", "")), _day(given.get("to", ""))
    if start is None or end is None or start > end:
        period = period if period in PERIODS else "this"
        start, end = span(period, today)
    return Choice(
        kind if kind in KINDS else "marketing",
        start,
        end,
        group if group in GROUPS else "day",
        period,
    )


def span(period: str, today: date) -> tuple[date, date]:
    """Give the first and last day of a usual period, up to today."""
    first = today.replace(day=1)
    if period == "last":
        end = first - timedelta(days=1)
        return end.replace(day=1), end
    if period == "quarter":
        return date(today.year, (today.month - 1) // 3 * 3 + 1, 1), today
    return first, today


@dataclass(frozen=True, slots=True)
class Bar:
    """One Marketing in the chart; the widest bill fills the width."""

    name: str
    billed: float
    paid: float
    billed_idr: int
    paid_idr: int


def bars(rows: tuple[MarketingRow, ...]) -> list[Bar]:
    """Draw paid against billed, the most billed first."""
    widest = max((max(row.billed_idr, row.paid_idr) for row in rows), default=0) or 1
    ordered = sorted(rows, key=lambda row: row.paid_idr, reverse=True)
    return [
        Bar(
            row.marketing.name if row.marketing else "Tanpa marketing",
            row.billed_idr * 100 / widest,
            row.paid_idr * 100 / widest,
            row.billed_idr,
            row.paid_idr,
        )
        for row in ordered
    ]


def sums(rows: tuple[MarketingRow, ...], given: MarketingRow | None) -> MarketingRow:
    """Add the rows up (M10); the share is the one the paper prints, where it was given."""
    billed = sum(row.billed_idr for row in rows)
    paid = sum(row.paid_idr for row in rows)
    return MarketingRow(
        customers=sum(row.customers for row in rows),
        billed_idr=billed,
        paid_idr=paid,
        outstanding_idr=sum(row.outstanding_idr for row in rows),
        overdue_idr=sum(row.overdue_idr for row in rows),
        percent=given.percent if given else wording.share(paid, billed),
    )


@dataclass(frozen=True, slots=True)
class Group:
    """One day, week or month in words."""

    word: str
    channel: str
    payments: int
    amount_idr: int
    width: float


def groups(rows: tuple[PeriodRow, ...]) -> list[Group]:
    """Spell the rows of a period recap."""
    widest = max((row.amount_idr for row in rows), default=0) or 1
    return [
        Group(
            period_word(row.period),
            status.channel(row.channel),
            row.payments,
            row.amount_idr,
            row.amount_idr * 100 / widest,
        )
        for row in rows
    ]


def period_word(period: str) -> str:
    """Spell ``2026-12-09``, ``2026-W50`` or ``2026-12``."""
    year, _, rest = period.partition("-")
    if rest.startswith("W"):
        first = date.fromisocalendar(int(year), int(rest[1:]), 1)
        return f"{wording.short_day(first)} s.d. {wording.day(first + timedelta(days=6))}"
    if "-" in rest:
        return wording.day(date.fromisoformat(period))
    return wording.month(date(int(year), int(rest), 1))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
