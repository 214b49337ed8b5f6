"""Recomputing certificates from the ledger and from each other (R3, M11)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from sqlalchemy import text
from sqlmodel import col, select

from reconciliation.domain.certificate import Account, carry_forward
from reconciliation.models import Certificate
from shared.database import Session
from shared.verification import Difference

RULE = "R3"
_HASHES = text(r"""
    SELECT c.day FROM certificates c LEFT JOIN (
        SELECT booked_on, encode(sha256(convert_to(
            string_agg(line, E'\n' ORDER BY transaction_id, no), 'UTF8')), 'hex') AS hash
        FROM day_entries GROUP BY 1
    ) AS books ON books.booked_on = c.day
    WHERE c.entries_hash <> coalesce(books.hash, encode(sha256(''), 'hex')) ORDER BY 1
""")
_MOVED = text("""
    SELECT booked_on, account_class,
        sum(greatest(amount_idr, 0)), sum(greatest(-amount_idr, 0))
    FROM day_entries WHERE booked_on <= (SELECT max(day) FROM certificates) GROUP BY 1, 2
""")

Moved = list[tuple[str, int, int]]


async def certificate_differences(session: Session) -> list[Difference]:
    """Give every certificate that does not say what the ledger and its neighbour say."""
    query = select(Certificate).order_by(col(Certificate.day))
    chain = list((await session.exec(query)).all())
    if not chain:
        return []
    altered = [
        Difference(RULE, f"entri {day} tidak seperti disertifikatkan")
        for (day,) in await session.execute(_HASHES)
    ]
    moved: dict[date, Moved] = {}
    for day, account, debit, credit in await session.execute(_MOVED):
        moved.setdefault(day, []).append((account, int(debit), int(credit)))
    return [*_broken(chain), *altered, *_totals(chain, moved)]


def _broken(chain: list[Certificate]) -> Iterator[Difference]:
    for each in chain:
        if each.checksum != each.seal():
            yield Difference(RULE, f"sertifikat {each.day} diubah")
    for before, after in pairwise(chain):
        if (after.previous, after.no) != (before.checksum, before.no + 1):
            yield Difference(RULE, f"sertifikat {after.day} tidak menyambung")


def _totals(chain: list[Certificate], moved: dict[date, Moved]) -> Iterator[Difference]:
    balances: dict[str, Account] = {}
    for each in chain:
        balances = carry_forward(moved.get(each.day, []), balances)
        certified = each.held.accounts
        for account in sorted(balances.keys() | certified.keys()):
            expected, found = balances.get(account), certified.get(account)
            if expected != found:
                yield Difference(
                    RULE,
                    f"saldo {account} pada sertifikat {each.day}",
                    expected.balance_idr if expected else 0,
                    found.balance_idr if found else 0,
                )
