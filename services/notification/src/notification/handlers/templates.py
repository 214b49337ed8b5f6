"""The words of messages: saving, bringing back, and looking at them with real data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid5

from notification.domain.message import Bill, Letterhead, Proof
from notification.domain.template import (
    DEFAULTS,
    Language,
    Purpose,
    TemplateNotFound,
    check,
    fill,
)
from notification.models import MessageTemplate
from notification.store import copies, templates
from shared import audit
from shared.clock import business_day
from shared.database import Session
from shared.errors import VersionStale
from shared.money import Rupiah

_NAMESPACE = UUID("6f0f6a43-6b4d-4c8e-9d55-7a1f0a6f2a11")
_AWAY = {Purpose.REMINDER_BEFORE: 3, Purpose.REMINDER_AFTER: -3}


@dataclass(frozen=True, slots=True)
class Words:
    """The words in use, and what WhatsApp approved them as."""

    body: str
    whatsapp_name: str | None = None


async def words_of(session: Session, purpose: Purpose, language: Language) -> Words:
    """Give the words that are used for a purpose."""
    saved = await templates.versions(session, purpose, language)
    if not saved:
        return Words(DEFAULTS[purpose, language])
    return Words(saved[0].body, saved[0].whatsapp_name)


async def save(
    session: Session,
    purpose: Purpose,
    language: Language,
    body: str,
    *,
    whatsapp_name: str | None,
    version: int,
) -> MessageTemplate:
    """Save new words, unless they cannot be filled or were changed meanwhile (K4).

    Raises:
        Invalid: a variable is not known or missing, a brace is alone, the length is wrong.
        VersionStale: somebody else was faster.
    """
    words = check(purpose, body)
    return await _add(session, purpose, language, version, (words, whatsapp_name, None))


async def restore(
    session: Session, purpose: Purpose, language: Language, wanted: int, *, version: int
) -> MessageTemplate:
    """Bring an earlier version back as the newest; 0 is what was built in.

    Raises:
        TemplateNotFound: there was no such version.
        VersionStale: somebody else was faster.
    """
    saved = await templates.versions(session, purpose, language)
    old: tuple[str, str | None]
    if wanted == 0:
        old = (DEFAULTS[purpose, language], None)
    else:
        found = next((row for row in saved if row.version == wanted), None)
        if found is None:
            raise TemplateNotFound
        old = (found.body, found.whatsapp_name)
    return await _add(session, purpose, language, version, (*old, wanted))


async def _add(
    session: Session,
    purpose: Purpose,
    language: Language,
    version: int,
    words: tuple[str, str | None, int | None],
) -> MessageTemplate:
    saved = await templates.versions(session, purpose, language)
    present = saved[0].version if saved else 0
    if present != version:
        raise VersionStale(version=present)
    body, whatsapp_name, restores = words
    template = MessageTemplate(
        purpose=purpose,
        language=language,
        version=version + 1,
        body=body,
        whatsapp_name=whatsapp_name,
        restores=restores,
        changed_by_id=session.principal.user_id,
        changed_by_name=session.principal.name,
        changed_at=session.clock.now(),
    )
    if not await templates.add(session, template):
        raise VersionStale(version=version + 1)
    audit.record(
        session,
        action="message_template.saved" if restores is None else "message_template.restored",
        object_type="message_template",
        object_id=uuid5(_NAMESPACE, f"{purpose}/{language}"),
        before={"body": saved[0].body if saved else DEFAULTS[purpose, language]},
        after={"body": body, "version": version + 1, "restores": restores},
    )
    return template


async def preview(
    session: Session, letterhead: Letterhead, purpose: Purpose, language: Language, body: str
) -> str:
    """Fill words that are not saved with the newest real bill or payment of the reader.

    Raises:
        Invalid: they could not be saved either.
    """
    words = check(purpose, body)
    if purpose is Purpose.RECEIPT:
        return fill(words, (await _proof(session, letterhead)).values(language))
    bill = await _bill(session, letterhead)
    today = bill.due_on - timedelta(days=_AWAY.get(purpose, 0))
    return fill(words, bill.values(language, today))


async def _bill(session: Session, letterhead: Letterhead) -> Bill:
    found = await templates.newest_bill(session)
    if found is None:
        return _example(session, letterhead)
    invoice, customer = found
    account = await copies.find_active_account(session, invoice)
    paper = await copies.find_document(session, "invoice", invoice.id)
    return Bill(
        customer_name=customer.name,
        number=invoice.number,
        about=invoice.about,
        amount=Rupiah(invoice.total_idr - invoice.paid_idr),
        due_on=invoice.due_on,
        virtual_account=(account and account.number) or _ACCOUNT,
        holder_name=account.holder_name if account else customer.name,
        amount_typed=invoice.va_mode != "invoice",
        link=letterhead.link(paper.link_path if paper else _PATH),
        signature=letterhead.signature(customer.marketing_name),
    )


async def _proof(session: Session, letterhead: Letterhead) -> Proof:
    found = await templates.newest_payment(session)
    if found is None:
        bill = _example(session, letterhead)
        name, amount, day = bill.customer_name, bill.amount, bill.due_on
        numbers, verified, signature, path = bill.number, True, bill.signature, _PATH
    else:
        payment, customer = found
        paper = await copies.find_document(session, "receipt", payment.id)
        name, amount = customer.name, Rupiah(payment.amount_idr)
        day, numbers = business_day(payment.paid_at), payment.invoice_numbers
        verified, path = payment.verification == "verified", paper.link_path if paper else _PATH
        signature = letterhead.signature(customer.marketing_name)
    return Proof(
        customer_name=name,
        amount=amount,
        paid_on=day,
        invoice_numbers=numbers,
        verified=verified,
        link=letterhead.link(path),
        signature=signature,
    )


_ACCOUNT, _PATH = "8810000000000000", "/d/contoh"


def _example(session: Session, letterhead: Letterhead) -> Bill:
    """Stand in where there is no real bill yet."""
    return Bill(
        customer_name="Nama Pelanggan",
        number="INV/2026/01/000001",
        about="Nama Produk (Angsuran 1 dari 12)",
        amount=Rupiah(1_250_000),
        due_on=session.clock.today() + timedelta(days=3),
        virtual_account=_ACCOUNT,
        holder_name="Nama Pelanggan",
        link=letterhead.link(_PATH),
        signature=letterhead.signature("Nama Marketing"),
    )
