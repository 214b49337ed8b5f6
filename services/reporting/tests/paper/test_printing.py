"""The printer: readable, archivable, the same bytes, and confined (B7)."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest

from reporting.domain.papers.base import snapshot
from reporting.domain.papers.customer import customer_paper
from reporting.domain.papers.invoice import Bill, invoice_paper, on_day
from reporting.domain.papers.receipt import Receipt, receipt_paper
from reporting.paper.page import BundledOnly, Press
from reporting.paper.printer import Limits, PaperTooLarge, Printer, PrintingFailed

NUMBER = "INV/2026/12/000003"


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


@pytest.fixture
def bill(sample):
    def made(**more):
        invoice = sample.invoice(**more)
        position = sample.recap(invoice).position
        paper = invoice_paper(Bill(invoice, sample.customer, position), sample.imprint(NUMBER))
        return snapshot(paper)

    return made


class TestContent:
    def test_a_bill_reads_back_with_every_figure(self, press: Press, bill) -> None:
        text = text_of(press.print(bill()))

        for words in (
            "Tagihan",
            NUMBER,
            "Bapak Mahmud Sulaiman",
            "0856-1101-133",
            "10 Desember 2026",
            "Rp1.250.000",
            "satu juta dua ratus lima puluh ribu rupiah",
            "4F7A-2C91",
        ):
            assert words in text.replace("\n", " ")
        assert "9888 0312 3456 7890" in text.replace("\u00a0", " ")

    def test_a_late_bill_says_so(self, press: Press, bill, sample) -> None:
        late = on_day(bill(due_on=sample.today - timedelta(days=12)), sample.today)

        assert "LEWAT JATUH TEMPO 12 HARI" in text_of(press.print(late))

    def test_a_receipt_and_a_statement_print(self, press: Press, sample) -> None:
        paid = sample.invoice(paid=1_250_000)
        payment = sample.payment(6_250_000, {paid: 1_250_000})
        receipt = receipt_paper(
            Receipt(payment, sample.customer, 0), sample.imprint("KW/2026/12/000087"), official=True
        )
        recap = sample.recap(paid, payments=(payment,), plans=(sample.plan(120, 4),))
        statement = customer_paper(recap, sample.imprint("RC/2026/11/000042"))

        kwitansi = text_of(press.print(snapshot(receipt)))
        rekap = pypdf.PdfReader(io.BytesIO(press.print(snapshot(statement))))

        assert "Tempat" in kwitansi
        assert "enam juta dua ratus lima puluh ribu rupiah" in kwitansi
        assert len(rekap.pages) == 4
        assert all("Jatuh tempo" in page.extract_text() for page in rekap.pages[:-1])


class TestArchive:
    async def test_the_same_paper_gives_the_same_bytes(
        self, printer: Printer, press: Press, bill
    ) -> None:
        first, again = press.print(bill()), press.print(bill())
        elsewhere = await printer.print(bill())

        assert first == again == elsewhere


class TestHostileInput:
    @pytest.mark.parametrize(
        "name",
        [
            "<script>alert(1)</script>",
            "{{ 7 * 7 }}{% raw %}",
            "\u202eDUMHAM\u202c",
            "Mahmud \U0001f600 & \"Anak\" 'Cucu'",
            "a\x00b\x0bc\ud800",
            "<img src='http://169.254.169.254/latest'/><style>@import url(//evil)</style>",
        ],
    )
    def test_b7_names_are_text_and_nothing_else(self, press: Press, bill, name: str) -> None:
        paper = bill()
        paper["addressee"]["name"] = name

        text = text_of(press.print(paper))

        assert "49" not in text.split("No. pelanggan", maxsplit=1)[0].split("Kepada")[-1]
        assert "\u202e" not in text

    @pytest.mark.parametrize(
        "url",
        [
            "http://localhost:9/x",
            "file:///etc/passwd",
            "data:text/html,x",
            "ftp://example.com",
            Path("/").as_uri(),
        ],
    )
    def test_b7_only_bundled_assets_are_fetched(self, url: str) -> None:
        with pytest.raises(ValueError):
            BundledOnly().fetch(url)

    def test_b7_a_path_cannot_climb_out_of_the_fonts(self) -> None:
        import reporting.paper

        fonts = (Path(reporting.paper.__file__).parent / "fonts").as_uri()
        with pytest.raises(ValueError):
            BundledOnly().fetch(f"{fonts}/../page.py")


class TestLimits:
    async def test_b7_a_paper_that_takes_too_long_is_killed_and_the_next_one_prints(
        self, bill
    ) -> None:
        printer = Printer(Limits(processes=1, seconds=2))
        try:
            endless = bill()
            endless["notes"] = ["catatan panjang " * 650_000]  # ten megabytes
            with pytest.raises(PaperTooLarge, match="lebih dari 2 detik"):
                await printer.print(endless)

            assert (await printer.print(bill())).startswith(b"%PDF")
        finally:
            await printer.closed()

    async def test_b7_more_pages_than_a_paper_may_have_are_refused(self, bill) -> None:
        printer = Printer(Limits(processes=1, pages=2))
        long = bill()
        long["lines"] = [long["lines"][0]] * 60
        try:
            with pytest.raises(PaperTooLarge, match="lebih dari 2 halaman"):
                await printer.print(long)

            assert (await printer.print(bill())).startswith(b"%PDF")
        finally:
            await printer.closed()

    async def test_b7_an_answer_longer_than_a_paper_may_be_is_not_read(self, bill) -> None:
        printer = Printer(Limits(processes=1, answer_bytes=1_000))
        try:
            with pytest.raises(PaperTooLarge):
                await printer.print(bill())
        finally:
            await printer.closed()

    async def test_b7_memory_is_limited(self, bill) -> None:
        printer = Printer(Limits(processes=1, memory_bytes=320 * 1024 * 1024))
        try:
            greedy = bill()
            greedy["notes"] = ["x" * 60_000_000]
            with pytest.raises(PaperTooLarge, match="memori habis"):
                await printer.print(greedy)
        finally:
            await printer.closed()

    async def test_b7_the_kernel_confines_the_renderer(
        self, printer: Printer, bill, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert (await printer.print(bill())).startswith(b"%PDF")

        assert "less confined" not in caplog.text

    def test_b7_the_renderer_reaches_no_network_file_or_program(self, tmp_path: Path) -> None:
        (tmp_path / "secret").write_text("rahasia")

        tried = subprocess.run(
            [sys.executable, "-c", ATTEMPTS, str(tmp_path / "secret")],
            capture_output=True,
            text=True,
            check=True,
        )

        assert json.loads(tried.stdout) == {
            "socket": "Forbidden",
            "file": "Forbidden",
            "new file": "Forbidden",
            "program": "Forbidden",
            "socket past Python": "Operation not permitted",
            "connection past Python": "Operation not permitted",
            "file past Python": "Permission denied",
            "program past Python": "Operation not permitted",
            "truncation past Python": "Permission denied",
            "signal past Python": "Operation not permitted",
            "signal to a thread past Python": "Operation not permitted",
            "memory of another past Python": "Operation not permitted",
            "memory of another written": "Operation not permitted",
            "file of another past Python": "Operation not permitted",
            "font": "read",
        }

    async def test_a_defect_is_told_by_its_kind_alone_and_the_next_paper_prints(
        self, printer: Printer, bill
    ) -> None:
        broken = bill()
        del broken["words"]

        with pytest.raises(PrintingFailed) as failed:
            await printer.print(broken)

        assert str(failed.value) == "UndefinedError"
        assert (await printer.print(bill())).startswith(b"%PDF")


ATTEMPTS = """
import ctypes, json, os, socket, subprocess, sys
from reporting.paper import confinement, page
secret, font, told = sys.argv[1], page.FOLDER / "fonts" / "OFL.txt", {}
parent = os.getppid()
libc = ctypes.CDLL(None, use_errno=True)
confinement.confine(1 << 30, [page.FOLDER])

def attempt(name, act):
    ctypes.set_errno(0)
    try:
        told[name] = "read" if act() != -1 else os.strerror(ctypes.get_errno())
    except Exception as error:
        told[name] = type(error).__name__

attempt("socket", lambda: socket.create_connection(("127.0.0.1", 9)))
attempt("file", lambda: open(secret).read())
attempt("new file", lambda: open(page.FOLDER / "new", "w"))
attempt("program", lambda: subprocess.run(["true"]))
attempt("socket past Python", lambda: libc.socket(2, 1, 0))
attempt("connection past Python", lambda: libc.connect(0, b"", 0))
attempt("file past Python", lambda: libc.open(secret.encode(), os.O_RDONLY))
attempt("program past Python", lambda: libc.execve(b"/bin/true", None, None))
attempt("truncation past Python", lambda: libc.truncate(secret.encode(), 0))
attempt("signal past Python", lambda: libc.kill(parent, 0))
attempt("signal to a thread past Python", lambda: libc.tgkill(parent, parent, 0))
attempt("memory of another past Python", lambda: libc.process_vm_readv(parent, 0, 0, 0, 0, 0))
attempt("memory of another written", lambda: libc.process_vm_writev(parent, 0, 0, 0, 0, 0))
attempt("file of another past Python", lambda: libc.syscall(438, -1, 0, 0))
attempt("font", lambda: font.read_text())
print(json.dumps(told))
"""
