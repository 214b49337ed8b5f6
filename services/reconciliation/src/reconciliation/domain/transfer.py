"""Money of nobody known, and the customers whose it may be, as far as they are compared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from reconciliation.domain.allocation import OpenInvoice
from reconciliation.domain.names import said_words
from shared.money import Rupiah

_RUN = re.compile(r"[0-9]+")
_CHAIN = re.compile(r"[0-9]+(?:[^0-9A-Za-z][0-9]+)+")
_SENDER_DIGITS, _SENDER_LETTERS = 9, 5
"""Digits that the account of a sender has at least, and letters that his name has."""


@dataclass(frozen=True, slots=True)
class Bill:
    """An open invoice with the number that people know it by."""

    number: str
    invoice: OpenInvoice

    @property
    def id(self) -> UUID:
        return self.invoice.id

    @property
    def due_on(self) -> date:
        return self.invoice.due_on

    @property
    def outstanding(self) -> Rupiah:
        return self.invoice.outstanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Money of nobody known, with everything that the bank printed beside it.

    Attributes:
        own_account: the account that it came to; its number says nothing about the sender.
        bills_alike: how many open bills of all customers need exactly this amount.
        taken_back: customers to whom it was matched before, and the match was undone.
    """

    amount: Rupiah
    day: date
    text: str
    own_account: str = ""
    bills_alike: int = 0
    taken_back: frozenset[UUID] = frozenset()

    @property
    def numbers(self) -> frozenset[str]:
        """The runs of digits in the text, also joined over a separator; not what is ours."""
        ours = {self.own_account, str(self.amount.amount)}
        said = _RUN.sub(lambda run: "x" if run[0] in ours else run[0], self.text)
        chains = ("".join(_RUN.findall(chain)) for chain in _CHAIN.findall(said))
        return frozenset({*_RUN.findall(said), *chains})

    def is_from_sender_of(self, other: Transfer) -> bool:
        """Tell whether both name the same account, or the same words and no others."""
        accounts = {number for number in self.numbers if len(number) >= _SENDER_DIGITS}
        if accounts & other.numbers:
            return True
        words = set(said_words(self.text))
        return sum(map(len, words)) >= _SENDER_LETTERS and words == set(said_words(other.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A customer whose money it may be.

    Attributes:
        bills: what he owes, in any order.
        usual: the totals of all his bills, paid ones too.
        accounts: the numbers of his virtual accounts.
    """

    id: UUID
    name: str
    number: str = ""
    phone: str = ""
    bills: Sequence[Bill] = ()
    usual: Sequence[Rupiah] = ()
    accounts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Earlier:
    """A transfer that a person matched to a customer, and nobody took back."""

    customer_id: UUID
    transfer: Transfer


def in_order(bills: Sequence[Bill]) -> list[Bill]:
    """Sort bills as the rule pays them: oldest due first."""
    return sorted(bills, key=lambda bill: (bill.due_on, bill.id))
