"""What several services claim of the same thing must be the same figure (M4, M6, M8).

Each is asked for sums by part of the keys; only where those differ are rows read, so a million
rows cost each database one pass and the network nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Numeric, Select, String, Subquery, cast, func, select

from shared.money import Rupiah
from shared.service import Service
from shared.verification import SHOWN, Difference, claim_rows

Pauses = Callable[[], AsyncIterator[None]]
"""Lets time pass before each further look at what differs; its end is the end of patience."""

_LOOKS, _BETWEEN_LOOKS_SECONDS = 10, 1.0
_SUSPECTS = 1000
_PART_LENGTH = 2
"""How many hexadecimal digits of the key name a part."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One claim, as a sentence for people, and what to do where services differ."""

    claim: str
    rule: str
    says: str
    then: str


_THEN = (
    "Lihat ./lunas dlq list; bila kosong, ./lunas republish untuk layanan yang tertinggal, lalu"
    " ulangi ./lunas verify."
)
COMPARISONS = (
    Comparison("billed", "M4", "Nilai tiap tagihan sama di semua layanan", _THEN),
    Comparison("paid", "M6", "Terbayar tiap tagihan sama di semua layanan", _THEN),
    Comparison("received", "M8", "Pembayaran dari BNI seluruhnya dan hanya itu di buku", _THEN),
    Comparison("disputed", "M8", "Pembayaran yang dibantah BNI juga dibantah di buku", _THEN),
    Comparison("booked", "M4", "Tiap pembayaran di buku sama di laporan", _THEN),
    Comparison("credit", "M5", "Titipan tiap pembayaran sama di laporan", _THEN),
)


@dataclass(frozen=True, slots=True)
class _Claim:
    name: str
    amount_idr: int


_NO_MORE = object()
_Claims = dict[UUID, dict[str, _Claim]]
"""Key -> service -> what it claims; of a service that claims nothing there is no entry."""


async def patiently() -> AsyncIterator[None]:
    """Wait for what may be on its way: services commit one after another."""
    for _ in range(_LOOKS):
        await asyncio.sleep(_BETWEEN_LOOKS_SECONDS)
        yield


async def at_once() -> AsyncIterator[None]:
    """Wait for nothing: everything is at rest."""
    for _ in range(0):
        yield


def who_claims(comparison: Comparison, services: Sequence[Service]) -> list[Service]:
    """List those of the services that can be compared."""
    return [each for each in services if comparison.claim in each.books.claims]


async def disagreements(
    comparison: Comparison, services: Sequence[Service], pauses: Pauses
) -> list[Difference]:
    """Give what the services still claim differently after the last look."""
    suspects = await _different_rows(comparison.claim, services)
    waiting = pauses()
    while suspects and await anext(waiting, _NO_MORE) is not _NO_MORE:
        suspects = await _different(comparison.claim, services, suspects)
    return [
        Difference(comparison.rule, _told(claims, services))
        for claims in list(suspects.values())[:SHOWN]
    ]


async def _different_rows(claim: str, services: Sequence[Service]) -> _Claims:
    sums = [dict(await _read(service, _sums(_rows(service, claim)))) for service in services]
    parts = {part for each in sums for part in each}
    found: _Claims = {}
    for part in sorted(parts):
        if len(found) < _SUSPECTS and len({each.get(part) for each in sums}) > 1:
            found |= await _different(claim, services, part)
    return found


async def _different(claim: str, services: Sequence[Service], among: str | _Claims) -> _Claims:
    """Read the rows of one part, or of some keys, and keep those that are not the same."""
    claims: _Claims = {}
    for service in services:
        rows = _rows(service, claim)
        chosen = _part(rows) == among if isinstance(among, str) else rows.c.key.in_(among)
        for key, name, amount_idr in await _read(service, select(rows).where(chosen)):
            if amount_idr:
                claims.setdefault(key, {})[service.name] = _Claim(name, amount_idr)
    return {key: each for key, each in claims.items() if not _agreed(each, services)}


def _agreed(claims: dict[str, _Claim], services: Sequence[Service]) -> bool:
    return len({claims[s.name].amount_idr if s.name in claims else 0 for s in services}) == 1


def _told(claims: dict[str, _Claim], services: Sequence[Service]) -> str:
    name = next(iter(claims.values())).name
    amounts = [claims[s.name].amount_idr if s.name in claims else 0 for s in services]
    told = (f"{s.name} {Rupiah(amount)}" for s, amount in zip(services, amounts, strict=True))
    return f"{name}: {', '.join(told)}"


def _rows(service: Service, claim: str) -> Subquery:
    return claim_rows(service.books.claims[claim])


def _part(rows: Subquery) -> Any:
    return func.left(cast(rows.c.key, String), _PART_LENGTH).label("part")


def _sums(rows: Subquery) -> Select[Any]:
    row = cast(rows.c.key, String) + ":" + cast(rows.c.amount_idr, String)
    digest = func.sum(cast(func.hashtextextended(row, cast(0, BigInteger)), Numeric))
    return select(_part(rows), digest).where(rows.c.amount_idr != 0).group_by("part")


async def _read(service: Service, query: Select[Any]) -> Sequence[Any]:
    async with service.sessions.begin(service.principal) as session:
        return list((await session.execute(query)).all())
