"""Who imports the bank's statements, and remembers what the bank has shown him."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import uuid4

from town.town import Town

Shape = Literal["csv", "mt940"]

TAKEN, CONTRADICTS, REFUSED = 201, 409, 422


@dataclass(frozen=True)
class Printed:
    """A line of the account as the bank prints it; a credit is positive."""

    day: date
    amount_idr: int
    journal_no: str
    description: str

    @property
    def number(self) -> str:
        """The virtual account that the line names; empty when it names none."""
        word, number, *_ = [*self.description.split(), "", ""]
        return number if word == "VA" else ""

    @property
    def is_fee(self) -> bool:
        """A charge of the bank that is booked by rule: at most Rp50.000 (RECONCILIATION_FEE_*)."""
        return self.description.startswith("BIAYA") and -50_000 <= self.amount_idr < 0


@dataclass(frozen=True)
class Paper:
    """One statement, read by the rules of the bank: the measure for what the service reads."""

    opening_idr: int
    closing_idr: int
    lines: tuple[Printed, ...]

    @property
    def is_balanced(self) -> bool:
        return self.opening_idr + sum(line.amount_idr for line in self.lines) == self.closing_idr


@dataclass(frozen=True)
class File:
    """A paper in one of the formats that the bank gives, and the days it was asked for."""

    paper: Paper
    shape: Shape
    content: bytes
    first: date
    last: date

    @property
    def opens_on(self) -> date:
        """MT940 dates its opening balance; an earlier day's is the closing of that day."""
        if self.shape == "csv" or self.first == self.last:
            return self.first
        return min([self.first + timedelta(days=1), *(line.day for line in self.paper.lines)])


@dataclass
class Bookkeeper:
    """Imports statements, and says beforehand what must become of each.

    Attributes:
        known: every line that an import has brought, with how often it was printed.
        periods: the days of the statements that were taken.
    """

    town: Town
    known: Counter[Printed] = field(default_factory=Counter)
    periods: list[tuple[date, date]] = field(default_factory=list)
    _taken: set[bytes] = field(default_factory=set)
    _last: File | None = None

    async def imports(self, shape: Shape, first_ago: int, last_ago: int = 0) -> None:
        """Import the statement of some days; how long ago they were is counted from today."""
        today = self.town.clock.today()
        first, last = (today - timedelta(days=ago) for ago in (first_ago, last_ago))
        paper = _read(await self._print("csv", first, last))
        content = await self._print(shape, first, last)
        await self._take(File(paper, shape, content, first, last))

    async def imports_again(self) -> None:
        """Import the very file of last time once more."""
        if self._last is not None:
            await self._take(self._last)

    def covers(self, first: date, last: date) -> bool:
        """Tell whether statements hold every day from first to last."""
        wanted = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
        return all(any(opens <= day <= closes for opens, closes in self.periods) for day in wanted)

    async def _take(self, file: File) -> None:
        """Import a file: whole, or not at all, exactly as was said beforehand (M1, I)."""
        self._last = file
        expected = self._fate(file)
        brought = Counter(file.paper.lines) - self.known
        new = Counter() if file.content in self._taken else brought
        answer = await self.town.caller("reconciliation").call(
            "POST",
            "/api/v1/statements",
            files={"file": (f"mutasi.{file.shape}", file.content)},
            form={"dry_run": "false"},
            headers={"Idempotency-Key": uuid4().hex},
        )
        assert answer.status_code == expected, answer.text
        if expected == TAKEN:
            assert answer.json()["new_count"] == new.total(), answer.text
            self.known += new
            self.periods.append((file.opens_on, file.last))
            self._taken.add(file.content)
        await self.town.settle()

    def _fate(self, file: File) -> int:
        """The same file is nothing; else its sums must follow, and no known line may be gone."""
        if not file.paper.is_balanced:
            return REFUSED
        days = (file.opens_on, file.last)
        known = Counter(
            {line: no for line, no in self.known.items() if days[0] <= line.day <= days[1]}
        )
        gone = known - Counter(file.paper.lines)
        return CONTRADICTS if gone and file.content not in self._taken else TAKEN

    async def _print(self, shape: Shape, first: date, last: date) -> bytes:
        params = {"from": str(first), "to": str(last), "format": shape}
        answer = await self.town.bank.request("GET", "/simulate/statements", params=params)
        assert answer.status_code == 200, answer.text
        return answer.content


def _read(table: bytes) -> Paper:
    """Read the bank's table, whose layout this is: four facts, a head, the lines, the closing."""
    _, _, _, opening, _, *rows, closing = csv.reader(io.StringIO(table.decode()))
    return Paper(_rupiah(opening[1]), _rupiah(closing[1]), tuple(map(_line, rows)))


def _line(row: list[str]) -> Printed:
    when, _, _, journal_no, description, debit, credit, _ = row
    day = datetime.strptime(when[:10], "%d/%m/%Y").date()  # noqa: DTZ007  # a WIB day
    return Printed(day, _rupiah(credit) - _rupiah(debit), journal_no, description)


def _rupiah(text: str) -> int:
    return int(text.removesuffix(",00").replace(".", ""))
