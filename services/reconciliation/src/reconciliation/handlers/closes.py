"""Closing a day: compare, freeze, certify (R3).

The comparison comes first, because it may wait for rows that others hold; the lock of the books
comes last, is held by nobody who then waits, and is short.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from reconciliation.domain.certificate import (
    Balance,
    CertificateNotFound,
    Coverage,
    Facts,
    Figure,
    carry_forward,
    check_day,
    due_day,
    sum_unexplained,
    total,
)
from reconciliation.handlers.balances import expected_accounts, follow_balances
from reconciliation.models import Certificate
from reconciliation.store import closes as store
from reconciliation.store import proofs
from reconciliation.store.balances import balance_between
from reconciliation.store.closes import Received
from shared import audit
from shared.clock import start_of_day
from shared.database import Session
from shared.ids import new_id

LATE_SHOWN = 200


async def close_day(session: Session, day: date, accounts: Sequence[str] = ()) -> Certificate:
    """Close a day for good; of a closed day, give its certificate.

    Args:
        accounts: the bank accounts that statements should cover; none: those of any statement.

    Raises:
        NothingToClose, DayNotOver, NotTheNextDay: it may not be closed now.
    """
    known = await store.find_certificate(session, day)
    if known is not None:
        return known
    check_day(day, await next_day(session), session.clock.today())
    await follow_balances(session, accounts, (day, day))
    await store.lock_books(session)
    known = await store.find_certificate(session, day)
    return known or await _certify(session, day, accounts)


async def close_due_day(session: Session, accounts: Sequence[str] = ()) -> Certificate | None:
    """Close the day that is due by now, if one is."""
    day = due_day(await next_day(session), session.clock.now())
    return None if day is None else await close_day(session, day, accounts)


async def next_day(session: Session) -> date | None:
    """Give the next day to close; None while nothing has been booked."""
    last = await store.last_certificate(session)
    if last is not None:
        return last.day + timedelta(days=1)
    return await store.first_booked_day(session)


async def get_certificate(session: Session, day: date) -> Certificate:
    """Give the certificate of a day.

    Raises:
        CertificateNotFound: the day is not closed.
    """
    found = await store.find_certificate(session, day)
    if found is None:
        raise CertificateNotFound
    return found


async def facts_of(session: Session, day: date, accounts: Sequence[str] = ()) -> Facts:
    """Gather what is to be certified of a day as it stands now."""
    last = await store.last_certificate(session)
    before = last.held.accounts if last is not None else {}
    transactions, entries, _ = await store.entries_of_day(session, day)
    received = await store.received_on(session, day)
    expected = await expected_accounts(session, accounts)
    return Facts(
        transactions=transactions,
        entries=entries,
        accounts=carry_forward(await store.moved_on(session, day), before),
        channels=_by("channel", received),
        verification=_by("verification", received),
        late=total(each.late for each in received),
        reversed=await store.reversed_on(session, day),
        exceptions=await store.open_exceptions(session, start_of_day(day + timedelta(days=2))),
        proof=await proofs.proof_of(session, day),
        coverage=await proofs.coverage_of(session, day, expected),
        balance=await balance_between(session, expected, (day, day)),
    )


async def statements_now(
    session: Session, day: date, accounts: Sequence[str] = ()
) -> tuple[dict[str, Coverage], Balance | None]:
    """Tell what statements say of a day now; a certificate keeps what they said at its close."""
    expected = await expected_accounts(session, accounts)
    balance = await balance_between(session, expected, (day, day))
    return await proofs.coverage_of(session, day, expected), balance


async def unexplained(session: Session) -> Figure:
    """Count what nobody can explain at this moment, and sum it."""
    found = await store.open_exceptions(session, session.clock.now() + timedelta(days=1))
    return sum_unexplained(found)


async def _certify(session: Session, day: date, accounts: Sequence[str]) -> Certificate:
    last = await store.last_certificate(session)
    facts = await facts_of(session, day, accounts)
    _, _, entries_hash = await store.entries_of_day(session, day)
    certificate = Certificate(
        day=day,
        no=last.no + 1 if last is not None else 1,
        closed_at=session.clock.now(),
        closed_by=session.principal.name,
        facts=facts.text,
        entries_hash=entries_hash,
        previous=last.checksum if last is not None else "",
    )
    certificate.checksum = certificate.seal()
    session.add(certificate)
    audit.record(
        session,
        action="day.closed",
        object_type="certificate",
        object_id=new_id(),
        after={"day": day.isoformat(), "no": certificate.no, "checksum": certificate.checksum},
    )
    await session.flush()
    return certificate


def _by(name: str, received: Iterable[Received]) -> dict[str, Figure]:
    parts: dict[str, list[Figure]] = {}
    for each in received:
        parts.setdefault(getattr(each, name), []).append(each.all)
    return {key: total(parts[key]) for key in sorted(parts)}
