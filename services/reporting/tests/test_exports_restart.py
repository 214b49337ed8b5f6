"""A worker of files dies, stalls or takes long: no file is lost, none is made twice (K3)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest
from sqlmodel import select

from reporting.exporter import LEASE, Exporter
from reporting.models import Export
from reporting.store.exports import jobs
from shared.contracts.reporting import ExportFinished
from shared.events import parse
from shared.principal import Principal
from shared.sheets.writer import WRITERS, XlsxWriter
from shared.tables import OutboxEntry
from shared.testing import SARI, WAWAN

JOBS = "/api/v1/exports"
SYSTEM = Principal.system("reporting")


@pytest.fixture
async def town(company):
    """A Marketing with two customers."""
    await company.tell(
        company.user(WAWAN),
        company.user(SARI),
        company.customer("Bapak Mahmud Sulaiman"),
        company.customer("=Budi()"),
    )
    return company


@pytest.fixture
def exporter(service) -> Exporter:
    return Exporter(service.sessions, "PT Kavling Pakuan Asri")


async def troubles_told(company) -> list[str | None]:
    async with company.sessions.begin(SYSTEM) as session:
        entries = (await session.exec(select(OutboxEntry))).all()
    events = [parse(entry.routing_key, entry.body) for entry in entries]
    return [event.trouble for event in events if isinstance(event, ExportFinished)]


async def lease_of(town) -> datetime:
    async with town.sessions.begin(SYSTEM) as session:
        return (await session.exec(select(Export.leased_until))).one()


async def test_k3_a_dead_worker_s_job_begins_anew_and_the_dead_one_changes_nothing(
    town, call_as, exporter, clock
) -> None:
    asked = (await call_as(WAWAN).post(JOBS, {"list": "customers", "format": "csv"})).json()
    async with town.sessions.begin(SYSTEM) as session:
        stale = await jobs.lease(session, LEASE)
    assert stale is not None
    await exporter.step()
    busy = (await call_as(WAWAN).get(f"/api/v1/jobs/{asked['id']}")).json()
    clock.advance(LEASE)
    await exporter.step()
    async with town.sessions.begin(SYSTEM) as session:
        late = await jobs.still_mine(session, stale, rows_done=99)
    done = (await call_as(WAWAN).get(f"/api/v1/jobs/{asked['id']}")).json()

    assert busy["status"] == "running"
    assert not late
    assert (done["status"], done["progress"]["done"]) == ("done", 2)


async def test_k3_two_workers_never_hold_one_job(town, call_as) -> None:
    await call_as(WAWAN).post(JOBS, {"list": "customers", "format": "csv"})
    async with town.sessions.begin(SYSTEM) as one:
        first = await jobs.lease(one, LEASE)
        async with town.sessions.begin(SYSTEM) as two:
            assert await jobs.lease(two, LEASE) is None

    assert first is not None


async def test_k3_a_file_that_takes_longer_to_pack_than_a_lease_is_not_given_away(
    town, call_as, exporter, clock, monkeypatch
) -> None:
    """The writer packs for two leases, and goes on when its worker has renewed each."""
    asked = (await call_as(WAWAN).post(JOBS, {"list": "customers", "format": "xlsx"})).json()
    loop, taken = asyncio.get_running_loop(), []

    async def almost_a_lease() -> None:
        clock.advance(LEASE * 0.9)
        while await lease_of(town) < clock.now() + LEASE:  # each look lets the worker go on
            continue
        async with town.sessions.begin(SYSTEM) as session:
            taken.append(await jobs.lease(session, LEASE))

    class Slow(XlsxWriter):
        def finish(self) -> None:
            for _ in range(2):
                asyncio.run_coroutine_threadsafe(almost_a_lease(), loop).result(timeout=30)
            super().finish()

    monkeypatch.setitem(WRITERS, "xlsx", Slow)
    await replace(exporter, renew_seconds=0.01).step()
    done = (await call_as(WAWAN).get(f"/api/v1/jobs/{asked['id']}")).json()

    assert taken == [None, None]
    assert done["status"] == "done"


async def test_what_fails_again_and_again_ends_and_is_told(town, call_as, exporter, clock) -> None:
    asked = (await call_as(WAWAN).post(JOBS, {"list": "customers", "format": "csv"})).json()
    for _ in range(3):
        async with town.sessions.begin(SYSTEM) as session:
            await jobs.lease(session, LEASE)
        clock.advance(LEASE)
    await exporter.step()
    failed = (await call_as(WAWAN).get(f"/api/v1/jobs/{asked['id']}")).json()

    assert failed["status"] == "failed"
    assert "tiga kali" in failed["trouble"]
    assert await troubles_told(town) == [failed["trouble"]]
