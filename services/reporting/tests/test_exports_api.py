"""Files of lists over HTTP: in scope, equal to the screen, restart-safe, taken back in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from spreadsheets import Book, csv_lines
from sqlmodel import select

from reporting.exporter import LEASE, Exporter
from reporting.store.exports import jobs
from shared.contracts.customer import CustomerReassigned
from shared.contracts.invoicing import InvoiceCancelled
from shared.contracts.reconciliation import PaymentPosted
from shared.contracts.reporting import ExportFinished
from shared.events import parse
from shared.principal import Principal
from shared.tables import AuditEntry, OutboxEntry
from shared.testing import ADMIN, SARI, WAWAN

MAHMUD, SITI, BUDI = "Bapak Mahmud Sulaiman", "Ibu Siti Aminah", "=Budi()"
PRICE = 1_250_000
JOBS = "/api/v1/exports"
SYSTEM = Principal.system("reporting")


@pytest.fixture
async def town(company):
    """Two Marketing, three customers, bills open, paid and void, money known and unknown."""
    await company.tell(
        company.user(WAWAN),
        company.user(SARI),
        company.customer(MAHMUD),
        company.customer(SITI, SARI),
        company.customer(BUDI),
        company.booking("1", MAHMUD, 3 * PRICE),
        company.invoice("000001", MAHMUD, PRICE),
        company.account("000001", MAHMUD, PRICE),
        company.payment("A", MAHMUD, 500_000, {"000001": 500_000}, payer_name="ISTRI MAHMUD"),
        company.invoice("000002", SITI, PRICE),
        company.payment("B", SITI, 1_500_000, {"000002": PRICE}, verification="verified"),
        company.payment("X", None, 70_000, {}, PaymentPosted),
        company.invoice("000003", BUDI, 9_000_000),
        company.invoice("000003", BUDI, 9_000_000, InvoiceCancelled, status="cancelled"),
    )
    return company


@pytest.fixture
def exporter(service) -> Exporter:
    return Exporter(service.sessions, "PT Kavling Pakuan Asri")


@pytest.fixture
def make(call_as, exporter):
    """Ask for a file, let a worker make it, fetch it."""

    async def made(who, list_name, kind="xlsx", **wish):
        asked = await call_as(who).post(JOBS, {"list": list_name, "format": kind, **wish})
        assert asked.status_code == 202, asked.text
        await exporter.step()
        fetched = await call_as(who).get(f"/api/v1/jobs/{asked.json()['id']}/file")
        assert fetched.status_code == 200, fetched.text
        return fetched

    return made


class TestTheJob:
    async def test_it_waits_is_made_and_can_be_fetched(self, town, call_as, exporter) -> None:
        asked = (await call_as(WAWAN).post(JOBS, {"list": "customers", "format": "csv"})).json()
        path = f"/api/v1/jobs/{asked['id']}"
        early = await call_as(WAWAN).get(f"{path}/file")
        await exporter.step()
        done = (await call_as(WAWAN).get(path)).json()
        fetched = await call_as(WAWAN).get(done["file"])

        assert (asked["kind"], asked["status"], asked["file"]) == ("export", "queued", None)
        assert asked["progress"] == {"done": 0, "total": None}
        assert early.status_code == 409
        assert (done["status"], done["progress"]) == ("done", {"done": 2, "total": 2})
        assert done["file_name"] == "Pelanggan_20261123-0900.csv"
        assert 'attachment; filename="Pelanggan' in fetched.headers["content-disposition"]
        assert fetched.headers["cache-control"] == "no-store"
        assert len(fetched.content) == done["size_bytes"]

    async def test_i_the_same_key_is_one_job(self, town, call_as) -> None:
        body = {"list": "invoices", "format": "csv"}
        first = await call_as(WAWAN).post(JOBS, body, key="one-and-the-same")
        again = await call_as(WAWAN).post(JOBS, body, key="one-and-the-same")
        other = await call_as(WAWAN).post(JOBS, body | {"format": "xlsx"}, key="one-and-the-same")

        assert again.json() == first.json()
        assert again.headers["idempotency-replayed"] == "true"
        assert other.status_code == 422
        assert (await call_as(WAWAN).get(JOBS)).json()["total"] == 1

    async def test_b4_one_person_does_not_keep_everybody_waiting(self, town, call_as) -> None:
        body = {"list": "products", "format": "csv"}
        answers = [(await call_as(WAWAN).post(JOBS, body)).status_code for _ in range(6)]

        assert answers == [202] * 5 + [409]
        assert (await call_as(SARI).post(JOBS, body)).status_code == 202

    @pytest.mark.parametrize(
        "body",
        [
            {"list": "users", "format": "csv"},
            {"list": "invoices", "format": "pdf"},
            {"list": "invoices", "format": "csv", "colour": "red"},
            {"list": "invoices", "format": "csv", "status": "lost"},
            {"list": "invoices", "format": "csv", "columns": ["number", "password"]},
            {"list": "invoices", "format": "csv", "columns": ["number", "number"]},
            {"list": "invoices"},
            {},
        ],
    )
    async def test_b1_what_the_list_does_not_have_is_refused(self, town, call_as, body) -> None:
        answer = await call_as(WAWAN).post(JOBS, body)

        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"

    async def test_p3_asking_making_and_fetching_are_in_the_audit_log(
        self, town, make, company
    ) -> None:
        await make(WAWAN, "customers", search="mahmud")

        async with company.sessions.begin(SYSTEM) as session:
            found = (await session.exec(select(AuditEntry).order_by(AuditEntry.id))).all()
        told = [(entry.action, entry.actor_name) for entry in found if "export" in entry.action]
        assert told == [
            ("export.requested", WAWAN.name),
            ("export.finished", "sistem:reporting"),
            ("export.fetched", WAWAN.name),
        ]
        [asked] = [entry for entry in found if entry.action == "export.requested"]
        assert asked.after["filters"] == {"search": "mahmud"}

    async def test_files_are_deleted_when_their_days_are_over(
        self, town, call_as, exporter, clock
    ) -> None:
        asked = (await call_as(WAWAN).post(JOBS, {"list": "customers", "format": "csv"})).json()
        await exporter.step()
        clock.advance(timedelta(days=3))
        gone = await call_as(WAWAN).get(f"/api/v1/jobs/{asked['id']}/file")
        await exporter.clean_step()

        assert gone.status_code == 404
        async with town.sessions.begin(SYSTEM) as session:
            assert await session.get(jobs.Export, asked["id"]) is None
            assert (await session.exec(select(jobs.ExportPiece))).all() == []

    async def test_only_a_big_one_rings_the_bell(
        self, town, call_as, exporter, clock, make
    ) -> None:
        await make(WAWAN, "customers")
        assert await announced(town) == []

        asked = (await call_as(WAWAN).post(JOBS, {"list": "customers", "format": "csv"})).json()
        clock.advance(timedelta(seconds=11))
        await exporter.step()

        [event] = await announced(town)
        assert (str(event.aggregate_id), event.maker_id) == (asked["id"], WAWAN.user_id)
        assert (event.rows, event.trouble) == (2, None)


class TestScope:
    async def test_a2_marketing_gets_his_own_customers_only(self, town, make) -> None:
        his = csv_lines((await make(WAWAN, "customers", "csv")).content)
        all_of_them = csv_lines((await make(ADMIN, "customers", "csv")).content)

        assert not any(SITI in line for line in his)
        assert any(SITI in line for line in all_of_them)

    async def test_a7_another_s_job_and_file_are_not_there(self, town, call_as, exporter) -> None:
        asked = (await call_as(WAWAN).post(JOBS, {"list": "customers", "format": "csv"})).json()
        await exporter.step()
        none = await call_as(SARI).get(f"/api/v1/jobs/{town.id('nothing')}")

        for who in (SARI, ADMIN):
            for path in ("", "/file"):
                answer = await call_as(who).get(f"/api/v1/jobs/{asked['id']}{path}")
                assert answer.status_code == 404
                assert answer.json() | {"instance": ""} == none.json() | {"instance": ""}
            assert (await call_as(who).get(JOBS)).json()["items"] == []

    async def test_a6_a_customer_who_left_is_not_served_from_an_old_file(
        self, town, call_as, exporter
    ) -> None:
        body = {"list": "invoices", "format": "csv"}
        his = (await call_as(WAWAN).post(JOBS, body)).json()["id"]
        hers = (await call_as(SARI).post(JOBS, body)).json()["id"]
        goods = (await call_as(WAWAN).post(JOBS, body | {"list": "products"})).json()["id"]
        for _ in range(3):
            await exporter.step()
        await town.tell(moved(town, MAHMUD, SARI))

        gone = await call_as(WAWAN).get(f"/api/v1/jobs/{his}/file")
        job = (await call_as(WAWAN).get(f"/api/v1/jobs/{his}")).json()
        assert gone.status_code == 409
        assert (job["status"], "berpindah marketing" in job["trouble"]) == ("failed", True)
        assert (await call_as(SARI).get(f"/api/v1/jobs/{hers}/file")).status_code == 200
        assert (await call_as(WAWAN).get(f"/api/v1/jobs/{goods}/file")).status_code == 200
        async with town.sessions.begin(SYSTEM) as session:
            kept = (await session.exec(select(jobs.ExportPiece.export_id))).all()
        assert {str(each) for each in kept} == {hers, goods}

    async def test_a6_a_file_under_way_begins_anew_without_the_customer_who_left(
        self, town, call_as, exporter
    ) -> None:
        body = {"list": "customers", "format": "csv"}
        asked = (await call_as(WAWAN).post(JOBS, body)).json()
        async with town.sessions.begin(SYSTEM) as session:
            await jobs.lease(session, LEASE)
        await town.tell(moved(town, MAHMUD, SARI))
        await exporter.step()
        lines = csv_lines((await call_as(WAWAN).get(f"/api/v1/jobs/{asked['id']}/file")).content)

        assert not any(MAHMUD in line for line in lines)

    async def test_a6_files_go_with_the_rights_of_their_maker(
        self, town, call_as, exporter
    ) -> None:
        await town.tell(town.user(ADMIN))
        asked = (await call_as(ADMIN).post(JOBS, {"list": "customers", "format": "csv"})).json()
        await exporter.step()
        demoted = town.user(ADMIN).model_copy(update={"role": "marketing", "aggregate_version": 9})
        await town.tell(demoted)

        answer = await call_as(ADMIN).get(f"/api/v1/jobs/{asked['id']}")
        assert (answer.json()["status"], answer.json()["file"]) == ("failed", None)


class TestWhatStandsInThem:
    async def test_m10_a_file_adds_up_to_what_the_screen_says(self, town, make, call_as) -> None:
        screen = (await call_as(ADMIN).get("/api/v1/recaps/customers")).json()
        *rows, total = Book((await make(ADMIN, "customers")).content).table()

        assert len(rows) == screen["total"]
        for title, name in (
            ("Total tagihan", "billed_idr"),
            ("Terbayar", "paid_idr"),
            ("Sisa", "outstanding_idr"),
            ("Titipan", "credit_idr"),
        ):
            assert total[title] == screen["totals"][name] == sum(r[title] for r in rows)

    async def test_m6_a_void_bill_is_a_row_and_no_money(self, town, make) -> None:
        *rows, total = Book((await make(ADMIN, "invoices")).content).table()

        assert {row["No. tagihan"][-1]: row["Status"] for row in rows} == {
            "1": "Sebagian lunas",
            "2": "Lunas",
            "3": "Batal",
        }
        assert (total["Jumlah"], total["Dibayar"], total["Sisa"]) == (
            2 * PRICE,
            PRICE + 500_000,
            750_000,
        )
        assert total["Nilai dibatalkan"] == 9_000_000

    async def test_m5_payments_split_into_allocated_and_credit(self, town, make) -> None:
        *rows, total = Book((await make(ADMIN, "payments")).content).table()

        assert total["Jumlah"] == total["Dialokasikan"] + total["Titipan"] == 2_070_000
        assert [row.get("Pelanggan") for row in rows].count(None) == 1
        assert {row["Konfirmasi bank"] for row in rows} == {
            "Menunggu konfirmasi bank",
            "Terkonfirmasi",
        }

    async def test_m5_money_that_was_returned_is_neither_allocated_nor_credit(
        self, town, make
    ) -> None:
        await town.tell(
            town.payment("X", None, 70_000, {}, PaymentPosted, disposed_idr=70_000),
            town.payment("R", SITI, 90_000, {}, PaymentPosted, disposed_idr=40_000),
        )
        total = Book((await make(ADMIN, "payments")).content).table()[-1]

        assert total["Jumlah"] == 2_160_000
        assert total["Dikembalikan atau dihapus"] == 110_000
        assert total["Dialokasikan"] == 500_000 + PRICE
        assert total["Titipan"] == 250_000 + 50_000

    async def test_b6_a_customer_s_name_is_never_a_formula(self, town, make) -> None:
        book = Book((await make(ADMIN, "customers")).content)

        assert "'" + BUDI in [row["Nama"] for row in book.table() if "Nama" in row]

    async def test_the_file_says_what_it_is(self, town, make) -> None:
        wish = {"status": "paid", "marketing_id": str(SARI.user_id), "search": "siti"}
        said = dict(csv_lines((await make(ADMIN, "invoices", "csv", **wish)).content)[:5])

        assert said["Perusahaan"] == "PT Kavling Pakuan Asri"
        assert said["Saringan"] == "status: Lunas; pencarian: “siti”; marketing: Ibu Sari"
        assert said["Data per"] == "23 Nov 2026 09.00 WIB"
        assert said["Dibuat oleh"] == f"{ADMIN.name} (Admin, semua pelanggan)"

    async def test_columns_come_as_they_were_asked_for(self, town, make) -> None:
        columns = ["outstanding_idr", "number", "phone"]
        lines = csv_lines((await make(WAWAN, "invoices", "csv", columns=columns)).content)

        assert lines[6] == ["Sisa", "No. tagihan", "No. HP"]
        assert ["750000", "INV/2026/12/000001", "0856-1101-133"] in lines

    @pytest.mark.parametrize(
        ("list_name", "filters", "found"),
        [
            ("customers", {"view": "overdue"}, 0),
            ("customers", {"search": "0856 110 1133"}, 3),
            ("invoices", {"view": "cancelled"}, 1),
            ("invoices", {"view": "due_soon"}, 0),
            ("invoices", {"overdue": False}, 3),
            ("invoices", {"due_from": "2026-12-11"}, 0),
            ("invoices", {"search": "9888 0312"}, 1),
            ("payments", {"verification": "verified"}, 1),
            ("payments", {"search": "istri"}, 1),
            ("payments", {"from": "2026-11-23", "to": "2026-11-23"}, 3),
            ("payments", {"channel": "cash"}, 0),
            ("bookings", {"status": "confirmed"}, 1),
            ("bookings", {"search": "0856-1101-133"}, 1),
            ("virtual_accounts", {"status": "active"}, 1),
            ("virtual_accounts", {"search": "inv/2026"}, 1),
            ("products", {"active": True}, 0),
            ("marketing_recap", {"from": "2026-01-01", "to": "2026-12-31"}, 2),
            ("payment_recap", {"group": "week"}, 1),
        ],
    )
    async def test_every_list_takes_its_filters(
        self, town, make, call_as, list_name, filters, found
    ) -> None:
        await make(ADMIN, list_name, **filters)
        [job] = (await call_as(ADMIN).get(JOBS)).json()["items"]

        assert job["progress"] == {"done": found, "total": found}

    async def test_the_recap_has_its_customers_on_a_second_sheet(self, town, make) -> None:
        book = Book((await make(ADMIN, "marketing_recap")).content)
        *recap, total = book.table()
        *details, below = book.table(2)

        assert book.sheets == ["Rekap", "Rincian", "Keterangan"]
        assert {row["Marketing"] for row in recap} == {WAWAN.name, SARI.name}
        assert total["Tagihan"] == below["Tagihan"] == sum(row["Tagihan"] for row in details)


async def announced(company) -> list[ExportFinished]:
    async with company.sessions.begin(SYSTEM) as session:
        entries = (await session.exec(select(OutboxEntry))).all()
    events = [parse(entry.routing_key, entry.body) for entry in entries]
    return [event for event in events if isinstance(event, ExportFinished)]


def moved(company, name, to):
    return company.customer(
        name,
        to,
        CustomerReassigned,
        previous_marketing_id=WAWAN.user_id,
        reason="Pindah wilayah",
    )
