"""``./lunas verify``: everybody recomputes his own books, then their claims are compared (M11)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from launcher.comparing import COMPARISONS, Pauses, disagreements, patiently, who_claims
from shared.service import Service
from shared.verification import Difference, one_moment

Tell = Callable[[str], None]

_ROWS_TOLD = 3
_SAFE = (
    "Yang aman: pemeriksaan hanya membaca. Tidak ada catatan yang berubah, dan pembayaran baru"
    " tetap diterima."
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one rule in one place."""

    rule: str
    where: str
    says: str
    then: str
    differences: list[Difference]


async def verify(services: Sequence[Service], tell: Tell, pauses: Pauses = patiently) -> bool:
    """Tell one line per rule, under a broken one its rows and what to do; True if all hold."""
    broken = 0
    async for finding in examine(services, pauses):
        broken += bool(finding.differences)
        for line in _lines(finding):
            tell(line)
    tell(
        f"Buku TIDAK cocok: {broken} aturan dilanggar."
        if broken
        else "Buku cocok: setiap rupiah terjelaskan, di semua layanan sama."
    )
    return not broken


async def examine(
    services: Sequence[Service], pauses: Pauses = patiently
) -> AsyncIterator[Finding]:
    """Check every rule of every service, then compare the services."""
    for service in services:
        async with one_moment(service.sessions, service.principal) as session:
            for check in service.books.checks:
                found = await check.find(session)
                yield Finding(check.rule, service.name, check.says, check.then, found)
    for comparison in COMPARISONS:
        claimants = who_claims(comparison, services)
        if len(claimants) > 1:
            found = await disagreements(comparison, claimants, pauses)
            where = " = ".join(each.name for each in claimants)
            yield Finding(comparison.rule, where, comparison.says, comparison.then, found)


def _lines(finding: Finding) -> list[str]:
    """Spell a finding for a terminal."""
    found = finding.differences
    state = "BEDA " if found else "cocok"
    line = f"{state}  {finding.rule:<3}  {finding.says} ({finding.where})"
    if not found:
        return [line]
    rows = [f"       {difference}" for difference in found[:_ROWS_TOLD]]
    more = [f"       dan {len(found) - _ROWS_TOLD} baris lain"] if len(found) > _ROWS_TOLD else []
    return [line, *rows, *more, f"       {_SAFE}", f"       Langkah berikut: {finding.then}"]
