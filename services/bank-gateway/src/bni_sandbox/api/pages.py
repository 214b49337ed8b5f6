"""The payer's page: account number, confirmation, success. Works without script."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import URL

from bni_protocol.fields import BillingType, is_account
from bni_sandbox.api.context import sandbox
from bni_sandbox.api.forms import account_number, rupiah
from bni_sandbox.api.rendering import page
from bni_sandbox.api.simulate import PaymentNotTaken, take
from bni_sandbox.domain.refusal import Refused
from bni_sandbox.handlers import payment as handlers
from bni_sandbox.handlers.payment import Offer
from bni_sandbox.models import Billing, Delivery, Payment
from bni_sandbox.store import billing as store
from bni_sandbox.store import delivery as deliveries
from shared.errors import NotFound

router = APIRouter(include_in_schema=False)
LATE_MS = 5000
RECENT = 4
AMOUNT_TROUBLE, NUMBER_TROUBLE = "011", "006"


@router.get("/")
async def start(request: Request, va: str = "", masalah: str = "") -> HTMLResponse:
    """Ask for an account number."""
    bank, number = sandbox(request), account_number(va)
    billing = None
    async with bank.sessions.begin(bank.principal) as session:
        recent = await store.newest_payments(session, limit=RECENT)
        if is_account(number):
            billing = await store.lock_newest_of_account(session, number)
        if billing is not None:
            billing.touch(session.clock.now())
    facts: dict[str, Any] = {
        "recent": recent,
        "billing": billing,
        "faults": await bank.knobs.read(),
    }
    return page("start.html", request, step=1, va=number, trouble=masalah[:3], **facts)


@router.get("/konfirmasi", response_model=None)
async def confirm(
    request: Request, va: str = "", masalah: str = "", jumlah: str = ""
) -> HTMLResponse | RedirectResponse:
    """Show name and amount before the money goes."""
    bank, number = sandbox(request), account_number(va)
    if not is_account(number):
        return _back(number, NUMBER_TROUBLE)
    try:
        async with bank.sessions.begin(bank.principal) as session:
            billing = await handlers.payable_billing(number, session)
    except Refused as refused:
        return _back(number, refused.status)
    return page(
        "confirm.html",
        request,
        step=2,
        billing=billing,
        faults=await bank.knobs.read(),
        fixed=billing.kind is BillingType.FIXED,
        typed=jumlah[:20] or _proposal(billing),
        trouble=masalah[:3],
    )


@router.post("/bayar")
async def pay(
    request: Request, va: Annotated[str, Form()] = "", amount: Annotated[str, Form()] = ""
) -> RedirectResponse:
    """Send the money; the test PIN is not even read."""
    number, amount_idr = account_number(va), rupiah(amount)
    if not is_account(number):
        return _back(number, NUMBER_TROUBLE)
    if amount_idr is None:
        return _amount_again(number, amount)
    try:
        paid = await take(sandbox(request), Offer(number, amount_idr))
    except PaymentNotTaken as refused:
        if refused.fields["code"] == AMOUNT_TROUBLE:
            return _amount_again(number, amount)
        return _back(number, refused.fields["code"])
    return RedirectResponse(f"/berhasil/{paid.payment_id}", 303)


@router.get("/berhasil/{payment_id}")
async def done(request: Request, payment_id: UUID) -> HTMLResponse:
    """Show that it worked, and what became of each notification of it."""
    bank = sandbox(request)
    async with bank.sessions.begin(bank.principal) as session:
        found = await store.payment_with_billing(session, payment_id)
        sent = await deliveries.of_payments(session, [payment_id])
    if found is None or payment_id not in sent:
        raise NotFound
    payment, billing = found
    first, *repeats = sent[payment_id]
    facts: dict[str, Any] = {
        "payment": payment,
        "billing": billing,
        "faults": await bank.knobs.read(),
        "seconds": _seconds(first, payment),
    }
    return page("done.html", request, step=3, delivery=first, repeats=repeats, **facts)


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


def _seconds(delivery: Delivery, payment: Payment) -> str:
    """Spell how long after the payment the merchant knew; empty while he does not."""
    if delivery.state != deliveries.DELIVERED or delivery.ended_at is None:
        return ""
    elapsed = max((delivery.ended_at - payment.made_at).total_seconds(), 0.1)
    return f"{elapsed:.1f}".replace(".", ",")


def _back(number: str, status: str) -> RedirectResponse:
    return _redirect("/", va=number, masalah=status)


def _amount_again(number: str, typed: str) -> RedirectResponse:
    return _redirect("/konfirmasi", va=number, masalah=AMOUNT_TROUBLE, jumlah=typed[:20])


def _redirect(path: str, **query: str) -> RedirectResponse:
    return RedirectResponse(str(URL(path).include_query_params(**query)), 303)


def _proposal(billing: Billing) -> str:
    """Propose an amount as people type it: what is left, for a billing that has an end."""
    installment = billing.kind is BillingType.INSTALLMENT
    proposed = billing.rest_idr if installment else billing.trx_amount_idr
    return f"{proposed:,}".replace(",", ".") if proposed else ""
