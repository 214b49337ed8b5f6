"""Virtual accounts with their conversation, and the link to the bank."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from dashboard.domain import bank_page
from dashboard.domain.answers.bank import Account, Conversation, Link
from dashboard.domain.answers.payments import Payment, PaymentPage
from dashboard.domain.status import payment as payment_mark
from dashboard.store.services import Reader
from shared.errors import Unavailable

MESSAGES, PAYMENTS = 50, 50


async def show_account(
    reader: Reader, account_id: UUID, given: Mapping[str, str], *, talk: bool
) -> dict[str, Any]:
    """Show an account, the money that came on it and, where allowed, what was said about it."""
    path = f"/virtual-accounts/{account_id}"
    account = await reader.get("bank-gateway", path, Account)
    said = await _conversation(reader, path, given) if talk else None
    following = said.next_cursor if said else None
    here = urlencode({"cursor": given["cursor"]}) if given.get("cursor") else ""
    query = urlencode({"cursor": following or ""})
    return {
        "account": account,
        "mark": bank_page.mark(account),
        "answer": bank_page.answer_of(account),
        "serves": bank_page.MODES.get(account.mode, "tagihan"),
        "payments": [(each, _mark(each)) for each in await _payments(reader, account)],
        "said": [bank_page.said(each) for each in said.items] if said else None,
        "total": said.total if said else 0,
        "to_do": [bank_page.to_do(each) for each in said.work] if said else [],
        "pending": account.status in {"requested", "unknown"} or bool(said and said.work),
        "here": f"{path}?{here}" if here else path,
        "next_address": f"{path}?{query}#percakapan" if following else "",
    }


async def ask_bank(reader: Reader, account_id: UUID) -> None:
    """Have the bank asked about an account; its answer shows in the conversation."""
    path = f"/virtual-accounts/{account_id}/inquire"
    await reader.send("bank-gateway", "POST", path, {}, Account)


async def show_link(reader: Reader) -> dict[str, Any]:
    """Show how the link to the bank is doing."""
    link = await reader.get("bank-gateway", "/bank-link", Link)
    mark, sentence = bank_page.health(link)
    return {
        "link": link,
        "mark": mark,
        "sentence": sentence,
        "protocol": bank_page.PROTOCOLS.get(link.protocol, "lain"),
        "calls": [bank_page.calls_row(each) for each in link.calls],
        "pauses": bank_page.pauses(link),
        "turns": bank_page.turns(link),
        "stale": bank_page.is_stale(link),
    }


async def _conversation(reader: Reader, path: str, given: Mapping[str, str]) -> Conversation:
    cursor = given.get("cursor", "")
    return await reader.get(
        "bank-gateway", f"{path}/exchanges", Conversation, cursor=cursor, limit=MESSAGES
    )


async def _payments(reader: Reader, account: Account) -> list[Payment]:
    """Give the payments of an account; the page stands without them."""
    if account.number is None:
        return []
    try:
        found = await reader.get(
            "reconciliation", "/payments", PaymentPage, search=account.number, limit=PAYMENTS
        )
    except Unavailable:
        return []
    return [each for each in found.items if each.virtual_account == account.number]


def _mark(payment: Payment) -> Any:
    return payment_mark(payment.status, payment.verification)
