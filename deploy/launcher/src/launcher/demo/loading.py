"""Runs the house behind closed doors, with a clock that can be moved, and loads the demo."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from launcher import embedded
from launcher.databases import application_url
from launcher.demo.company import STAFF, demo_password
from launcher.demo.loader import Loader
from launcher.demo.office import Office
from launcher.demo.rest import Rest, Time
from launcher.demo.waiting import waiting_room
from launcher.environment import Plan, environment_of, url
from launcher.errors import Refusal
from shared.clock import ShiftedClock
from shared.server import stop_on_signals
from shared.service import Service

CUSTOMERS = 44
_IN_A_HURRY = {"BANK_GATEWAY_CALLS_PER_SECOND": "1000", "RECONCILIATION_CLOSE_DAYS": "false"}
"""Half a year passes in a minute: its days are closed afterwards, when all its money has come."""


def sign_ins() -> str:
    """Say who can sign in, and with what."""
    names = ", ".join(f"{person.username} ({person.name})" for person in STAFF)
    shown = "LUNAS_DEMO_PASSWORD" if os.environ.get("LUNAS_DEMO_PASSWORD") else demo_password()
    return f"{names}; kata sandi {shown}"


async def load(plan: Plan, customers: int, tell_day: Callable[[date], None]) -> None:
    """Load the demo company into freshly provisioned databases.

    Raises:
        Refusal: it was interrupted, or the system refused a step.
    """
    closed = _behind_closed_doors(plan)
    stopping, clock = stop_on_signals(), ShiftedClock()
    urls = {name: application_url(plan.admin_url, each) for name, each in plan.databases.items()}
    finished = False

    def say(day: date) -> None:
        room.until = f"{day:%d-%m-%Y}"
        tell_day(day)

    async def tell(services: Sequence[Service]) -> None:
        nonlocal finished
        office = Office(closed.doors.gateway, url(plan.doors.sandbox))
        time = Time(clock, services)
        rest = Rest(urls, time)
        try:
            await rest.open()
            await Loader(office, time, rest, say).load(customers, demo_password())
        finally:
            await rest.close()
            await office.close()
        finished = True
        stopping.set()

    environment = environment_of(closed) | _IN_A_HURRY
    async with waiting_room(plan.doors.gateway) as room:
        await embedded.run_together(plan.residents, environment, clock, tell, stopping)
    if not finished:
        raise Refusal("Data contoh belum selesai dimuat; jalankan lagi.")


def _behind_closed_doors(plan: Plan) -> Plan:
    """Give the same house with its front door on a private socket."""
    return replace(plan, doors=replace(plan.doors, gateway=plan.addresses["gateway"] + "-door"))
