"""The payer's page: account number, confirmation, success. Works without script."""

import re
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from babel.dates import format_datetime
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bni_protocol.fields import BillingType
from bni_sandbox.api.context import Sandbox, sandbox
from bni_sandbox.api.simulate import PaymentNotTaken, take
from bni_sandbox.domain.billing import ACCOUNT_DIGITS, BillingStatus
from bni_sandbox.domain.refusal import Refused
from bni_sandbox.handlers import payment as handlers
from bni_sandbox.handlers.payment import Offer
from bni_sandbox.models import Billing
from bni_sandbox.store import billing as store
from bni_sandbox.store import delivery as deliveries
from shared.clock import WIB
from shared.errors import NotFound
from shared.money import LARGEST_IDR, Rupiah

router = APIRouter(include_in_schema=False)
LATE_MS = 5000
_NOT_DIGITS = re.compile(r"[^0-9]")
_TROUBLE = {
    "100": "lunas",
    "101": "tidak_dikenal",
    "103": "berakhir",
    "011": "jumlah",
}
_KINDS = {
    BillingType.FIXED: "jumlah tetap",
    BillingType.OPEN: "jumlah bebas",
    BillingType.INSTALLMENT: "cicilan",
    BillingType.MINIMUM: "jumlah minimum",
    BillingType.OPEN_MINIMUM: "bebas, ada minimum",
    BillingType.OPEN_MAXIMUM: "bebas, ada maksimum",
}
_STATUS = {
    BillingStatus.ACTIVE: ("Aktif", "success"),
    BillingStatus.SETTLED: ("Lunas", "success"),
    BillingStatus.EXPIRED: ("Kedaluwarsa", "warning"),
    BillingStatus.INACTIVE: ("Ditutup", "warning"),
}


def _when(moment: datetime) -> str:
    return format_datetime(moment.astimezone(WIB), "d MMM y HH.mm.ss 'WIB'", locale="id_ID")


def _until(moment: datetime) -> str:
    return format_datetime(moment.astimezone(WIB), "d MMM y HH.mm 'WIB'", locale="id_ID")


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split()[:2]).upper()


def _grouped(number: str) -> str:
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))


_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters |= {
    "rupiah": lambda amount: str(Rupiah(amount)),
    "when": _when,
    "until": _until,
    "initials": _initials,
    "va": _grouped,
    "kind": lambda billing: _KINDS[billing.kind],
    "status": lambda billing: _STATUS[BillingStatus(billing.status)],
}


@router.get("/")
async def start(request: Request, va: str = "", masalah: str = "") -> HTMLResponse:
    """Ask for an account number."""
    bank = sandbox(request)
    async with bank.sessions.begin(bank.principal) as session:
        recent = await store.newest_payments(session, limit=3)
        billing = await store.lock_newest_of_account(session, _digits(va))
    facts = {"recent": recent, "billing": billing, "faults": await bank.knobs.read()}
    return _page("start.html", 1, request, va=_digits(va), trouble=masalah, **facts)


@router.get("/konfirmasi")
async def confirm(request: Request, va: str = "", masalah: str = "") -> Any:
    """Show name and amount before the money goes."""
    bank = sandbox(request)
    number = _digits(va)
    try:
        async with bank.sessions.begin(bank.principal) as session:
            billing = await handlers.payable_billing(number, session)
    except Refused as refused:
        return _back(number, refused.status)
    return _page(
        "confirm.html",
        2,
        request,
        billing=billing,
        faults=await bank.knobs.read(),
        fixed=billing.kind is BillingType.FIXED,
        proposed_idr=_proposal(billing),
        trouble=masalah,
    )


@router.post("/bayar")
async def pay(
    request: Request, va: Annotated[str, Form()], amount: Annotated[str, Form()]
) -> RedirectResponse:
    """Send the money; the test PIN is not even read."""
    number, amount_idr = _digits(va), min(int(_digits(amount) or "0"), LARGEST_IDR)
    try:
        paid = await take(sandbox(request), Offer(number, amount_idr))
    except PaymentNotTaken as refused:
        if refused.fields["code"] == "011":
            return RedirectResponse(f"/konfirmasi?va={number}&masalah=jumlah", 303)
        return _back(number, refused.fields["code"])
    return RedirectResponse(f"/berhasil/{paid.payment_id}", 303)


@router.get("/berhasil/{payment_id}")
async def done(request: Request, payment_id: UUID) -> HTMLResponse:
    """Show that it worked, and whether the merchant already knows."""
    bank = sandbox(request)
    async with bank.sessions.begin(bank.principal) as session:
        found = await store.payment_with_billing(session, payment_id)
        delivery = await deliveries.first_of(session, payment_id)
    faults = await bank.knobs.read()
    if found is None or delivery is None:
        raise NotFound
    payment, billing = found
    seconds = ""
    if delivery.state == deliveries.DELIVERED and delivery.ended_at is not None:
        elapsed = max((delivery.ended_at - payment.made_at).total_seconds(), 0.1)
        seconds = f"{elapsed:.1f}".replace(".", ",")
    facts = {"payment": payment, "billing": billing, "faults": faults, "seconds": seconds}
    return _page("done.html", 3, request, **facts)


@router.post("/gangguan")
async def choose_faults(
    request: Request,
    ganda: Annotated[str, Form()] = "",
    terlambat: Annotated[str, Form()] = "",
    hilang: Annotated[str, Form()] = "",
) -> RedirectResponse:
    """Switch the three faults of the page; the others stay as they are."""
    bank = sandbox(request)
    chosen = {
        "duplicate": 1.0 if ganda else 0.0,
        "delay_ms": LATE_MS if terlambat else 0,
        "drop": 1.0 if hilang else 0.0,
    }
    faults = await bank.knobs.read()
    await bank.knobs.write(faults.model_copy(update=chosen))
    return RedirectResponse("/", 303)


def _page(template: str, step: int, request: Request, **facts: Any) -> HTMLResponse:
    bank: Sandbox = sandbox(request)
    page = _templates.get_template(template)
    text = page.render(step=step, merchant=bank.merchant_name, **facts)
    return HTMLResponse(text, headers={"Cache-Control": "no-store"})


def _back(number: str, status: str) -> RedirectResponse:
    return RedirectResponse(f"/?va={number}&masalah={_TROUBLE.get(status, 'lain')}", 303)


def _digits(text: str) -> str:
    return _NOT_DIGITS.sub("", text)[:ACCOUNT_DIGITS]


def _proposal(billing: Billing) -> int:
    """Propose an amount: what is left, for a billing that has an end."""
    if billing.kind is BillingType.INSTALLMENT:
        return billing.rest_idr
    return billing.trx_amount_idr
