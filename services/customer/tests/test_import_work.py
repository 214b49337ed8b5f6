"""A44: a looked-at spreadsheet is written once, in pieces or whole, and can be taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from customer.domain.imports.life import TRANSITIONS, ImportState, move
from customer.importer import Importer
from shared.database import Sessions
from shared.errors import InvalidTransition
from shared.testing import ADMIN, SARI, WAWAN
from shared.testing.plugin import CallAs

PATH = "/api/v1/imports"
HEAD = "Nama;No. HP;Alamat;Marketing\r\n"
SITI = "Ibu Siti Aminah;0812 3456 7890;Depok;Ibu Sari\r\n"
MAHMUD = "Bapak Mahmud Sulaiman;8561101133;Bogor, Jawa Barat;Bapak Wawan\r\n"
FILE = (HEAD + MAHMUD + SITI).encode()

Made = dict[str, Any]
Make = Callable[..., Awaitable[Made]]
Upload = Callable[..., Awaitable[Made]]
Work = Callable[[], Awaitable[int]]
Published = Callable[[], Awaitable[list[Made]]]


class TestRunning:
    async def test_a44_rows_become_customers_as_if_made_by_hand(
        self, upload: Upload, act: Any, work: Work, people: Any, published: Published
    ) -> None:
        made = await upload(FILE)

        started = await act(made, "run", whole=True)
        await work()

        assert started["state"] == "running"
        found = await people()
        mahmud = found["Bapak Mahmud Sulaiman"]
        assert (mahmud["phone"], mahmud["marketing"]["name"]) == ("+628561101133", "Bapak Wawan")
        assert found["Ibu Siti Aminah"]["marketing"]["name"] == "Ibu Sari"
        events = await published()
        assert [event["type"] for event in events] == ["customer.registered.v1"] * 2

    async def test_p1_the_audit_names_who_ran_it(
        self, upload: Upload, act: Any, work: Work, people: Any, call_as: CallAs
    ) -> None:
        made = await upload(FILE)
        await act(made, "run", whole=True)
        await work()

        siti = (await people())["Ibu Siti Aminah"]
        params = {"object_id": siti["id"]}
        [entry] = (await call_as(ADMIN).get("/internal/audit", params=params)).json()["rows"]
        assert (entry["actor_name"], entry["action"]) == ("Ibu Ratna", "customer.registered")
        params = {"object_id": made["id"]}
        acts = [
            e["action"]
            for e in (await call_as(ADMIN).get("/internal/audit", params=params)).json()["rows"]
        ]
        assert set(acts) == {"import.uploaded", "import.started", "import.done"}

    async def test_i_it_runs_once_however_often_pressed_and_however_many_work(
        self, upload: Upload, act: Any, sessions: Sessions, people: Any, published: Published
    ) -> None:
        made = await upload(FILE)
        pressed = [await act(made, "run", whole=True) for _ in range(3)]
        importer = Importer(sessions, "customer")

        for _ in range(3):
            await importer.step()

        assert [each["state"] for each in pressed] == ["running"] * 3
        assert (await act(made, "run", whole=True))["state"] == "done"
        assert (len(await people()), len(await published())) == (2, 2)

    async def test_a44_the_same_file_twice_changes_nothing(
        self, upload: Upload, act: Any, work: Work, published: Published
    ) -> None:
        await act(await upload(FILE), "run", whole=True)
        await work()

        again = await upload(FILE)

        assert again["rows"] == {"new": 0, "changed": 0, "same": 2, "rejected": 0}
        assert (await act(again, "run", whole=True))["code"] == 409
        assert len(await published()) == 2

    async def test_two_imports_of_one_file_looked_at_before_either_ran_bring_it_once(
        self, upload: Upload, act: Any, work: Work, people: Any, call_as: CallAs
    ) -> None:
        one, two = await upload(FILE), await upload(FILE)
        for each in (one, two):
            await act(each, "run", whole=True)

        await work()

        assert len(await people()) == 2
        late = (await call_as(ADMIN).get(f"{PATH}/{two['id']}")).json()
        assert (late["state"], late["note"][:8]) == ("draft", "Baris 2:")

    async def test_all_or_nothing_writes_nothing_when_a_row_cannot_be_written(
        self, upload: Upload, act: Any, work: Work, people: Any, register: Make, call_as: CallAs
    ) -> None:
        made = await upload(FILE)
        await register(SARI, name="Siti", phone="0812 3456 7890")
        await act(made, "run", whole=True)

        await work()

        assert set(await people()) == {"Siti"}
        now = await act(made, "check")
        assert (now["state"], now["note"]) == ("draft", "")
        assert now["rows"] == {"new": 1, "changed": 1, "same": 0, "rejected": 0}

    async def test_rejected_rows_stop_all_or_nothing_and_are_left_out_otherwise(
        self, upload: Upload, act: Any, work: Work, people: Any
    ) -> None:
        made = await upload((HEAD + SITI + "Rudi;021;Depok;\r\n").encode())

        refused = await act(made, "run", whole=True)
        await act(made, "run", whole=False)
        await work()

        assert (refused["code"], refused["detail"][:7]) == (409, "1 baris")
        assert set(await people()) == {"Ibu Siti Aminah"}

    async def test_r6_a_worker_that_died_is_followed_by_one_that_goes_on(
        self,
        upload: Upload,
        act: Any,
        sessions: Sessions,
        people: Any,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("customer.importer.PIECE", 2)
        rows = "".join(f"Pelanggan {n};0812345678{n:02};Depok;Ibu Sari\r\n" for n in range(5))
        made = await upload((HEAD + rows).encode())
        await act(made, "run", whole=False)

        await Importer(sessions, "customer").step()
        after_one = len(await people())
        others = [Importer(sessions, "customer") for _ in range(4)]
        for other in others:
            await other.step()

        assert (after_one, len(await people())) == (2, 5)


class TestTakingBack:
    async def test_a44_new_customers_are_retired_and_changes_put_back(
        self, upload: Upload, act: Any, work: Work, people: Any, register: Make
    ) -> None:
        await register(WAWAN, address="Ciawi")
        made = await upload(FILE)
        await act(made, "run", whole=True)
        await work()

        await act(made, "undo")
        await work()

        found = await people()
        assert found["Bapak Mahmud Sulaiman"]["address"] == "Ciawi"
        assert found["Ibu Siti Aminah"]["status"] == "inactive"
        again = await upload(FILE)
        assert again["rows"]["changed"] == 2
        await act(again, "run", whole=True)
        await work()
        assert (await people())["Ibu Siti Aminah"]["status"] == "active"

    async def test_nothing_is_taken_back_once_something_depends_on_it(
        self, upload: Upload, act: Any, work: Work, people: Any, offer: Make, book: Make
    ) -> None:
        made = await upload(FILE)
        await act(made, "run", whole=True)
        await work()
        await book((await people())["Ibu Siti Aminah"], await offer(), SARI)

        refused = await act(made, "undo")

        assert (refused["code"], "Ibu Siti Aminah" in refused["detail"]) == (409, True)
        await work()
        assert (await people())["Bapak Mahmud Sulaiman"]["status"] == "active"

    async def test_p3_what_is_forgotten_cannot_be_taken_back(
        self, upload: Upload, act: Any, work: Work, sessions: Sessions, clock: Any
    ) -> None:
        draft = await upload(FILE)
        made = await upload(FILE)
        await act(made, "run", whole=True)
        await work()
        clock.advance(timedelta(days=181))

        await Importer(sessions, "customer").forget_step()

        assert (await act(made, "undo"))["code"] == 409
        assert (await act(draft, "undo"))["code"] == 404

    async def test_a_change_between_the_press_and_the_work_stops_it(
        self, upload: Upload, act: Any, work: Work, people: Any, call_as: CallAs
    ) -> None:
        made = await upload(FILE)
        await act(made, "run", whole=True)
        await work()
        await act(made, "undo")
        siti = (await people())["Ibu Siti Aminah"]
        path = f"/api/v1/customers/{siti['id']}"
        await call_as(ADMIN).patch(path, {"address": "Bekasi"}, version=siti["version"])

        await work()

        now = (await call_as(ADMIN).get(f"{PATH}/{made['id']}")).json()
        assert (now["state"], "Ibu Siti Aminah" in now["note"]) == ("done", True)
        assert (await people())["Bapak Mahmud Sulaiman"]["status"] == "active"


async def test_two_workers_at_once_write_each_row_once(
    upload: Upload, act: Any, sessions: Sessions, published: Published
) -> None:
    made = await upload(FILE)
    await act(made, "run", whole=True)

    await asyncio.gather(*(Importer(sessions, "customer").step() for _ in range(3)))

    assert len(await published()) == 2


@pytest.mark.parametrize("target", ImportState)
@pytest.mark.parametrize("current", ImportState)
def test_s_an_import_takes_only_the_steps_of_its_table(
    current: ImportState, target: ImportState
) -> None:
    if target in TRANSITIONS[current]:
        assert move(current, target) is target
    else:
        with pytest.raises(InvalidTransition):
            move(current, target)
