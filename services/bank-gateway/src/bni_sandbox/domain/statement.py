"""The account's statement: lines, running balance, and the two files the bank makes of them."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bni_protocol.moments import WIB
from bni_protocol.text import printable_ascii
from bni_sandbox.domain.chance import Chance
from bni_sandbox.domain.faults import Faults

BRANCH = "0998"
_TEXT_LINE, _TEXT_LINES = 65, 6  # what field 86 of MT940 holds
_REFERENCE, _AMOUNT = 16, 15
_HEAD = ("Post Date", "Value Date", "Branch", "Journal No.", "Description")


class LineKind(StrEnum):
    """Why money moved."""

    VIRTUAL_ACCOUNT = "va"
    CREDIT = "credit"
    DEBIT = "debit"
    FEE = "fee"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One movement; ``amount_idr`` is negative when money left.

    Attributes:
        party: who paid or was paid; for a virtual account its holder.
    """

    id: str
    kind: LineKind
    booked_at: datetime
    journal_no: str
    amount_idr: int
    virtual_account: str = ""
    party: str = ""
    remark: str = ""

    @property
    def day(self) -> date:
        return self.booked_at.astimezone(WIB).date()

    @property
    def description(self) -> str:
        """Say it as the bank prints it: printable ASCII of one line."""
        words = {
            LineKind.VIRTUAL_ACCOUNT: ("VA", self.virtual_account, self.journal_no),
            LineKind.CREDIT: ("TRF DARI",),
            LineKind.DEBIT: ("TRF KE",),
            LineKind.FEE: ("BIAYA",),
        }[self.kind]
        said = " ".join(part for part in (*words, self.party, self.remark) if part)
        return printable_ascii(said, _TEXT_LINE * _TEXT_LINES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The lines of a period of whole WIB days, and the balances around them."""

    account_no: str
    account_name: str
    from_on: date
    to_on: date
    opening_idr: int
    lines: Sequence[Line]
    misprint_idr: int = 0

    @property
    def closing_idr(self) -> int:
        """Give opening plus the lines, unless a misprint is wanted."""
        return self.opening_idr + sum(line.amount_idr for line in self.lines) + self.misprint_idr


def damaged(lines: Iterable[Line], faults: Faults, chance: Chance) -> list[Line]:
    """Leave lines out and change amounts; the same line always suffers the same."""
    kept = []
    for line in lines:
        if chance.settled(faults.statement_omit, "statement_omit", line.id):
            continue
        altered = chance.settled(faults.statement_alter, "statement_alter", line.id)
        kept.append(replace(line, amount_idr=line.amount_idr + 1) if altered else line)
    return kept


def mt940(statement: Statement) -> str:
    """Write SWIFT MT940: one message for the period, lines ended by CR LF."""
    first, last = statement.from_on, statement.to_on
    fields = [
        f":20:{first:%y%m%d}{last:%y%m%d}",
        f":25:{statement.account_no}",
        f":28C:{first:%j}/1",
        f":60F:{_balance(statement.opening_idr, first)}",
    ]
    for line in statement.lines:
        fields.append(f":61:{_movement(line)}")
        fields.append(f":86:{_wrapped(line.description)}")
    fields.append(f":62F:{_balance(statement.closing_idr, last)}")
    return "\r\n".join([*fields, "-", ""])


def bni_direct_csv(statement: Statement) -> str:
    """Write the CSV that we assume BNI Direct exports: a head, the lines, the closing."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n").writerow
    # Written so, it says in which order the dates of the lines are; 05/12 alone could be May.
    period = f"{statement.from_on} - {statement.to_on}"
    write(("Account Number", statement.account_no))
    write(("Account Name", statement.account_name))
    write(("Period", period))
    write(("Opening Balance", _dotted(statement.opening_idr)))
    write((*_HEAD, "Debit", "Credit", "Balance"))
    balance = statement.opening_idr
    for line in statement.lines:
        balance += line.amount_idr
        when = line.booked_at.astimezone(WIB).strftime("%d/%m/%Y %H:%M:%S")
        debit, credit = _dotted(max(-line.amount_idr, 0)), _dotted(max(line.amount_idr, 0))
        said = (line.journal_no, line.description, debit, credit, _dotted(balance))
        write((when, when, BRANCH, *said))
    write(("Closing Balance", _dotted(statement.closing_idr)))
    return out.getvalue()


def _movement(line: Line) -> str:
    mark = "C" if line.amount_idr >= 0 else "D"
    code = "NCHG" if line.kind is LineKind.FEE else "NTRF"
    reference = (line.virtual_account or "NONREF")[:_REFERENCE]
    amount = _with_comma(line.amount_idr)
    return f"{line.day:%y%m%d%m%d}{mark}{amount}{code}{reference}//{line.journal_no}"


def _balance(amount_idr: int, day: date) -> str:
    return f"{'C' if amount_idr >= 0 else 'D'}{day:%y%m%d}IDR{_with_comma(amount_idr)}"


def _with_comma(amount_idr: int) -> str:
    """Spell for MT940: the comma is a must, the sen only where fifteen signs hold them."""
    whole = f"{abs(amount_idr)},"
    return whole + "00" if len(whole) <= _AMOUNT - 2 else whole


def _wrapped(text: str) -> str:
    """Break a text for field 86; no line may look like a field or an end."""
    pieces = [text[at : at + _TEXT_LINE] for at in range(0, len(text), _TEXT_LINE)] or [""]
    safe = [
        f" {piece[1:]}" if at and piece[0] in ":-" else piece for at, piece in enumerate(pieces)
    ]
    return "\r\n".join(safe)


def _dotted(amount_idr: int) -> str:
    return f"{amount_idr:,}".replace(",", ".") + ",00"
