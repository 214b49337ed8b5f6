"""Statement files as a bank would write them, for tests: the same lines in both formats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

ACCOUNT = "8810001234"
HEAD = "Post Date,Value Date,Branch,Journal No.,Description,Debit,Credit,Balance"


@dataclass(frozen=True)
class Row:
    """One line of an account; a credit is positive."""

    day: date
    amount_idr: int
    reference: str = "NTB000001"
    description: str = "SETORAN"
    clock: str = "10:15:00"


def va(number: str, reference: str, name: str) -> str:
    """Spell the remark of a payment of a virtual account."""
    return f"VA {number} {reference} {name}"


def indonesian(amount_idr: int) -> str:
    return f"{amount_idr:,}".replace(",", ".") + ",00"


def csv_file(
    rows: Sequence[Row],
    opening_idr: int,
    *,
    first: date | None = None,
    last: date | None = None,
    account: str = ACCOUNT,
    separator: str = ",",
) -> bytes:
    """Write the table of BNI Direct; its period shows in which order the other dates are."""
    first = first or rows[0].day
    last = last or rows[-1].day
    balance = opening_idr
    lines = [
        ["Account Number", account],
        ["Account Name", "PT LUNAS SEJAHTERA"],
        ["Period", f"{first} - {last}"],
        ["Opening Balance", indonesian(opening_idr)],
        HEAD.split(","),
    ]
    for row in rows:
        balance += row.amount_idr
        moment = f"{row.day:%d/%m/%Y} {row.clock}"
        debit = indonesian(-row.amount_idr) if row.amount_idr < 0 else ""
        credit = indonesian(row.amount_idr) if row.amount_idr > 0 else ""
        cells = [moment, moment, "0259", row.reference, row.description, debit, credit]
        lines.append([*cells, indonesian(balance)])
    lines.append(["Closing Balance", indonesian(balance)])
    return "".join(separator.join(map(_quoted, line)) + "\r\n" for line in lines).encode()


def mt940_file(rows: Sequence[Row], opening_idr: int, *, account: str = ACCOUNT) -> bytes:
    """Write MT940, one message a day."""
    balance, written = opening_idr, []
    for number, day in enumerate(sorted({row.day for row in rows}), start=1):
        before = day - timedelta(days=1)
        written += [f":20:LNS{day:%y%m%d}", f":25:{account}", f":28C:{number:05d}/001"]
        written.append(f":60F:{_marked(balance, before)}")
        for row in (row for row in rows if row.day == day):
            balance += row.amount_idr
            mark, amount = "C" if row.amount_idr > 0 else "D", abs(row.amount_idr)
            when = f"{row.day:%y%m%d}{row.day:%m%d}"
            written.append(f":61:{when}{mark}{amount},00NTRFNONREF//{row.reference}")
            text = row.description
            folded = [text[at : at + 65] for at in range(0, len(text), 65)] or [""]
            written += [f":86:{folded[0]}", *folded[1:]]
        written += [f":62F:{_marked(balance, day)}", "-"]
    return "\r\n".join(written).encode()


def _marked(balance_idr: int, day: date) -> str:
    return f"{'D' if balance_idr < 0 else 'C'}{day:%y%m%d}IDR{abs(balance_idr)},00"


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(c in cell for c in ',;"') else cell
