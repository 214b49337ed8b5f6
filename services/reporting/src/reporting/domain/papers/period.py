"""Rekap periode: what opened, moved and closed the books of a period (documents.md section 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.domain.corrections import BILL, PAYMENT, Correction
from reporting.domain.marketing import AGES
from reporting.domain.papers.base import Band, Figure, Imprint, Paper, Signer
from reporting.domain.papers.marketing import Circumstances
from reporting.domain.papers.receipt import CHANNELS
from reporting.domain.period import Balance, Group, PeriodRecap, Piece
from reporting.domain.share import shares
from reporting.domain.spelling import (
    day_in_year,
    day_range,
    figure,
    moment,
    money,
    percent,
    short_day,
    short_month,
)

_CHART_WIDTH = 720
_CHART_HEIGHT = 90


@dataclass(frozen=True, slots=True)
class TieLine:
    """One line of the closing sum; ``sign`` stands before it."""

    sign: str
    label: str
    amount: int
    result: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A small table of text; ``last`` is its sum, or empty."""

    kind: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    last: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tick:
    """A name under the chart; its place in tenths of a millimetre is fixed by the template."""

    text: str
    x: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Two sets of bars as SVG paths, in a box of 720 x 118."""

    alt: str
    expected: str
    received: str
    ticks: tuple[Tick, ...]
    note: str


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """One bill or payment that was taken back."""

    day: str
    number: str
    customer: str
    text: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class PeriodPaper(Paper):
    """The internal recap of a period."""

    filter: str
    tie: tuple[TieLine, ...]
    tie_word: str
    tie_text: str
    explained: bool
    figures: tuple[Figure, ...]
    chart_title: str
    chart: Chart
    tables: tuple[tuple[str, Table], ...]
    corrections: tuple[CorrectionRow, ...]
    signers: tuple[Signer, ...]
    notes: str


def period_paper(recap: PeriodRecap, circumstances: Circumstances, imprint: Imprint) -> PeriodPaper:
    """Write the recap; it stays SEMENTARA until a period can be closed."""
    period, at = day_range(recap.span.first, recap.span.last), moment(imprint.at)
    owner = recap.owners[0].name if len(recap.owners) == 1 else "Semua marketing"
    return PeriodPaper(
        template="period-recap",
        title=f"Rekap periode {period}",
        description=f"Rekap periode {period}",
        created=imprint.created,
        number=imprint.number,
        company=imprint.company,
        subtitle=period,
        footer=f"{imprint.number} · data per {at} · dicetak oleh {circumstances.printed_by}",
        band=Band("temp", "SEMENTARA", f"periode belum ditutup; data per {at}"),
        filter=f"{owner}, semua produk, semua saluran. Tanggal bank {period}.",
        tie=_tie(recap),
        tie_word="Cocok" if recap.explained else "Selisih",
        tie_text=_tie_text(recap),
        explained=recap.explained,
        figures=_figures(recap),
        chart_title=f"Jatuh tempo dan diterima per {_GROUPS[recap.span.group]}",
        chart=_chart(recap.pieces, recap.span.group),
        tables=(
            ("Per marketing", _owners(recap)),
            ("Per saluran", _channels(recap)),
            ("Umur piutang akhir periode", _ages(recap)),
            ("Titipan dan uang belum dikenali", _other(recap)),
        ),
        corrections=tuple(_correction(each) for each in recap.corrections),
        signers=(
            Signer("Disiapkan", circumstances.printed_by, circumstances.role),
            Signer("Diperiksa", imprint.company.signer_name, imprint.company.signer_role),
        ),
        notes=(
            "Angka tabel dalam rupiah tanpa sen; tanda – berarti nol. Tanggal terima adalah "
            "tanggal bank. Pembayaran yang dibalik tidak dihitung."
        ),
    )


_TAKEN_BACK = {BILL: "Tagihan dibatalkan", PAYMENT: "Pembayaran dibalik, tidak lagi dihitung"}


def _correction(correction: Correction) -> CorrectionRow:
    text = ": ".join(part for part in (_TAKEN_BACK[correction.kind], correction.reason) if part)
    name = correction.customer or "Belum dikenali"
    day = day_in_year(correction.on)
    return CorrectionRow(day, correction.number, name, text, correction.amount_idr)


_GROUPS = {Group.DAY: "hari", Group.WEEK: "minggu", Group.MONTH: "bulan"}


def _tie(recap: PeriodRecap) -> tuple[TieLine, ...]:
    return (
        TieLine("", f"Saldo awal {day_in_year(recap.span.first)}", recap.opening_idr),
        TieLine("+", "Tagihan terbit", recap.billed_idr),
        TieLine("−", "Pembayaran dialokasikan", recap.allocated_idr),
        TieLine("−", "Tagihan dibatalkan", recap.cancelled_idr),
        TieLine("=", f"Saldo akhir {day_in_year(recap.span.last)}", recap.closing_idr, result=True),
    )


def _tie_text(recap: PeriodRecap) -> str:
    listed = sum(recap.open_idr)
    if recap.explained:
        return f"dengan jumlah tagihan terbuka {money(listed)}."
    return f"Jumlah tagihan terbuka {money(listed)}; periksa sebelum dipakai."


def _figures(recap: PeriodRecap) -> tuple[Figure, ...]:
    customers = sum(owner.customers for owner in recap.owners)
    return (
        Figure("Tagihan terbit", money(recap.billed_idr), f"{recap.invoices} tagihan"),
        Figure("Diterima", money(recap.received_idr), f"{recap.payments} pembayaran"),
        Figure("Tingkat tertagih", percent(recap.percent), "diterima ÷ tagihan terbit"),
        Figure("Piutang akhir", money(recap.closing_idr), f"{customers} pelanggan", main=True),
    )


def _chart(pieces: Sequence[Piece], group: Group) -> Chart:
    peak = max(pieces, key=lambda piece: piece.received_idr)
    highest = max([1, *(max(piece.expected_idr, piece.received_idr) for piece in pieces)])
    step = _CHART_WIDTH * 10 // len(pieces)
    every = -(-len(pieces) // 31)
    when = short_month(peak.start) if group is Group.MONTH else short_day(peak.start)
    if group is Group.WEEK:
        when = f"minggu mulai {when}"
    received = f"Puncak {money(peak.received_idr)} pada {when}"
    return Chart(
        alt=f"Batang per {_GROUPS[group]}: jatuh tempo dan uang diterima",
        expected=_bars([p.expected_idr for p in pieces], highest, (step, 65)),
        received=_bars([p.received_idr for p in pieces], highest, (step, 35)),
        ticks=tuple(
            Tick(_tick(piece, group), _tenths(index * step + step // 2))
            for index, piece in enumerate(pieces)
            if index % every == 0
        ),
        note=received if peak.received_idr else "Belum ada uang masuk",
    )


def _bars(amounts: Sequence[int], highest: int, shape: tuple[int, int]) -> str:
    """Draw bars; ``shape`` is the step in tenths and the width in percent of it."""
    step, part = shape
    width = step * part // 100
    bars = []
    for index, amount in enumerate(amounts):
        height = amount * _CHART_HEIGHT * 10 // highest
        left = index * step + (step - width) // 2
        if height:
            top = _tenths(1000 - height)
            bars.append(f"M{_tenths(left)} 100V{top}h{_tenths(width)}V100z")
    return "".join(bars) or "M0 100z"


def _tenths(value: int) -> str:
    return f"{value // 10}.{value % 10}"


def _tick(piece: Piece, group: Group) -> str:
    if group is Group.MONTH:
        return short_month(piece.start).partition(" ")[0]
    return str(piece.start.day) if group is Group.DAY else f"{piece.start.day}/{piece.start.month}"


def _owners(recap: PeriodRecap) -> Table:
    head = ("Marketing", "Pelanggan", "Tagihan", "Diterima", "Tertagih", "Piutang akhir")
    rows = tuple(
        (
            owner.name,
            str(owner.customers),
            figure(owner.billed_idr),
            figure(owner.received_idr),
            percent(owner.percent),
            figure(owner.closing_idr),
        )
        for owner in recap.owners
    )
    last = (
        "Jumlah",
        str(sum(owner.customers for owner in recap.owners)),
        figure(recap.billed_idr),
        figure(recap.received_idr),
        percent(recap.percent),
        figure(recap.closing_idr),
    )
    return Table("p5", head, rows, last)


def _channels(recap: PeriodRecap) -> Table:
    rows = tuple(
        (
            CHANNELS.get(row.channel, row.channel),
            str(row.payments),
            figure(row.received_idr),
            percent(row.percent),
        )
        for row in recap.channels
    )
    whole = percent(1000) if recap.received_idr else percent(0)
    last = ("Jumlah", str(recap.payments), figure(recap.received_idr), whole)
    return Table("p4", ("Saluran", "Transaksi", "Diterima", "Bagian"), rows, last)


def _ages(recap: PeriodRecap) -> Table:
    head = ("", "Belum jatuh tempo", *(f"{age} hari" for age in AGES))
    amounts = ("Jumlah", *(figure(amount) for amount in recap.open_idr))
    parts = ("Bagian", *(percent(share) for share in shares(list(recap.open_idr))))
    return Table("p5", head, (amounts, parts))


def _other(recap: PeriodRecap) -> Table:
    head = ("Pos", "Saldo awal", "Masuk", "Keluar", "Saldo akhir")
    rows = (
        _balance("Titipan pelanggan", recap.credit),
        _balance("Uang belum dikenali", recap.suspense),
    )
    return Table("p5", head, rows)


def _balance(name: str, balance: Balance) -> tuple[str, ...]:
    amounts = (balance.opening_idr, balance.added_idr, balance.removed_idr, balance.closing_idr)
    return (name, *(figure(amount) for amount in amounts))
