"""``python -m reconciliation.verify``: are the books explained? Exit code 1 when not (M11)."""

from __future__ import annotations

import asyncio
import sys

from reconciliation.settings import Settings
from reconciliation.store.certified import certificate_differences
from reconciliation.store.verification import Difference, differences
from shared.clock import SystemClock
from shared.database import Sessions, make_engine
from shared.principal import Principal

SHOWN = 20


async def find_differences(sessions: Sessions) -> list[Difference]:
    """Recompute M2 to M6, M9 and the certificates in one snapshot; give the first differences."""
    async with sessions.begin(Principal.system("reconciliation")) as session:
        await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        found = await differences(session, SHOWN)
        found += await certificate_differences(session)
        return found[:SHOWN]


async def verify(settings: Settings) -> list[Difference]:
    """The same on the service's own database."""
    engine = make_engine(settings.database_url.get_secret_value(), pool_size=1)
    try:
        return await find_differences(Sessions(engine, SystemClock()))
    finally:
        await engine.dispose()


def main() -> int:
    """Print what differs and tell the shell."""
    found = asyncio.run(verify(Settings()))
    for difference in found:
        sys.stdout.write(f"{difference}\n")
    if not found:
        sys.stdout.write("Buku cocok: setiap rupiah terjelaskan.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
