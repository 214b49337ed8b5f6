"""M11: ``./lunas verify`` tells a line per rule, and what contradicts another service's records."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from town import Town
from town.people import Company

from launcher.comparing import COMPARISONS, Pauses, at_once
from launcher.verifying import verify
from shared.testing.databases import admin_url

AMOUNT_IDR = 1_250_000


@pytest.fixture
async def town(fresh_town: Any) -> AsyncIterator[Town]:
    """One bill that was paid in full, and all five programs at rest."""
    async with fresh_town(reporting=True) as opened:
        company = Company(opened)
        await company.open()
        assert await company.pay(await company.issue(AMOUNT_IDR))
        yield opened


async def told(town: Town, pauses: Pauses = at_once) -> tuple[bool, list[str]]:
    lines: list[str] = []
    all_hold = await verify(list(town.services.values()), lines.append, pauses)
    return all_hold, lines


async def forge(town: Town, service: str, *statements: str) -> None:
    """Change rows of a service as an administrator, past triggers and constraints of reference."""
    database = town.services[service].engine.url.database
    address = urlunsplit(urlsplit(admin_url())._replace(path=f"/{database}"))
    connection = await asyncpg.connect(address)
    try:
        await connection.execute("SET session_replication_role = replica")
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def broken(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("BEDA")]


async def test_m11_an_honest_town_is_told_rule_by_rule(town: Town) -> None:
    all_hold, lines = await told(town)

    assert all_hold
    assert broken(lines) == []
    rules = {line.split()[1] for line in lines if line.startswith("cocok")}
    assert rules == {"M2", "M3", "M4", "M5", "M6", "M7", "M8", "M9", "M10", "R3"}
    assert len([line for line in lines if " = " in line.rpartition("(")[2]]) == len(COMPARISONS)
    assert lines[-1] == "Buku cocok: setiap rupiah terjelaskan, di semua layanan sama."


async def test_m11_a_broken_rule_says_which_row_what_is_safe_and_what_to_do(town: Town) -> None:
    await forge(town, "reconciliation", "UPDATE payments SET allocated_idr = 1249999")

    all_hold, lines = await told(town)

    assert not all_hold
    first = lines.index(broken(lines)[0])
    assert lines[first].startswith("BEDA   M5   Tiap pembayaran terbagi habis")
    assert "seharusnya Rp1.250.000, tercatat Rp1.249.999" in lines[first + 1]
    assert "Yang aman: pemeriksaan hanya membaca." in lines[first + 2]
    assert "Langkah berikut: Buka pembayaran" in lines[first + 3]
    assert lines[-1].startswith("Buku TIDAK cocok: ")


CONTRADICTIONS = [
    ("M4   Nilai tiap tagihan", "bank-gateway", "UPDATE invoices SET total_idr = 1250001"),
    ("M6   Terbayar tiap tagihan", "reporting", "UPDATE allocations SET amount_idr = 1249999"),
    ("M8   Pembayaran dari BNI", "bank-gateway", "UPDATE payments SET amount_idr = 1249999"),
    (
        "M8   Pembayaran yang dibantah",
        "reconciliation",
        "UPDATE sightings SET is_denial = true, trouble = 'palsu' WHERE source = 'inquiry'",
    ),
    ("M4   Tiap pembayaran di buku", "reporting", "UPDATE payments SET amount_idr = 1250001"),
    ("M5   Titipan tiap pembayaran", "reporting", "UPDATE payments SET unallocated_idr = 7"),
]


async def test_m11_rows_that_another_service_contradicts_are_found(town: Town) -> None:
    for rule, service, statement in CONTRADICTIONS:
        before = broken((await told(town))[1])
        await forge(town, service, statement)
        lines = (await told(town))[1]

        (line,) = [line for line in broken(lines) if f"BEDA   {rule}" in line]
        assert line not in before
        row = lines[lines.index(line) + 1]
        assert f"{service} Rp" in row
        assert "tagihan INV/2026/11/" in row or "pembayaran 100001" in row


async def test_m11_what_was_only_on_its_way_is_no_difference(town: Town) -> None:
    """Services commit one after another, so a difference is looked at again before it counts."""

    async def until_it_arrives() -> AsyncIterator[None]:
        yield
        await forge(town, "reporting", "UPDATE allocations SET amount_idr = 1250000")
        yield

    await forge(town, "reporting", "UPDATE allocations SET amount_idr = 1249999")

    all_hold, lines = await told(town, until_it_arrives)

    assert all_hold, lines
