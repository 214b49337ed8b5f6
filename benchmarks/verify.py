"""``verify`` on a million ledger entries, against plain sums over the same tables (M11).

    ./lunas bench verify

Loads plans with their bills, payments and allocations into invoicing, bank-gateway,
reconciliation and reporting by set-based SQL that obeys every constraint and trigger. The
yardstick is one sequential ``sum(amount_idr)`` over each table that verify reads, three times in
the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import statistics
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncpg

from bank_gateway import main as bank_gateway_main
from bank_gateway.settings import Settings as BankGatewaySettings
from invoicing import main as invoicing_main
from invoicing.settings import Settings as InvoicingSettings
from launcher.comparing import at_once
from launcher.verifying import verify
from reconciliation import main as reconciliation_main
from reconciliation.settings import Settings as ReconciliationSettings
from reporting import main as reporting_main
from reporting.settings import Settings as ReportingSettings
from shared.bus.memory import MemoryBus
from shared.clock import SystemClock
from shared.principal import generate_keys
from shared.service import Outside, Service
from shared.testing import Database, Templates

SERVICES = Path(__file__).parents[1] / "services"
FIXTURES = Path(__file__).parent / "verify_rows"
ENTRIES_PER_BILL = 6
"""Two for the bill, two for its payment, two for the allocation."""

LIMIT_SECONDS = 60
WORDS = {
    "kind": "CASE WHEN n / 12 % 3 = 0 THEN 'monthly' ELSE 'installment' END",
    "amount": "(1000 + n / 12 + CASE n % 12 WHEN 11 THEN n / 12 % 3 ELSE 0 END)",
}
"""Bills are twelve to a plan: of three, one is monthly and two have a down payment and eleven
installments, the last of which takes a remainder of one or two rupiah (M7)."""

_BANK = {
    "vault_keys": base64.b64encode(b"k" * 32).decode(),
    "base_url": "http://127.0.0.1:1",
    "client_id": "001",
    "secret_key": "0" * 32,
    "prefix": "8",
}
BUILT: dict[str, tuple[Any, Any, dict[str, Any]]] = {
    "invoicing": (invoicing_main, InvoicingSettings, {}),
    "bank-gateway": (bank_gateway_main, BankGatewaySettings, _BANK),
    "reconciliation": (reconciliation_main, ReconciliationSettings, {}),
    "reporting": (reporting_main, ReportingSettings, {"document_key": "k" * 32}),
}
READ = {
    "invoicing": ("invoices", "invoice_lines", "plan_lines", "allocations"),
    "bank-gateway": ("payments", "virtual_accounts"),
    "reconciliation": ("ledger_entries", "payments", "allocations", "sightings"),
    "reporting": ("payments", "allocations"),
}
"""Tables with an ``amount_idr`` (an invoice has a ``total_idr``) that verify goes through."""


def main() -> int:
    """Load, measure, print, and fail above a minute or when the honest books are called wrong."""
    parser = argparse.ArgumentParser(description="verify on many ledger entries (M11)")
    parser.add_argument("--entries", type=int, default=1_000_000)
    entries = parser.parse_args().entries
    templates = Templates()
    try:
        for name in BUILT:
            asyncio.run(templates.migrate(SERVICES / name))
            templates.upgrade(SERVICES / name)
        return asyncio.run(measure(templates, -(-entries // ENTRIES_PER_BILL)))
    finally:
        asyncio.run(templates.drop_all())


async def measure(templates: Templates, bills: int) -> int:
    databases = {name: await templates.clone(SERVICES / name) for name in BUILT}
    begun = time.perf_counter()
    for name, database in databases.items():
        await load(name, database, bills)
    print(f"loaded     {bills * ENTRIES_PER_BILL:,} entries, {time.perf_counter() - begun:.0f} s")
    yardsticks = [await add_up(databases) for _ in range(3)]
    services = build(databases)
    lines: list[str] = []
    begun = time.perf_counter()
    green = await verify(services, lines.append, at_once)
    seconds = time.perf_counter() - begun
    for service in services:
        await service.engine.dispose()
    print("\n".join(lines))
    yardstick = statistics.median(yardsticks)
    print(f"yardstick  {yardstick:.2f} s ({min(yardsticks):.2f} to {max(yardsticks):.2f})")
    print(f"verify     {seconds:.1f} s, {seconds / yardstick:.1f} x the yardstick")
    return 0 if green and seconds <= LIMIT_SECONDS else 1


async def load(name: str, database: Database, bills: int) -> None:
    """Run the service's statements in one transaction, as the service's own role."""
    connection = await asyncpg.connect(database.url)
    try:
        async with connection.transaction():
            await connection.execute("SELECT set_config('lunas.scope', 'all', true)")
            script = (FIXTURES / f"{name}.sql").read_text()
            for word, meaning in {**WORDS, "bills": str(bills)}.items():
                script = script.replace(f":{word}", meaning)
            await connection.execute(script)
    finally:
        await connection.close()


async def add_up(databases: Mapping[str, Database]) -> float:
    begun = time.perf_counter()
    for name, tables in READ.items():
        connection = await asyncpg.connect(databases[name].url)
        async with connection.transaction():
            await connection.execute("SELECT set_config('lunas.scope', 'all', true)")
            for table in tables:
                column = "total_idr" if table == "invoices" else "amount_idr"
                await connection.fetchval(f"SELECT sum({column}) FROM {table}")
        await connection.close()
    return time.perf_counter() - begun


def build(databases: Mapping[str, Database]) -> list[Service]:
    outside, public_key = Outside(SystemClock(), MemoryBus()), generate_keys()[1]
    return [
        main.build(
            settings(database_url=databases[name].url, principal_public_key=public_key, **own),
            outside,
        )
        for name, (main, settings, own) in BUILT.items()
    ]


if __name__ == "__main__":
    sys.exit(main())
