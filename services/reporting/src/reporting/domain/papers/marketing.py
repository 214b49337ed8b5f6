"""Rekap marketing: what one or all Marketing collected (documents.md section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reporting.domain.marketing import (
    AGES,
    Collection,
    MarketingRecap,
    Totals,
    add_up,
    most_overdue,
)
from reporting.domain.papers.base import Figure, Imprint, Paper, Signer
from reporting.domain.spelling import day_range, long_day, moment, money, percent, phone


@dataclass(frozen=True, slots=True)
class Row:
    """One customer, or one Marketing in the recap of all."""

    no: int
    name: str
    contract: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under one heading with their subtotal."""

    name: str
    rows: tuple[Row, ...]
    subtotal: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Late:
    """One of the largest arrears; ``width`` in percent of the largest."""

    name: str
    contract: str
    phone: str
    amount: int
    days: int
    width: int


@dataclass(frozen=True, kw_only=True)
class MarketingPaper(Paper):
    """The internal recap of a period by customer."""

    filter: str
    notes: str
    figures: tuple[Figure, ...]
    ages: tuple[str, ...]
    sections: tuple[Section, ...]
    sums: tuple[int, ...]
    late: tuple[Late, ...]
    signers: tuple[Signer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What an internal recap says about itself: period, filter, printer."""

    first: date | None
    last: date | None
    today: date
    printed_by: str
    role: str

    @property
    def period(self) -> str:
        if self.first and self.last:
            return day_range(self.first, self.last)
        if self.first:
            return f"sejak {long_day(self.first)}"
        return f"sampai {long_day(self.last)}" if self.last else "seluruh waktu"


def marketing_paper(
    recap: MarketingRecap, circumstances: Circumstances, imprint: Imprint
) -> MarketingPaper:
    """Write the recap; with several Marketing the customers stand under their Marketing."""
    who = recap.rows[0].name if len(recap.rows) == 1 else "Semua marketing"
    period, at = circumstances.period, moment(imprint.at)
    return MarketingPaper(
        template="marketing-recap",
        title=f"Rekap marketing {who}, {period}",
        description=f"Rekap marketing {who} periode {period}",
        created=imprint.created,
        number=imprint.number,
        company=imprint.company,
        subtitle=f"{who} · {period}",
        footer=f"{imprint.number} · data per {at} · dicetak oleh {circumstances.printed_by}",
        filter=f"{who}, jatuh tempo {period}, semua produk, semua status. Data per {at}.",
        notes=(
            "Angka dalam rupiah tanpa sen. Tanda – berarti nol. Umur dihitung dari jatuh tempo "
            "sampai hari ini. Dokumen internal, tidak untuk pelanggan."
        ),
        figures=_figures(recap.totals, recap),
        ages=AGES,
        sections=_sections(recap),
        sums=_numbers(recap.totals),
        late=_late(recap, circumstances.today),
        signers=(
            Signer("Disiapkan", circumstances.printed_by, circumstances.role),
            Signer("Diperiksa", imprint.company.signer_name, imprint.company.signer_role),
        ),
    )


def _figures(totals: Totals, recap: MarketingRecap) -> tuple[Figure, ...]:
    late = sum(1 for c in recap.collections if c.overdue_idr)
    paying = sum(1 for c in recap.collections if c.received_idr)
    return (
        Figure("Pelanggan", str(totals.customers), f"{len(recap.rows)} marketing"),
        Figure("Tagihan periode", money(totals.billed_idr), f"{totals.bills} tagihan dan jadwal"),
        Figure("Dibayar", money(totals.paid_idr), "dari tagihan periode"),
        Figure("Uang masuk", money(totals.received_idr), f"{paying} pelanggan"),
        Figure("Tunggakan", money(totals.overdue_idr), f"{late} pelanggan"),
        Figure("Tingkat tertagih", percent(totals.percent), "dibayar ÷ tagihan periode", main=True),
    )


def _sections(recap: MarketingRecap) -> tuple[Section, ...]:
    several = len(recap.rows) > 1
    groups: dict[str, list[Collection]] = {}
    for collection in recap.collections:
        name = collection.marketing_name if several else collection.product
        groups.setdefault(name or "Belum ada produk", []).append(collection)
    sections: list[Section] = []
    count = 0
    for name in sorted(groups, key=str.casefold):
        rows = []
        for collection in sorted(groups[name], key=lambda c: (c.name.casefold(), c.number)):
            count += 1
            numbers = _numbers(collection)
            rows.append(Row(count, collection.name, collection.contract, numbers))
        sections.append(Section(name, tuple(rows), _numbers(add_up(groups[name]))))
    return tuple(sections)


def _numbers(sums: Totals | Collection) -> tuple[int, ...]:
    return (sums.billed_idr, sums.paid_idr, sums.outstanding_idr, *sums.ages)


def _late(recap: MarketingRecap, today: date) -> tuple[Late, ...]:
    top = most_overdue(recap.collections)
    largest = top[0].overdue_idr if top else 1
    return tuple(
        Late(
            c.name,
            c.contract,
            phone(c.phone),
            c.overdue_idr,
            (today - c.oldest_due_on).days if c.oldest_due_on else 0,
            max(c.overdue_idr * 100 // largest, 1),
        )
        for c in top
    )
