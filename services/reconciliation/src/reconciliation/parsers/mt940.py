"""SWIFT MT940: one file of one account, perhaps several messages (one a day, or several pages).

The library reads the messages. It is lenient where money must not be, so the tags that carry money
are checked here first, by line: form, currency, whole rupiah, real days.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from mt940.models import Transactions
from mt940.options import Options

from reconciliation.domain.statement import Fault, Line, Statement, StatementRefused, prove
from reconciliation.parsers.account import AccountUnclear, account_number
from shared.money import Rupiah

_START = re.compile(r":20:")
_TAG = re.compile(r":(?P<tag>[0-9]{2}[A-Z]?|NS):(?P<text>.*)")
_BALANCE = re.compile(r"[CD](?P<day>[0-9]{6})(?P<currency>[A-Z]{3})(?P<amount>[0-9]{1,14},[0-9]*)")
_ENTRY = re.compile(
    r"(?P<day>[0-9]{6})(?P<entry>[0-9]{4})?R?[CD](?P<funds>[A-Z])?(?P<amount>[0-9]{1,14},[0-9]*)"
    r"[A-Z][A-Z0-9]{3}.*"
)
_FORMS = {"60F": _BALANCE, "60M": _BALANCE, "62F": _BALANCE, "62M": _BALANCE, "61": _ENTRY}
_OPENING = ("final_opening_balance", "intermediate_opening_balance")
_CLOSING = ("final_closing_balance", "intermediate_closing_balance")
_AS_WRITTEN: dict[str, list[Any]] = {"pre_statement": [], "post_transaction_details": []}
_FOLD = 65
_NO_REFERENCE = {"", "NONREF"}


def looks_like(text: str) -> bool:
    """Tell whether a text is MT940 at all."""
    return re.search(r"^(?:\{1:.*)?:20:", text, re.MULTILINE) is not None


def parse(text: str) -> Statement:
    """Read a file.

    Raises:
        StatementRefused: a tag is unreadable, not rupiah, or the balances do not follow.
    """
    rows = [re.sub(r"^\{1:.*\{4:\s*", "", row) for row in text.split("\n")]
    faults = [fault for no, row in enumerate(rows, start=1) if (fault := _fault(no, row))]
    if faults:
        raise StatementRefused(faults)
    messages = [_message(first, block) for first, block in _blocks(rows)]
    for earlier, later in pairwise(messages):
        _check_chain(earlier, later)
    return prove(
        Statement(
            account=messages[0].statement.account,
            opens_on=min(message.statement.opens_on for message in messages),
            closes_on=max(message.statement.closes_on for message in messages),
            opening=messages[0].statement.opening,
            closing=messages[-1].statement.closing,
            lines=tuple(line for message in messages for line in message.statement.lines),
        )
    )


@dataclass(frozen=True, slots=True)
class _Message:
    first: int
    statement: Statement


def _fault(no: int, row: str) -> Fault | None:
    """Check one row by the strict form of its tag."""
    tag = _TAG.fullmatch(row.rstrip())
    form = _FORMS.get(tag["tag"]) if tag else None
    if tag is None or form is None:
        return None
    match = form.fullmatch(tag["text"])
    if match is None:
        return Fault(no, f"tag :{tag['tag']}: tidak terbaca.")
    facts = match.groupdict()
    if facts.get("currency", "IDR") != "IDR" or facts.get("funds") not in {None, "R"}:
        return Fault(no, "mata uang bukan rupiah; hanya rekening IDR yang diterima.")
    if not _is_day(facts["day"], facts.get("entry")):
        return Fault(no, "tanggal ini tidak ada.")
    if facts["amount"].partition(",")[2].strip("0"):
        return Fault(no, f"“{facts['amount']}” memuat sen; hanya rupiah bulat yang diterima.")
    return None


def _is_day(day: str, entry: str | None) -> bool:
    """Tell whether ``yymmdd``, and ``mmdd`` of the same or a neighbouring year, exist."""
    year, month_day = 2000 + int(day[:2]), (day[2:], entry or day[2:])
    try:
        for text in month_day:
            date(year, int(text[:2]), int(text[2:]))
    except ValueError:
        return False
    return True


def _blocks(rows: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """Cut the file where messages start; give each with the line it starts on."""
    starts = [at for at, row in enumerate(rows) if _START.match(row)]
    for start, end in pairwise([*starts, len(rows)]):
        block = rows[start:end]
        closed = next((at for at, row in enumerate(block) if row.startswith("-}")), len(block))
        yield start + 1, block[:closed]


def _message(first: int, block: Sequence[str]) -> _Message:
    read = Transactions(processors=_AS_WRITTEN, options=Options.all())
    try:
        read.parse("\n".join(block))
        statement = _statement(first, block, read)
    except (RuntimeError, ValueError, KeyError) as error:
        raise StatementRefused([Fault(first, "pesan MT940 ini tidak terbaca.")]) from error
    return _Message(first, statement)


def _statement(first: int, block: Sequence[str], read: Transactions) -> Statement:
    numbers = [first + at for at, row in enumerate(block) if row.startswith(":61:")]
    account = _account(first, block)
    opening, closing = _one_of(read.data, _OPENING), _one_of(read.data, _CLOSING)
    if opening is None or closing is None:
        raise StatementRefused([Fault(first, "pesan tanpa saldo (:60: dan :62:).")])
    if len(numbers) != len(read.transactions):
        raise StatementRefused([Fault(first, "jumlah baris :61: yang terbaca tidak sama.")])
    rows = zip(numbers, read.transactions, strict=True)
    lines = tuple(_line(no, transaction.data) for no, transaction in rows)
    opened, closed = _plain_day(opening.date), _plain_day(closing.date)
    days = [line.day for line in lines]
    return Statement(
        account=account,
        opens_on=min([_first_day(opened, closed), *days]),
        closes_on=closed,
        opening=_whole(opening.amount.amount),
        closing=_whole(closing.amount.amount),
        lines=lines,
    )


def _account(first: int, block: Sequence[str]) -> str:
    found = [(at, row) for at, row in enumerate(block, start=first) if row.startswith(":25")]
    if not found:
        raise StatementRefused([Fault(first, "pesan tanpa rekening (:25:).")])
    no, row = found[0]
    try:
        return account_number(row.removeprefix(":25").lstrip("P").removeprefix(":"))
    except AccountUnclear as unclear:
        raise StatementRefused([Fault(no, f"rekening {unclear}")]) from None


def _first_day(opened: date, closed: date) -> date:
    """A balance of an earlier day is the closing of that day; the statement starts behind it."""
    return opened if opened >= closed else opened + timedelta(days=1)


def _line(no: int, facts: dict[str, Any]) -> Line:
    value_day = _plain_day(facts["date"])
    bank = str(facts.get("bank_reference") or "").strip()
    ours = str(facts.get("customer_reference") or "").strip()
    details = str(facts.get("transaction_details") or facts.get("extra_details") or "")
    return Line(
        no=no,
        day=_plain_day(facts.get("entry_date") or facts["date"]),
        value_day=value_day,
        amount=_whole(facts["amount"].amount),
        reference=bank or ("" if ours in _NO_REFERENCE else ours),
        description=_unfolded(details),
    )


def _unfolded(details: str) -> str:
    """Join the rows of ``:86:``: a full row was cut in the middle, a shorter one between words."""
    rows = details.split("\n")
    joined = "".join(row if len(row) == _FOLD else f"{row} " for row in rows)
    return " ".join(joined.split())


def _check_chain(earlier: _Message, later: _Message) -> None:
    before, after = earlier.statement, later.statement
    if before.account != after.account:
        reason = (
            f"rekening {after.account} berbeda dari {before.account}; satu berkas satu rekening."
        )
        raise StatementRefused([Fault(later.first, reason)])
    if before.closing != after.opening:
        reason = (
            f"saldo awal {after.opening} tidak menyambung dengan saldo akhir pesan sebelumnya,"
            f" {before.closing}."
        )
        raise StatementRefused([Fault(later.first, reason)])


def _one_of(facts: dict[str, Any], names: Sequence[str]) -> Any:
    return next((facts[name] for name in names if facts.get(name) is not None), None)


def _plain_day(value: date) -> date:
    return date(value.year, value.month, value.day)


def _whole(amount: Decimal) -> Rupiah:
    if amount != amount.to_integral_value():
        raise ValueError("sen")
    return Rupiah(int(amount))
