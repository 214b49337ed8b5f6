"""A day of many payments with 5 % repeated, 2 % reordered, 1 % lost and 1 % damaged notifications.

    ./lunas bench day --payments 10000

Lives the day of ``tests/support/town/day.py`` with the real invoicing, bank-gateway,
reconciliation, reporting and sandbox on fresh databases, and ends with code 1 unless every rupiah
at the bank is in the books exactly once and ``verify`` is green.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import resource
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import uvloop  # noqa: E402
from town import open_town  # noqa: E402
from town.day import Report, live_a_day  # noqa: E402

from shared.clock import FrozenClock  # noqa: E402
from shared.logs import configure  # noqa: E402
from shared.money import Rupiah  # noqa: E402
from shared.principal import generate_keys  # noqa: E402
from shared.testing import Templates  # noqa: E402
from shared.testing.plugin import NOW  # noqa: E402

SERVICES = ROOT / "services"
FOLDERS = {
    "invoicing": SERVICES / "invoicing",
    "bank-gateway": SERVICES / "bank-gateway",
    "reconciliation": SERVICES / "reconciliation",
    "bni-sandbox": SERVICES / "bank-gateway" / "migrations" / "bni_sandbox",
    "reporting": SERVICES / "reporting",
}


@dataclass(frozen=True)
class Choice:
    """What was asked for."""

    payments: int
    hands: int


def main() -> int:
    """Live the day, print what it was like, and tell the shell whether all is explained."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0].replace("%", "%%"))
    parser.add_argument("--payments", type=int, default=10_000)
    parser.add_argument("--hands", type=int, default=6, help="calls to the bank at once")
    arguments = parser.parse_args()
    configure("error")
    templates = Templates()
    try:
        for folder in FOLDERS.values():
            asyncio.run(templates.migrate(folder))
            templates.upgrade(folder)
        gc.set_threshold(50_000)  # many short-lived rows, nothing that goes in circles
        report = uvloop.run(live(templates, Choice(arguments.payments, arguments.hands)))
    finally:
        asyncio.run(templates.drop_all())
    tell(report)
    good = not report.untruths and not report.unexplained_idr
    return 0 if good and report.at_bank_idr == report.in_books_idr else 1


async def live(templates: Templates, choice: Choice) -> Report:
    databases = {name: await templates.clone(folder) for name, folder in FOLDERS.items()}
    clock = FrozenClock(NOW)
    async with open_town(databases, clock, generate_keys(), choice.hands) as town:
        return await live_a_day(town, choice.payments)


def tell(report: Report) -> None:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(f"payments           {report.payments}")
    for outcome, count in sorted(report.told.items()):
        print(f"{outcome:<18} {count}")
    for part, seconds in report.seconds.items():
        print(f"{part:<18} {seconds:.1f} s")
    each = sum(report.seconds.values()) / report.payments
    cpu = (usage.ru_utime + usage.ru_stime) / report.payments
    print(f"per payment        {each * 1000:.0f} ms, {cpu * 1000:.0f} ms of them Python")
    print(f"at the bank        {Rupiah(report.at_bank_idr)}")
    print(f"in the books       {Rupiah(report.in_books_idr)}")
    print(f"unexplained        {Rupiah(report.unexplained_idr)}")
    print(f"days closed        {report.closed}")
    print("verify             " + ("green" if not report.untruths else "RED"))
    for untruth in [*report.unexplained, *report.untruths][:20]:
        print(f"  {untruth}")


if __name__ == "__main__":
    sys.exit(main())
