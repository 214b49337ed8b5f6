"""Rekap cicilan: one customer's statement (documents.md section 5)."""

from __future__ import annotations

from dataclasses import dataclass

from reporting.domain.customer_recap import CustomerRecap
from reporting.domain.facts import PlanFacts
from reporting.domain.papers.base import (
    Addressee,
    Donut,
    Figure,
    Imprint,
    Paper,
    Signature,
    addressee,
    donut,
    seller,
)
from reporting.domain.papers.paying import payable_account
from reporting.domain.papers.schedule import Row, rows
from reporting.domain.spelling import clock_time, grouped, long_day, money, short_day
from shared.clock import business_day


@dataclass(frozen=True, slots=True)
class RowSums:
    """The last line of the schedule."""

    bill: int
    paid: int
    balance: int


@dataclass(frozen=True, kw_only=True)
class CustomerPaper(Paper):
    """The statement of one customer."""

    addressee: Addressee
    facts: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...]
    position: Donut
    contract: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    sums: RowSums
    side: tuple[tuple[str, int], ...]
    next: str
    notes: tuple[str, ...]
    signature: Signature


def customer_paper(recap: CustomerRecap, imprint: Imprint) -> CustomerPaper:
    """Write the statement; every figure is the recap's own."""
    customer, position = recap.dossier.customer, recap.position
    posted = f"{long_day(recap.today)} {clock_time(recap.as_of)}"
    return CustomerPaper(
        template="customer-recap",
        title=f"Rekap pembayaran cicilan {customer.name}",
        description=f"Rekap cicilan {customer.number} per {long_day(recap.today)}",
        created=imprint.created,
        number=imprint.number,
        revision=imprint.shown_revision,
        company=imprint.company,
        subtitle=f"Posisi per {posted}",
        footer=f"{imprint.number} · {customer.name} · posisi per {posted}",
        addressee=addressee("Pelanggan", customer),
        facts=_facts(recap),
        figures=_figures(recap),
        position=donut(
            [
                ("Terbayar", position.paid_idr),
                ("Bulan ini", position.due_this_month_idr),
                ("Sisa", position.remaining_idr),
            ],
            "Posisi cicilan",
        ),
        contract=_contract(recap.dossier.plans),
        rows=rows(recap),
        sums=RowSums(position.billed_idr, position.paid_idr, position.unpaid_idr),
        side=(
            ("Titipan", recap.credit_idr),
            ("Tunggakan", position.overdue_idr),
            ("Menunggu konfirmasi bank", recap.unconfirmed_idr),
        ),
        next=_next(recap),
        notes=_notes(recap),
        proof=imprint.proof,
        signature=imprint.signature("Hormat kami,"),
    )


def _facts(recap: CustomerRecap) -> tuple[tuple[str, str], ...]:
    customer = recap.dossier.customer
    since = long_day(business_day(customer.registered_at))
    return (
        ("No. pelanggan", customer.number),
        ("Marketing", seller(customer)),
        ("Pelanggan sejak", since),
        ("Bagian", "Seluruh kontrak"),
    )


def _figures(recap: CustomerRecap) -> tuple[Figure, ...]:
    position = recap.position
    payments = sum(1 for payment in recap.dossier.payments if payment.live)
    overdue = position.overdue_idr
    return (
        Figure("Total tagihan", money(position.billed_idr), f"{len(_active(recap))} kontrak"),
        Figure("Terbayar", money(position.paid_idr), f"{payments} pembayaran"),
        Figure("Bulan ini", money(position.due_this_month_idr), "belum dibayar"),
        Figure(
            "Sisa",
            money(position.unpaid_idr),
            f"termasuk tunggakan {money(overdue)}" if overdue else "termasuk bulan ini",
            main=True,
        ),
    )


def _active(recap: CustomerRecap) -> list[PlanFacts]:
    return [plan for plan in recap.dossier.plans if any(not line.lapsed for line in plan.lines)]


def _contract(plans: tuple[PlanFacts, ...]) -> tuple[tuple[str, str], ...]:
    if not plans:
        return (("Kontrak", "belum ada"),)
    if len(plans) > 1:
        return tuple((plan.booking_number, _title_and_price(plan)) for plan in plans[:6])
    plan = plans[0]
    first = sum(line.amount_idr for line in plan.lines if line.kind == "down_payment")
    parts = [line for line in plan.lines if line.kind != "down_payment"]
    days = [line.due_on for line in plan.lines]
    return (
        ("Produk", plan.title),
        ("Nomor booking", plan.booking_number),
        ("Nilai", money(_price(plan))),
        ("Uang muka", money(first) if first else ""),
        ("Angsuran", f"{len(parts)} × {money(parts[0].amount_idr)}" if parts else ""),
        ("Masa", f"{short_day(min(days))} sampai {short_day(max(days))}" if days else ""),
    )


def _price(plan: PlanFacts) -> int:
    return sum(line.amount_idr for line in plan.lines if not line.lapsed)


def _title_and_price(plan: PlanFacts) -> str:
    return f"{plan.title}, {money(_price(plan))}"


def _next(recap: CustomerRecap) -> str:
    position = recap.position
    if position.next_due_on is None:
        if position.overdue_idr:
            return f"Tunggakan {money(position.overdue_idr)} menunggu pembayaran Anda."
        return "Tidak ada tagihan yang menunggu pembayaran."
    start = f"Berikutnya: {long_day(position.next_due_on)} sebesar {money(position.next_due_idr)}"
    invoice = recap.next_invoice
    account = payable_account(invoice) if invoice else None
    if account is None or account.number is None:
        return f"{start}; nomor virtual account ada pada tagihannya."
    number = grouped(account.number)
    return f"{start} ke Virtual Account BNI {number} a.n. {account.holder_name}."


def _notes(recap: CustomerRecap) -> tuple[str, ...]:
    seller_name = seller(recap.dossier.customer)
    return (
        "UM: uang muka. Pembayaran yang dibalik dicoret dan tidak dihitung.",
        f"Bila ada perbedaan, hubungi {seller_name} dalam 14 hari.",
    )
