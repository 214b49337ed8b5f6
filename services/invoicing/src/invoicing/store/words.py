"""Bills by words: a door gives ids of what holds them, never the words (ADR-0037)."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import col, select

from invoicing.models import Customer, Invoice, VirtualAccount
from shared.database import Session
from shared.money import amount_sought
from shared.phones import search_digits

IDS_MOST = 2_000
_DIGITS_LEAST = 4


async def found(session: Session, search: str, most: int = IDS_MOST) -> ColumnElement[bool]:
    """Give the condition of bills that hold the words, whose customer does, or whose account.

    Where more than ``most`` of a kind hold them, the rows themselves are read.
    """

    async def held(kind: str, column: Any, words: str) -> Any:
        pattern = f"%{_literal(words.lower())}%"
        asked = select(func.sought(kind, pattern, most + 1))
        ids = list((await session.execute(asked)).scalars())
        return col(column).in_(ids) if len(ids) <= most else _plain(kind, column, words)

    digits = re.sub(r"[\s.-]", "", search)
    places = [
        await held("invoice", Invoice.id, search),
        await held("customer", Invoice.customer_id, search),
    ]
    if digits.lstrip("+").isdecimal() and len(digits) >= _DIGITS_LEAST:
        places.append(await held("account", Invoice.va_owner_id, digits))
        places.append(await held("customer", Invoice.customer_id, search_digits(digits)))
    if (amount := amount_sought(search)) is not None:
        places.append(col(Invoice.total_idr) == amount)
    return or_(*places)


def _plain(kind: str, column: Any, words: str) -> ColumnElement[bool]:
    """Read the rows themselves where the words are everywhere: a page of them is soon full."""
    texts: dict[str, tuple[Any, list[Any]]] = {
        "invoice": (Invoice.id, [Invoice.number, Invoice.title]),
        "customer": (Customer.id, [Customer.name, Customer.number, Customer.phone]),
        "account": (VirtualAccount.va_owner_id, [VirtualAccount.number]),
    }
    key, places = texts[kind]
    holds = or_(*(col(place).icontains(words, autoescape=True) for place in places))
    return holds if kind == "invoice" else col(column).in_(select(key).where(holds))


def _literal(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
