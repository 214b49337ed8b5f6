"""``/kendali``: the faults and the records of the simulated bank, for people."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import URL

from bni_protocol.fields import Operation
from bni_sandbox.api.account import book
from bni_sandbox.api.context import Sandbox, sandbox
from bni_sandbox.api.forms import KnobUnreadable, knobs, rupiah, words
from bni_sandbox.api.inputs import searchable
from bni_sandbox.api.rendering import page
from bni_sandbox.domain.faults import SCENARIOS, Faults
from bni_sandbox.domain.statement import LineKind
from bni_sandbox.handlers import account as handlers
from bni_sandbox.handlers import payment
from bni_sandbox.handlers.account import BalanceTooLow, Movement
from bni_sandbox.store import billing as store
from bni_sandbox.store import delivery as deliveries
from bni_sandbox.store import records
from shared.clock import business_day
from shared.errors import Invalid, NotFound

router = APIRouter(prefix="/kendali", include_in_schema=False)
PAYMENTS, REQUESTS, LINES = 50, 100, 50


class AmountUnreadable(Invalid):
    """What was typed is no amount."""

    detail = "Jumlah atau nama belum terbaca. Tidak ada yang dibukukan; tulis rupiah bulat."


@router.get("")
async def faults(request: Request, kabar: str = "") -> HTMLResponse:
    """Show every knob and every scenario."""
    return _knob_page(request, await sandbox(request).knobs.read(), heard=kabar)


@router.post("", response_model=None)
async def set_faults(request: Request) -> HTMLResponse | RedirectResponse:
    """Set all knobs as typed; one wrong field and nothing changes."""
    bank = sandbox(request)
    form = await request.form()
    fields = {name: str(value) for name, value in form.items()}
    try:
        wanted = knobs(fields, [str(each) for each in form.getlist("operations")])
    except KnobUnreadable as error:
        in_force = await bank.knobs.read()
        return _knob_page(request, in_force, typed=fields, wrong=error.name, status=422)
    await bank.knobs.write(wanted)
    return _redirect("/kendali", kabar="gangguan")


@router.post("/skenario")
async def choose_scenario(request: Request, nama: Annotated[str, Form()]) -> RedirectResponse:
    """Put one scenario in place of all faults."""
    if nama not in SCENARIOS:
        raise NotFound
    await sandbox(request).knobs.write(SCENARIOS[nama])
    return _redirect("/kendali", kabar="gangguan")


@router.post("/bersihkan")
async def clear(request: Request) -> RedirectResponse:
    await sandbox(request).knobs.write(Faults())
    return _redirect("/kendali", kabar="bersih")


@router.post("/kosongkan")
async def forget(request: Request, yakin: Annotated[str, Form()] = "") -> RedirectResponse:
    """Empty the bank; only when the box was ticked."""
    if yakin != "ya":
        return _redirect("/kendali")
    bank = sandbox(request)
    async with bank.sessions.begin(bank.principal) as session:
        await records.forget_everything(session)
    return _redirect("/kendali", kabar="kosong")


@router.get("/tagihan")
async def billings(request: Request, cari: str = "", langsung: str = "") -> HTMLResponse:
    bank, search = sandbox(request), searchable(cari)
    async with bank.sessions.begin(bank.principal) as session:
        found = await store.billings(session, search=search)
        for billing in found:
            billing.touch(session.clock.now())
    template = "control-billings.html"
    return _list(template, request, "/tagihan", search, live=langsung, billings=found)


@router.get("/pembayaran")
async def payments(
    request: Request, cari: str = "", langsung: str = "", kabar: str = ""
) -> HTMLResponse:
    bank, search = sandbox(request), searchable(cari)
    async with bank.sessions.begin(bank.principal) as session:
        found = await store.newest_payments(session, search, PAYMENTS)
        sent = await deliveries.of_payments(session, [each.id for each, _ in found])
    facts = {"payments": found, "sent": sent, "heard": kabar}
    template = "control-payments.html"
    return _list(template, request, "/pembayaran", search, live=langsung, **facts)


@router.post("/pembayaran/{payment_id}")
async def send_again(
    request: Request,
    payment_id: UUID,
    kali: Annotated[int, Form(ge=1, le=2)] = 1,
    cari: Annotated[str, Form()] = "",
) -> RedirectResponse:
    """Send the notification of a payment once or twice more."""
    bank = sandbox(request)
    async with bank.sessions.begin(bank.principal) as session:
        queued = await payment.announce_again(payment_id, kali, session)
    if not queued:
        raise NotFound
    kabar = "ganda" if kali > 1 else "kirim"
    return _redirect("/kendali/pembayaran", cari=searchable(cari), kabar=kabar)


@router.get("/permintaan")
async def requests(request: Request, cari: str = "", langsung: str = "") -> HTMLResponse:
    bank, search = sandbox(request), searchable(cari)
    async with bank.sessions.begin(bank.principal) as session:
        found = await records.newest_requests(session, search, REQUESTS)
    template = "control-requests.html"
    return _list(template, request, "/permintaan", search, live=langsung, requests=found)


@router.get("/mutasi")
async def account(request: Request, kabar: str = "") -> HTMLResponse:
    """Show today's movements, and what can be booked or printed."""
    return await _account_page(request, heard=kabar)


@router.post("/mutasi", response_model=None)
async def move(
    request: Request,
    jenis: Annotated[LineKind, Form()],
    jumlah: Annotated[str, Form()] = "",
    nama: Annotated[str, Form()] = "",
    berita: Annotated[str, Form()] = "",
) -> HTMLResponse | RedirectResponse:
    """Book money in or out, as typed."""
    amount_idr = rupiah(jumlah)
    try:
        if amount_idr is None or jenis is LineKind.VIRTUAL_ACCOUNT:
            raise AmountUnreadable
        movement = Movement(
            kind=jenis, amount_idr=amount_idr, party=words(nama), remark=words(berita)
        )
        await book(sandbox(request), movement)
    except (AmountUnreadable, BalanceTooLow) as refused:
        return await _account_page(request, wrong=str(refused), status=422)
    return _redirect("/kendali/mutasi", kabar="buku")


async def _account_page(
    request: Request, *, heard: str = "", wrong: str = "", status: int = 200
) -> HTMLResponse:
    bank: Sandbox = sandbox(request)
    day = business_day(bank.sessions.clock.now())
    async with bank.sessions.begin(bank.principal) as session:
        today = await handlers.statement(
            bank.account, (day, day), Faults(), bank.knobs.chance, session
        )
    facts: dict[str, Any] = {
        "today": today,
        "lines": [*reversed(today.lines)][:LINES],
        "wrong": wrong,
    }
    template = "control-account.html"
    return page(template, request, status=status, tab="/mutasi", heard=heard, **facts)


def _knob_page(
    request: Request,
    in_force: Faults,
    *,
    typed: dict[str, str] | None = None,
    wrong: str = "",
    heard: str = "",
    status: int = 200,
) -> HTMLResponse:
    facts: dict[str, Any] = {
        "faults": in_force,
        "typed": {**_spelled(in_force), **(typed or {})},
        "wrong": wrong,
    }
    operations = [operation.value for operation in Operation]
    return page(
        "control-faults.html",
        request,
        status=status,
        tab="",
        heard=heard,
        operations=operations,
        **facts,
    )


def _spelled(faults: Faults) -> dict[str, str]:
    """Spell the knobs as people type them: rates in percent, nothing where nothing is set."""
    spelled: dict[str, str] = {}
    for name, field in Faults.model_fields.items():
        value = getattr(faults, name)
        if field.annotation is float:
            spelled[name] = f"{value * 100:g}".replace(".", ",")
        else:
            spelled[name] = "" if value is None else str(value)
    return spelled


def _list(
    template: str, request: Request, tab: str, search: str, *, live: str, **facts: Any
) -> HTMLResponse:
    facts = {"heard": "", "search": search, "tab": tab, **facts}
    return page(template, request, live=live == "1", **facts)


def _redirect(path: str, **query: str) -> RedirectResponse:
    return RedirectResponse(str(URL(path).include_query_params(**query)), 303)
