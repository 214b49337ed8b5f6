"""The sandbox's own bank account: transfers beside virtual accounts, and its statement."""

from dataclasses import dataclass
from datetime import date, datetime

from bni_protocol.moments import YEAR_FIRST, YEAR_LAST
from bni_sandbox.domain.chance import Chance
from bni_sandbox.domain.faults import Faults
from bni_sandbox.domain.statement import Line, LineKind, Statement, damaged
from bni_sandbox.models import Transfer
from bni_sandbox.store import billing as store
from bni_sandbox.store import books
from shared.clock import start_of_day
from shared.database import Session
from shared.errors import Conflict, Invalid

PERIOD_DAYS_MAX = 366


class BalanceTooLow(Conflict):
    """The account does not hold what is to be taken."""

    detail = "Saldo rekening uji tidak cukup. Tidak ada yang dibukukan."


class PeriodNotPossible(Invalid):
    """The period of a statement ends before it begins, or is longer than a year."""

    detail = "Masa mutasi belum benar: tanggal akhir sebelum tanggal awal, atau lebih dari setahun."


@dataclass(frozen=True, slots=True)
class Account:
    """The account whose statement is printed; ``opening_idr`` is from before all time."""

    number: str
    name: str
    opening_idr: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Money in or out that no virtual account explains."""

    kind: LineKind
    amount_idr: int
    party: str
    remark: str
    booked_at: datetime | None = None


async def move(movement: Movement, account: Account, session: Session) -> Transfer:
    """Book a movement.

    Raises:
        BalanceTooLow: it would take more than there is.
    """
    if movement.kind is not LineKind.CREDIT:
        held = account.opening_idr + await books.balance_idr(session)
        if movement.amount_idr > held:
            raise BalanceTooLow
    [journal_no] = await store.next_ntbs(session, 1)
    now = session.clock.now()
    transfer = Transfer(
        kind=movement.kind,
        amount_idr=movement.amount_idr,
        party=movement.party,
        remark=movement.remark,
        journal_no=journal_no,
        booked_at=(movement.booked_at or now).replace(microsecond=0),
        made_at=now,
    )
    session.add(transfer)
    return transfer


async def statement(
    account: Account, period: tuple[date, date], faults: Faults, chance: Chance, session: Session
) -> Statement:
    """Make the statement of whole WIB days, both ends included.

    Raises:
        PeriodNotPossible: it ends before it begins, or is longer than a year.
    """
    from_on, to_on = period
    known_years = from_on.year >= YEAR_FIRST and to_on.year <= YEAR_LAST
    if not known_years or not 0 <= (to_on - from_on).days < PERIOD_DAYS_MAX:
        raise PeriodNotPossible(field="to")
    opening_idr, lines = await _books(account, period, faults, chance, session)
    return Statement(
        account_no=account.number,
        account_name=account.name,
        from_on=from_on,
        to_on=to_on,
        opening_idr=opening_idr,
        lines=lines,
        misprint_idr=int(faults.statement_unbalanced),
    )


async def _books(
    account: Account, period: tuple[date, date], faults: Faults, chance: Chance, session: Session
) -> tuple[int, list[Line]]:
    """Give opening and lines; a damaged history stays one history, whatever the period."""
    since, until = start_of_day(period[0]), _next_day(period[1])
    if not (faults.statement_omit or faults.statement_alter):
        before_idr = await books.balance_idr(session, since)
        return account.opening_idr + before_idr, await books.lines(session, since, until)
    printed = damaged(await books.lines(session, None, until), faults, chance)
    before_idr = sum(line.amount_idr for line in printed if line.booked_at < since)
    return account.opening_idr + before_idr, [x for x in printed if x.booked_at >= since]


def _next_day(day: date) -> datetime:
    return start_of_day(date.fromordinal(day.toordinal() + 1))
